import type { FileHandle } from 'node:fs/promises';
import { Damage } from './damage.ts';
import { FlatTable } from './flatbuffer.ts';
import { rowsPerBatch } from './schema.ts';

/**
 * The layout of an Arrow IPC file (https://arrow.apache.org/docs/format/Columnar.html#ipc-file-format):
 * `ARROW1`, messages, the footer, its length, `ARROW1`. Read by hand and not by apache-arrow, which
 * reads a damaged file without end, and would take most of the time of a stage that reads little.
 */
export interface Footer {
  readonly fields: readonly FileField[];
  readonly metadata: ReadonlyMap<string, string>;
  readonly blocks: readonly Block[];
}

interface FileField {
  readonly name: string;
  /** In the words of `ColumnType`; `other` for what no artifact has. */
  readonly type: string;
}

/** Where a record batch lies: its description first, its body behind it. Bytes. */
export interface Block {
  readonly offset: number;
  readonly metadataLength: number;
  readonly bodyLength: number;
}

/** A record batch in memory, its parts not yet looked into. */
export interface Batch {
  readonly rows: number;
  /** How many values each column has, a list's items behind the list. */
  readonly lengths: readonly number[];
  readonly buffers: readonly Uint8Array[];
}

const magic = 'ARROW1';
const tail = 4 + magic.length;
/** The magic at the head is filled up to a multiple of eight. */
const head = 8;

/** @throws Damage */
export async function readFooter(file: FileHandle): Promise<Footer> {
  const { size } = await file.stat();
  if (size < head + tail) throw new Damage('it is too short for an Arrow file');
  const first = await readExactly(file, 0, magic.length);
  if (first.toString('latin1') !== magic)
    throw new Damage('it does not begin as an Arrow file does');
  const last = await readExactly(file, size - tail, tail);
  if (last.toString('latin1', 4) !== magic) throw new Damage('its end is missing');
  const length = last.readInt32LE(0);
  const end = size - tail - length;
  if (length <= 0 || length > maximumFooter || end < head)
    throw new Damage('its footer cannot be that long');

  const footer = FlatTable.root(await readExactly(file, end, length));
  if (footer.int16(0) < metadataV4) throw new Damage('its format is too old');
  const schema = footer.table(1);
  if (schema === undefined) throw new Damage('it has no schema');
  if (schema.int16(0) !== 0) throw new Damage('its numbers are big-endian');
  return {
    fields: schema.tables(1, maximumFields).map(fieldOf),
    metadata: new Map(
      schema.tables(2, maximumMetadata).map((entry) => [entry.text(0), entry.text(1)]),
    ),
    blocks: blocksOf(footer, end),
  };
}

const metadataV4 = 3;

/** Of some ten million rows. Its names may all be one long text, read again for each: so there is an end. */
const maximumFooter = 0x1000000;
/** More columns, and more entries of metadata, than any table has. */
const maximumFields = 64;
const maximumMetadata = 16;

function blocksOf(footer: FlatTable, end: number): readonly Block[] {
  let free = head;
  return footer.structs(3, 3).map(([offset, padded, bodyLength]) => {
    // 32 bits of a struct are filled up to 64, with what is left open
    const metadataLength = padded! % 0x100000000;
    const block = { offset: offset!, metadataLength, bodyLength: bodyLength! };
    const after = block.offset + metadataLength + block.bodyLength;
    const aligned = block.offset % 8 === 0 && metadataLength % 8 === 0;
    if (!aligned || block.offset < free || metadataLength < 16 || after > end) {
      throw new Damage('a batch is not where its footer says');
    }
    free = after;
    return block;
  });
}

function fieldOf(field: FlatTable): FileField {
  const type = typeOf(field);
  if (type !== 'list') return { name: field.text(0), type };
  const [item, ...more] = field.tables(5, maximumFields);
  const ofItem = item === undefined || more.length > 0 ? 'other' : typeOf(item);
  return { name: field.text(0), type: `list<${ofItem}>` };
}

