import { execFile, spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { linkPackages, temporaryFolder } from './toy.ts';

const projectRoot = path.resolve(import.meta.dirname, '../..');

export interface Said {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A copy of the project that a test may edit, driven by its real command line. */
export class Project {
  readonly root: string;

  constructor() {
    this.root = temporaryFolder();
    linkPackages(this.root);
    for (const name of [
      'bin',
      'lib',
      'stages',
      'experiments',
      'package.json',
      'tsconfig.json',
      'pipeline.yaml',
    ]) {
      fs.cpSync(path.join(projectRoot, name), path.join(this.root, name), { recursive: true });
    }
  }

  /** Runs `emotion WORDS` and waits for its end. */
  emotion(words: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Said> {
    return this.#run(process.execPath, [this.#program, ...words], this.root, environment);
  }

  /** Runs `npm WORDS` in a folder of the project and waits for its end. */
  npm(words: readonly string[], folder = this.root): Promise<Said> {
    return this.#run('npm', words, folder, { npm_config_update_notifier: 'false' });
  }

  /** Runs `emotion WORDS` on a terminal, which Linux's script(1) makes, and waits for its end. */
  onTerminal(words: readonly string[]): Promise<Said> {
    const line = [process.execPath, this.#program, ...words].join(' ');
    const environment = { NO_COLOR: '', FORCE_COLOR: undefined, TERM: 'xterm' };
    return this.#run('script', ['-qec', line, '/dev/null'], this.root, environment);
  }

  start(words: readonly string[], environment: NodeJS.ProcessEnv = {}): ChildProcess {
    return spawn(process.execPath, [this.#program, ...words], {
      cwd: this.root,
      env: this.#environment(environment),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** The instances that a run executed, by `--json`. */
  async executed(
    words: readonly string[],
    environment: NodeJS.ProcessEnv = {},
  ): Promise<readonly string[]> {
    const said = await this.emotion([...words, '--json'], environment);
    if (said.status !== 0) throw new Error(`status ${said.status}\n${said.stdout}\n${said.stderr}`);
    const { instances } = JSON.parse(said.stdout) as {
      instances: { instance: string; result: string }[];
    };
    return instances.filter(({ result }) => result === 'ran').map(({ instance }) => instance);
  }

  edit(name: string, change: (text: string) => string): void {
    const file = path.join(this.root, name);
    const before = fs.readFileSync(file, 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`the edit of ${name} changed nothing`);
    fs.writeFileSync(file, after);
  }

  write(name: string, content: string | Uint8Array): string {
    const file = path.join(this.root, name);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, content);
    return file;
  }

  get #program(): string {
    return path.join(this.root, 'bin/emotion.cjs');
  }

  #run(
    file: string,
    words: readonly string[],
    folder: string,
    environment: NodeJS.ProcessEnv,
  ): Promise<Said> {
    const options = {
      cwd: folder,
      env: this.#environment(environment),
      maxBuffer: 1 << 26,
      // npm is a script there, which only a shell starts.
      shell: process.platform === 'win32' && file === 'npm',
    };
    return new Promise((resolve) => {
      execFile(file, words, options, (error, stdout, stderr) => {
        const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ status, stdout, stderr });
      });
    });
  }

  #environment(extra: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
    const own = Object.entries(process.env).filter(
      ([name]) => !/^npm_|^INIT_CWD$|^VITEST/.test(name),
    );
    return { ...Object.fromEntries(own), NO_COLOR: '1', ...extra };
  }
}
