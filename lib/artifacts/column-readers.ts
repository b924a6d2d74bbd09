import { Damage } from './damage.ts';
import type { Batch } from './file-layout.ts';
import { decodeText } from './flatbuffer.ts';
import type { ColumnType } from './schema.ts';

/** The values of one column of a batch, by row. */
type ColumnReader = (row: number) => unknown;

/**
 * Looks into a batch: one reader for each column, in order. Lists are views of the batch's memory.
 *
 * @throws Damage where lengths and offsets contradict each other
 */
export function columnReaders(types: readonly ColumnType[], batch: Batch): readonly ColumnReader[] {
  const parts = new Parts(batch);
  const readers = types.map((type) => reading[type](parts, batch.rows));
  parts.end();
  return readers;
}

const reading: Readonly<Record<ColumnType, (parts: Parts, rows: number) => ColumnReader>> = {
  utf8: (parts, rows) => {
    parts.column(rows);
    const offsets = parts.offsets(rows);
    const bytes = parts.values(Uint8Array, offsets[rows]!);
    return (row) => decodeText(bytes.subarray(offsets[row], offsets[row + 1]));
  },
  bool: (parts, rows) => {
    parts.column(rows);
    const bits = parts.values(Uint8Array, Math.ceil(rows / 8));
    return (row) => ((bits[row >> 3]! >> (row & 7)) & 1) === 1;
  },
  int32: (parts, rows) => numbers(parts, rows, Int32Array),
  float64: (parts, rows) => numbers(parts, rows, Float64Array),
  'list<int32>': (parts, rows) => lists(parts, rows, Int32Array),
  'list<float32>': (parts, rows) => lists(parts, rows, Float32Array),
  'list<float64>': (parts, rows) => lists(parts, rows, Float64Array),
};

type Typed = Uint8Array | Int32Array | Float32Array | Float64Array;

interface TypedConstructor<T extends Typed> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

function numbers(parts: Parts, rows: number, type: TypedConstructor<Typed>): ColumnReader {
  parts.column(rows);
  const values = parts.values(type, rows);
  return (row) => values[row];
}

function lists(parts: Parts, rows: number, type: TypedConstructor<Typed>): ColumnReader {
  parts.column(rows);
  const offsets = parts.offsets(rows);
  parts.column(offsets[rows]!);
  const values = parts.values(type, offsets[rows]!);
  return (row) => values.subarray(offsets[row], offsets[row + 1]);
}

/** The lengths and buffers of a batch, which lie in the order of the columns. */
class Parts {
  readonly #batch: Batch;
  #column = 0;
  #buffer = 0;

  constructor(batch: Batch) {
    this.#batch = batch;
  }

  /** Goes on to the next column, or to the items of a list. Its bitmap of nulls is not needed. */
  column(length: number): void {
    const found = this.#batch.lengths[this.#column++];
    if (found === undefined || found < length) throw new Damage('a column is too short');
    this.#buffer += 1;
  }

  offsets(rows: number): Int32Array {
    const offsets = this.values(Int32Array, rows + 1);
    for (let row = 0; row < rows; row++) {
      if (offsets[row]! < 0 || offsets[row]! > offsets[row + 1]!) {
        throw new Damage('the parts of a column are out of order');
      }
    }
    return offsets;
  }

  values<T extends Typed>(type: TypedConstructor<T>, length: number): T {
    const bytes = this.#batch.buffers[this.#buffer++];
    if (bytes === undefined || bytes.length < length * type.BYTES_PER_ELEMENT) {
      throw new Damage('a column is too short');
    }
    return new type(bytes.buffer, bytes.byteOffset, length);
  }

  end(): void {
    const { lengths, buffers } = this.#batch;
    if (this.#column !== lengths.length || this.#buffer !== buffers.length) {
      throw new Damage('a batch has more columns than the schema');
    }
  }
}