/** The numbers are those of `Type`, `Int` and `FloatingPoint` in Arrow's Schema.fbs. */
function typeOf(field: FlatTable): string {
  const type = field.table(3);
  if (field.has(4) || type === undefined) return 'other';
  switch (field.uint8(2)) {
    case 2:
      return `${type.uint8(1) === 1 ? '' : 'u'}int${type.int32(0)}`;
    case 3:
      return ['float16', 'float32', 'float64'][type.int16(0)] ?? 'other';
    case 5:
      return 'utf8';
    case 6:
      return 'bool';
    case 12:
      return 'list';
    default:
      return 'other';
  }
}

/** Gives room for so many bytes, aligned for any number. */
export type Memory = (length: number) => Buffer;

/** Its own each time, not of Node's shared pool: gone with its last view. */
export const freshMemory: Memory = (length) => Buffer.allocUnsafeSlow(length);

/** The same each time, as long as it suffices. */
export function reusedMemory(): Memory {
  let kept = freshMemory(0);
  return (length) => {
    if (kept.length < length) kept = freshMemory(length);
    return kept.subarray(0, length);
  };
}

/**
 * Reads a block into memory, which its buffers are views of.
 *
 * @param index which of the `count` blocks of the file it is
 * @throws Damage
 */
export async function readBatch(
  file: FileHandle,
  block: Block,
  index: number,
  count: number,
  memory: Memory,
): Promise<Batch> {
  const { offset, metadataLength, bodyLength } = block;
  const bytes = await readExactly(file, offset, metadataLength + bodyLength, memory);
  const batch = describedBatch(bytes.subarray(0, metadataLength), bodyLength);
  const rows = batch.int64(0);
  if (rows < 1 || rows > rowsPerBatch || (rows < rowsPerBatch && index < count - 1)) {
    throw new Damage(`batch ${index + 1} of ${count} has ${rows} rows, not ${rowsPerBatch}`);
  }
  const body = bytes.subarray(metadataLength);
  return {
    rows,
    lengths: batch.structs(1, 2).map(([length, nulls]) => {
      if (nulls !== 0) throw new Damage('values are missing');
      return length!;
    }),
    buffers: batch.structs(2, 2).map(([start, length]) => {
      if (start! % 8 !== 0 || start! + length! > bodyLength) {
        throw new Damage('a column is not where its batch says');
      }
      return body.subarray(start, start! + length!);
    }),
  };
}

/** How many rows the last block says that it has. Reads its description only. @throws Damage */
export async function countRows(file: FileHandle, block: Block): Promise<number> {
  const bytes = await readExactly(file, block.offset, block.metadataLength);
  const rows = describedBatch(bytes, block.bodyLength).int64(0);
  if (rows < 1 || rows > rowsPerBatch) throw new Damage(`its last batch has ${rows} rows`);
  return rows;
}

const headerIsBatch = 3;

function describedBatch(bytes: Buffer, bodyLength: number): FlatTable {
  const length = bytes.readInt32LE(4);
  if (bytes.readInt32LE(0) !== -1 || length < 0 || length > bytes.length - 8) {
    throw new Damage('a batch does not begin as one');
  }
  const message = FlatTable.root(bytes.subarray(8, 8 + length));
  const batch = message.table(2);
  if (message.uint8(1) !== headerIsBatch || batch === undefined) {
    throw new Damage('there is something else where a batch should be');
  }
  if (message.int64(3) !== bodyLength)
    throw new Damage('a batch is not as long as its footer says');
  if (batch.has(3)) throw new Damage('it is compressed');
  return batch;
}

async function readExactly(
  file: FileHandle,
  position: number,
  length: number,
  memory = freshMemory,
): Promise<Buffer> {
  const bytes = memory(length);
  let done = 0;
  while (done < length) {
    const wanted = Math.min(length - done, maximumRead);
    const { bytesRead } = await file.read(bytes, done, wanted, position + done);
    if (bytesRead === 0) throw new Damage('it ends too early');
    done += bytesRead;
  }
  return bytes;
}

/** Node reads at most 2 GiB at once. */
const maximumRead = 0x40000000;
