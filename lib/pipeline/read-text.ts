import fs from 'node:fs';

/** A pipe that was put in a file's place would be waited for without end: nothing is waited for here. */
const AT_ONCE =
  fs.constants.O_RDONLY | ('O_NONBLOCK' in fs.constants ? fs.constants.O_NONBLOCK : 0);

/** The text of a small file of the store; undefined for one that is not there, is no file or cannot be read. */
export function readTextFile(file: string): string | undefined {
  let handle;
  try {
    handle = fs.openSync(file, AT_ONCE);
    return fs.fstatSync(handle).isFile() ? fs.readFileSync(handle, 'utf8') : undefined;
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) fs.closeSync(handle);
  }
}
