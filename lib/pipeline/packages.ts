import fs from 'node:fs';
import path from 'node:path';
import { byCodeUnit, canonicalJson, sha256 } from './canonical.ts';

interface LockedPackage {
  readonly version?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/**
 * What is installed, as npm wrote it down in node_modules/.package-lock.json; where another installer
 * was used, as the packages' own package.json files say (versions without integrity).
 */
export class InstalledPackages {
  readonly #root: string;
  #locked: Readonly<Record<string, LockedPackage>> | undefined;

  constructor(root: string) {
    this.#root = root;
  }

  /** The version of a package that the project itself imports; undefined if it is not there. */
  version(name: string): string | undefined {
    return this.#entry(`node_modules/${name}`)?.version;
  }

  /**
   * One text that moves when the package, or anything that it depends on, is another:
   * `21.2.0 sha256:...` over name, version and integrity of the whole closure.
   */
  identity(name: string): string {
    const closure = new Map<string, string>();
    this.#collect(name, '', closure);
    const parts = [...closure].sort(([a], [b]) => byCodeUnit(a, b));
    return `${this.version(name) ?? 'absent'} sha256:${sha256(canonicalJson(parts)).slice(0, 16)}`;
  }

  #collect(name: string, from: string, closure: Map<string, string>): void {
    const place = this.#resolve(name, from);
    if (place === undefined || closure.has(place)) return;
    const entry = this.#entry(place);
    if (entry === undefined) return;
    closure.set(place, `${entry.version ?? ''} ${entry.integrity ?? ''}`);
    for (const dependency of Object.keys({ ...entry.dependencies, ...entry.peerDependencies })) {
      this.#collect(dependency, place, closure);
    }
  }

  /** As Node resolves: the nearest node_modules folder from the importer upwards. */
  #resolve(name: string, from: string): string | undefined {
    for (let folder = from; ;) {
      const place = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
      if (this.#entry(place) !== undefined) return place;
      if (folder === '') return undefined;
      folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1));
    }
  }

  #entry(place: string): LockedPackage | undefined {
    this.#locked ??= this.#readLock();
    const locked = this.#locked[place];
    if (locked !== undefined || Object.keys(this.#locked).length > 0) return locked;
    try {
      const file = path.join(this.#root, place, 'package.json');
      return JSON.parse(fs.readFileSync(file, 'utf8')) as LockedPackage;
    } catch {
      return undefined;
    }
  }

  #readLock(): Readonly<Record<string, LockedPackage>> {
    try {
      const file = path.join(this.#root, 'node_modules', '.package-lock.json');
      const lock = JSON.parse(fs.readFileSync(file, 'utf8')) as {
        packages?: Record<string, LockedPackage>;
      };
      return lock.packages ?? {};
    } catch {
      return {};
    }
  }
}
