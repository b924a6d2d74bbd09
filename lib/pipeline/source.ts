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
  const { file, line, column, length, text } = source;
  const number = String(line);
  const marker = `${' '.repeat(column - 1)}${'^'.repeat(length)}`;
  return new UserError(
    code,
    `${path.basename(file)}:${number}:${column}: ${message}\n  ${number} | ${text}\n  ${' '.repeat(number.length)} | ${marker}`,
  );
}

/** The folder that a relative path written there starts from. */
export function folderOf(source: Source): string {
  return 'option' in source ? source.folder : path.dirname(source.file);
}
