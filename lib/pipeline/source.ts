import path from 'node:path';
import { UserError } from './errors.ts';

/** Where a value was written: a place in a YAML file, or an option of the command line. */
export type Source =
  | {
      readonly file: string;
      readonly line: number;
      readonly column: number;
      readonly length: number;
      readonly text: string;
    }
  | { readonly option: string; readonly folder: string };

/** An error about a value, as `pipeline.yaml:8:17: ...` with the line and a marker under the word. */
export function wrong(source: Source, code: string, message: string): UserError {
  if ('option' in source) return new UserError(code, `${source.option}: ${message}`);
  const { file, line, column } = source;
  return new UserError(code, `${path.basename(file)}:${line}:${column}: ${message}`, {
    excerpt: excerptOf(source),
  });
}

/** How much of a line is shown, in characters. */
const WIDTH = 160;

/** The line and a marker under the word; of a very long line, what is around the word. */
function excerptOf({ line, column, length, text }: Exclude<Source, { option: string }>): string {
  const from = column > WIDTH / 2 && text.length > WIDTH ? column - 1 - WIDTH / 4 : 0;
  // One character for one, or the marker would not stand under its word.
  const part = text.slice(from, from + WIDTH).replace(/[\p{C}\u2028\u2029]/gu, (hidden) => {
    return hidden === '\t' ? ' ' : '\ufffd'.repeat(hidden.length);
  });
  const before = Math.min(column - 1 - from, WIDTH);
  const marker = `${' '.repeat(before)}${'^'.repeat(Math.max(1, Math.min(length, WIDTH - before)))}`;
  return `  ${line} | ${part}\n  ${' '.repeat(String(line).length)} | ${marker}`;
}

/** The folder that a relative path written there starts from. */
export function folderOf(source: Source): string {
  return 'option' in source ? source.folder : path.dirname(source.file);
}
