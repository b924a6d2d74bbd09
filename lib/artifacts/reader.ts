import * as fs from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { columnReaders } from './column-readers.ts';
import { Damage, guarded } from './damage.ts';
import {
  countRows,
  freshMemory,
  readBatch,
  readFooter,
  reusedMemory,
  type Block,
  type Footer,
  type Memory,
} from './file-layout.ts';
import { columnsOf, misfit, rowsPerBatch, type AnyColumn, type TableSchema } from './schema.ts';

/** A table whose rows are in memory. */
export interface LoadedTable<Row, Facts> {
  readonly facts: Facts;
  readonly rows: readonly Row[];
}

/**
 * A table whose rows are read as they are asked for, two batches of sixteen in memory at a time, one ahead
 * of its rows. `rows` may be iterated more than once. The lists of a row are views of memory that serves
 * one batch after another: they are good until the next row is asked for, and what is kept is a `slice()`.
 */
export interface RowStream<Row, Facts> {
  readonly facts: Facts;
  /** How many rows there are. */
  readonly count: number;
  readonly rows: AsyncIterable<Row>;
}

/**
 * Reads what a table says of itself; its rows wait until they are asked for, and the file is open only
 * while they are.
 *
 * @throws UserError `damaged-artifact` where the file is another artifact or its bytes are not whole,
 *   here or while the rows are read: never more memory than the file has bytes, never without end.
 *   Values that changed within their type are not noticed: the store's hashes are there for that.
 */
export function openTable<Row extends object, Facts>(
  schema: TableSchema<Row, Facts>,
  path: string,
): Promise<RowStream<Row, Facts>> {
  // Fresh memory for each batch would take the machine longer to give than the disk to fill.
  return open(schema, path, () => {
    const rooms = [reusedMemory(), reusedMemory()];
    return (index) => rooms[index % rooms.length]!;
  });
}

/** Reads a table into memory. The lists are views of memory that is shared by sixteen rows. */
export async function readTable<Row extends object, Facts>(
  schema: TableSchema<Row, Facts>,
  path: string,
): Promise<LoadedTable<Row, Facts>> {
  const { facts, rows } = await open(schema, path, () => () => freshMemory);
  const loaded: Row[] = [];
  for await (const row of rows) loaded.push(row);
  return { facts, rows: loaded };
}

/** @param memory for an iteration: gives the memory of each batch */
async function open<Row extends object, Facts>(
  schema: TableSchema<Row, Facts>,
  path: string,
  memory: () => (index: number) => Memory,
): Promise<RowStream<Row, Facts>> {
  const columns = columnsOf(schema);
  const { facts, blocks, count } = await withFile(schema.kind, path, async (file) => {
    const footer = await readFooter(file);
    const checked = checkedFacts(schema, footer);
    checkColumns(columns, footer);
    return { facts: checked, blocks: footer.blocks, count: await countAll(file, footer.blocks) };
  });
  const begin = (): AsyncGenerator<Row, void, undefined> => {
    const memoryOf = memory();
    const rowsOf = (file: FileHandle, index: number): Promise<readonly Row[]> =>
      guarded(schema.kind, path, () =>
        readRows(columns, facts, file, blocks, index, memoryOf(index)),
      );
    return streamRows(path, blocks.length, rowsOf);
  };
  return { facts, count, rows: { [Symbol.asyncIterator]: begin } };
}

async function* streamRows<Row>(
  path: string,
  batches: number,
  rowsOf: (file: FileHandle, index: number) => Promise<readonly Row[]>,
): AsyncGenerator<Row, void, undefined> {
  const file = await fs.open(path, 'r');
  let next: Promise<readonly Row[]> = Promise.resolve([]);
  const readOn = (index: number): void => {
    next = rowsOf(file, index);
    // Its failure is met when its turn comes; until then it is not unhandled.
    next.catch(() => undefined);
  };
  try {
    if (batches > 0) readOn(0);
    for (let index = 0; index < batches; index++) {
      const rows = await next;
      if (index + 1 < batches) readOn(index + 1);
      yield* rows;
    }
  } finally {
    await next.catch(() => undefined);
    await file.close();
  }
}

async function readRows<Row extends object, Facts>(
  columns: readonly AnyColumn<Row, Facts>[],
  facts: Facts,
  file: FileHandle,
  blocks: readonly Block[],
  index: number,
  memory: Memory,
): Promise<readonly Row[]> {
  const batch = await readBatch(file, blocks[index]!, index, blocks.length, memory);
  const readers = columnReaders(
    columns.map(({ type }) => type),
    batch,
  );
  return Array.from({ length: batch.rows }, (_, i) => {
    const row = Object.fromEntries(
      columns.map(({ property }, c) => [property, readers[c]!(i)] as const),
    ) as Row;
    for (const column of columns) {
      const wrong = misfit(column, row[column.property as keyof Row], row, facts);
      if (wrong === undefined) continue;
      throw new Damage(`column ${column.name} of row ${index * rowsPerBatch + i + 1} ${wrong}`);
    }
    return row;
  });
}

function checkedFacts<Row, Facts>(schema: TableSchema<Row, Facts>, { metadata }: Footer): Facts {
  const kind = metadata.get('kind') ?? 'no artifact of this project';
  if (kind !== schema.kind) throw new Damage(`it is ${kind}`);
  const version = metadata.get('version') ?? 'none';
  if (version !== String(schema.version)) {
    throw new Damage(`its version is ${version}, and ${schema.version} was expected`);
  }
  const facts = schema.facts().safeParse(JSON.parse(metadata.get('facts') ?? ''));
  if (!facts.success) throw new Damage('its facts are not those that were expected');
  return facts.data;
}

function checkColumns<Row, Facts>(
  columns: readonly AnyColumn<Row, Facts>[],
  { fields }: Footer,
): void {
  const told = (all: readonly { name: string; type: string }[]) =>
    all.map(({ name, type }) => `${name} ${type}`).join(', ');
  if (told(fields) !== told(columns)) {
    throw new Damage(`its columns are ${told(fields)}, and ${told(columns)} were expected`);
  }
}

async function countAll(file: FileHandle, blocks: readonly Block[]): Promise<number> {
  const last = blocks.at(-1);
  if (last === undefined) return 0;
  return (blocks.length - 1) * rowsPerBatch + (await countRows(file, last));
}

function withFile<T>(
  kind: string,
  path: string,
  work: (file: FileHandle) => Promise<T>,
): Promise<T> {
  return guarded(kind, path, async () => {
    const file = await fs.open(path, 'r');
    try {
      return await work(file);
    } finally {
      await file.close();
    }
  });
}
