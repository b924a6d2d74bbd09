import { open, type FileHandle } from 'node:fs/promises';
import type { RecordBatch, Schema } from 'apache-arrow';
import { arrowSchema, type Arrow } from './arrow-schema.ts';
import { columnWriter } from './column-writers.ts';
import { columnsOf, misfit, rowsPerBatch, type TableSchema } from './schema.ts';

/** Writes one row after the other. */
export interface RowWriter<Row> {
  /**
   * Takes a copy of the row; every sixteenth waits until the batch before is in the file. Await it
   * before the next.
   *
   * @throws Error where the row is not what the schema says; the writer is then as before the row
   */
  write(row: Row): Promise<void>;
  /** Writes what is left and the footer: the file is complete and closed. */
  close(): Promise<void>;
  /** Closes the file as it is, incomplete. The caller deletes it. */
  abort(): Promise<void>;
}

/**
 * Begins an Arrow IPC file, and holds two batches of it in memory: one is gathered while the other is on
 * its way into the file. The same facts and rows give the same
 * bytes, whatever the process, its time zone or its locale.
 *
 * @throws Error where the facts are not what the schema says; what the file system says where it
 *   refuses, here and at every step
 */
export async function openWriter<Row extends object, Facts>(
  schema: TableSchema<Row, Facts>,
  path: string,
  facts: Facts,
): Promise<RowWriter<Row>> {
  const arrow: Arrow = await import('apache-arrow');
  const arrowed = arrowSchema(arrow, schema, facts);
  const columns = columnsOf(schema);
  const newBatch = () => columns.map(({ type }) => columnWriter(arrow, type));
  let gathered = newBatch();
  let underway = newBatch();
  let written: Promise<void> = Promise.resolve();
  const encoder = fileEncoder(arrow, arrowed);
  const file = await open(path, 'w');
  let rows = 0;
  let state: 'open' | 'busy' | 'closed' = 'open';

  const end = async (): Promise<void> => {
    state = 'closed';
    await written.catch(() => undefined);
    await file.close();
  };

  /** One step at a time, and none after a failure. */
  const step = async (work: () => Promise<void>): Promise<void> => {
    if (state !== 'open') {
      throw new Error(
        state === 'busy'
          ? `${schema.kind}: the write before this one was not awaited`
          : `${schema.kind}: the file is closed already`,
      );
    }
    state = 'busy';
    try {
      await work();
      state = 'open';
    } catch (error) {
      await end();
      throw error;
    }
  };

  const flush = async (): Promise<void> => {
    const pending = rows % rowsPerBatch || rowsPerBatch;
    const children = gathered.map((values) => values.data());
    const data = arrow.makeData({
      type: new arrow.Struct(arrowed.fields),
      length: pending,
      nullCount: 0,
      children,
    });
    const bytes = encoder.batch(new arrow.RecordBatch(arrowed, data));
    await written;
    written = writeFully(file, bytes);
    // Its failure is met by the next step; until then it is not unhandled.
    written.catch(() => undefined);
    [gathered, underway] = [underway, gathered];
    for (const values of gathered) values.clear();
  };

  return {
    write: async (row) => {
      const cells = columns.map((column) => {
        const value: unknown = row[column.property as keyof Row];
        const wrong = misfit(column, value, row, facts);
        if (wrong === undefined) return value;
        throw new Error(`${schema.kind}, row ${rows + 1}, column ${column.name}: ${wrong}`);
      });
      await step(async () => {
        gathered.forEach((values, index) => {
          values.add(cells[index]);
        });
        rows += 1;
        if (rows % rowsPerBatch === 0) await flush();
      });
    },
    close: async () => {
      await step(async () => {
        if (rows % rowsPerBatch > 0) await flush();
        const batches = Math.ceil(rows / rowsPerBatch);
        if (encoder.batches !== batches) {
          throw new Error(`${schema.kind}: ${encoder.batches} batches of ${batches} were written`);
        }
        await written;
        await writeFully(file, encoder.end());
      });
      await end();
    },
    abort: async () => {
      if (state !== 'closed') await end();
    },
  };
}

/**
 * Writes a whole table. Rows may come from anywhere, one at a time.
 *
 * @throws whatever `openWriter`, its writer or the rows throw; the file is then closed and incomplete
 */
export async function writeTable<Row extends object, Facts>(
  schema: TableSchema<Row, Facts>,
  path: string,
  facts: Facts,
  rows: Iterable<Row> | AsyncIterable<Row>,
): Promise<void> {
  const writer = await openWriter(schema, path, facts);
  try {
    for await (const row of rows) await writer.write(row);
    await writer.close();
  } finally {
    await writer.abort();
  }
}

interface FileEncoder {
  /** How many batches were accepted: Arrow drops one of another schema without a word. */
  readonly batches: number;
  batch(batch: RecordBatch): readonly Uint8Array[];
  end(): readonly Uint8Array[];
}

/**
 * Arrow's encoder without its queue, which takes whatever it is given and waits for nobody: here each
 * call returns the bytes that it made, as views of the batch.
 */
function fileEncoder({ Message, RecordBatchFileWriter }: Arrow, ofFile: Schema): FileEncoder {
  const bytes: Uint8Array[] = [];
  const take = (): readonly Uint8Array[] => bytes.splice(0);

  class Encoder extends RecordBatchFileWriter implements FileEncoder {
    get batches(): number {
      return this._recordBatchBlocks.length;
    }

    batch(batch: RecordBatch): readonly Uint8Array[] {
      this.write(batch);
      return take();
    }

    end(): readonly Uint8Array[] {
      this.finish();
      return take();
    }

    /** The format has the schema at the head too, for who reads from there on; Arrow leaves it out. */
    protected override _writeSchema(schema: Schema): this {
      return super._writeSchema(schema)._writeMessage(Message.from(schema));
    }

    protected override _write(chunk: ArrayBufferView): this {
      const piece = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
      bytes.push(piece);
      this._position += piece.length;
      return this;
    }
  }

  const encoder = new Encoder();
  // Without a batch Arrow would write nothing at all, not even the schema.
  encoder.reset(undefined, ofFile);
  return encoder;
}

async function writeFully(file: FileHandle, chunks: readonly Uint8Array[]): Promise<void> {
  let left = chunks.filter(({ length }) => length > 0);
  while (left.length > 0) {
    let { bytesWritten } = await file.writev(left);
    left = left.flatMap((chunk) => {
      const written = Math.min(bytesWritten, chunk.length);
      bytesWritten -= written;
      return written === chunk.length ? [] : [chunk.subarray(written)];
    });
  }
}
