import fs from 'node:fs';
import path from 'node:path';
import { stampOf } from '../pipeline/stamp.cjs';
import type { Answer, Look } from './recall.cjs';

/** The ways in which this program looks at files; what writes is not among them. */
const WAYS = [
  'accessSync',
  'existsSync',
  'lstatSync',
  'openSync',
  'readFileSync',
  'readdirSync',
  'readlinkSync',
  'statSync',
] as const;

/** What was looked at and what was said, from the beginning of the watch to its end. */
export interface Watch {
  readonly looks: ReadonlyMap<string, Look>;
  readonly said: Answer['said'];
  readonly end: () => void;
}

/**
 * Notes everything that this process looks at from now on, each as it was just before the first look, and
 * everything that it says. It listens at the one door through which all must go, since a list kept by hand
 * would sooner or later miss a file, and then a run would be taken for fresh that is not.
 *
 * @param ignored whether a path is of no account
 */
export function watch(ignored: (path: string) => boolean): Watch {
  const looks = new Map<string, Look>();
  const said: [1 | 2, string][] = [];
  const { lstatSync, statSync } = fs;
  const sinceMs = Date.now();
  const note = (name: string): void => {
    if (looks.has(name) || ignored(name)) return;
    const link = lstatSync(name, { throwIfNoEntry: false });
    const stat = statSync(name, { throwIfNoEntry: false });
    looks.set(name, {
      path: name,
      stamp: stat === undefined ? null : stampOf(stat, sinceMs),
      ...(link?.isSymbolicLink() === true ? { link: stampOf(link, sinceMs) } : {}),
    });
  };
  const ends = [
    ...WAYS.map((way) =>
      listen(fs, way, ([name]) => {
        if (typeof name === 'string') note(path.resolve(name));
      }),
    ),
    ...[process.stdout, process.stderr].map((stream, n) =>
      listen(stream, 'write', ([text]) => {
        said.push([n === 0 ? 1 : 2, String(text)]);
      }),
    ),
  ];
  return {
    looks,
    said,
    end: () => {
      for (const end of ends) end();
    },
  };
}

/** Hears what a method is called with. @returns how to stop */
function listen<Name extends string>(
  object: Readonly<Record<Name, (...words: never[]) => unknown>>,
  name: Name,
  hear: (words: readonly unknown[]) => void,
): () => void {
  const own = Object.getOwnPropertyDescriptor(object, name);
  const value = new Proxy(object[name], {
    apply: (target, self, words: unknown[]) => {
      hear(words);
      return Reflect.apply(target, self, words) as unknown;
    },
  });
  Object.defineProperty(object, name, {
    value,
    configurable: true,
    enumerable: true,
    writable: true,
  });
  return () => {
    if (own === undefined) Reflect.deleteProperty(object, name);
    else Object.defineProperty(object, name, own);
  };
}
