import type { Data, DataType } from 'apache-arrow';
import { arrowType, type Arrow } from './arrow-schema.ts';
import { rowsPerBatch, type ColumnType } from './schema.ts';

/**
 * Gathers the values of a column for one batch, in the layout that the file will have: no builders, which
 * append float by float. Values have been checked by `misfit`.
 */
interface ColumnWriter {
  /** Copies the value. */
  add(value: unknown): void;
  /** What was gathered; views that hold until the next `add`. */
  data(): Data;
  /** Begins the next batch. */
  clear(): void;
}

export function columnWriter(arrow: Arrow, type: ColumnType): ColumnWriter {
  switch (type) {
    case 'utf8':
      return textWriter(arrow);
    case 'bool':
      return flagWriter(arrow);
    case 'int32':
      return numberWriter(arrow, type, new Int32Array(rowsPerBatch));
    case 'float64':
      return numberWriter(arrow, type, new Float64Array(rowsPerBatch));
    case 'list<int32>':
      return listWriter(arrow, type, (length) => new Int32Array(length));
    case 'list<float32>':
      return listWriter(arrow, type, (length) => new Float32Array(length));
    case 'list<float64>':
      return listWriter(arrow, type, (length) => new Float64Array(length));
  }
}

type ListType = Extract<ColumnType, `list<${string}>`>;
type Numbers = Int32Array | Float32Array | Float64Array;

function numberWriter(arrow: Arrow, type: 'int32' | 'float64', values: Numbers): ColumnWriter {
  let rows = 0;
  return {
    add: (value) => {
      values[rows++] = value as number;
    },
    data: () => {
      const used = values.subarray(0, rows);
      canonicalise(used);
      return column(arrow, arrowType(arrow, type), rows, { data: used });
    },
    clear: () => {
      rows = 0;
    },
  };
}

/** One bit a row, least significant first. */
function flagWriter(arrow: Arrow): ColumnWriter {
  let bits: boolean[] = [];
  return {
    add: (value) => {
      bits.push(value as boolean);
    },
    data: () => {
      const packed = new Uint8Array(Math.ceil(bits.length / 8));
      bits.forEach((bit, row) => {
        if (bit) packed[row >> 3]! |= 1 << (row & 7);
      });
      return column(arrow, arrowType(arrow, 'bool'), bits.length, { data: packed });
    },
    clear: () => {
      bits = [];
    },
  };
}

function textWriter(arrow: Arrow): ColumnWriter {
  const encoder = new TextEncoder();
  let texts: Uint8Array[] = [];
  return {
    add: (value) => {
      texts.push(encoder.encode(value as string));
    },
    data: () => {
      const offsets = new Int32Array(texts.length + 1);
      texts.forEach((text, row) => {
        offsets[row + 1] = offsets[row]! + text.length;
      });
      return column(arrow, arrowType(arrow, 'utf8'), texts.length, {
        offsets,
        data: Buffer.concat(texts),
      });
    },
    clear: () => {
      texts = [];
    },
  };
}

/** Lists one behind the other in one array, which is kept from batch to batch. */
function listWriter(
  arrow: Arrow,
  type: ListType,
  allocate: (length: number) => Numbers,
): ColumnWriter {
  const offsets = new Int32Array(rowsPerBatch + 1);
  let values = allocate(0);
  let rows = 0;
  return {
    add: (value) => {
      const list = value as Numbers;
      const start = offsets[rows]!;
      const end = start + list.length;
      if (end * values.BYTES_PER_ELEMENT > maximumBytes) {
        throw new Error(
          `the lists of ${rowsPerBatch} rows come to more than ${maximumBytes} bytes, which an Arrow batch cannot hold`,
        );
      }
      if (end > values.length) {
        // as if the rows to come were as long as those so far: exact where all are
        const most = maximumBytes / values.BYTES_PER_ELEMENT;
        const grown = allocate(Math.min(Math.ceil(end / (rows + 1)) * rowsPerBatch, most));
        grown.set(values.subarray(0, start));
        values = grown;
      }
      values.set(list, start);
      canonicalise(values.subarray(start, end));
      offsets[++rows] = end;
    },
    data: () => {
      const length = offsets[rows]!;
      const list = arrowType(arrow, type);
      const items = column(arrow, list.children[0]!.type as DataType, length, {
        data: values.subarray(0, length),
      });
      return column(arrow, list, rows, { offsets: offsets.subarray(0, rows + 1) }, [items]);
    },
    clear: () => {
      rows = 0;
    },
  };
}

/** Arrow's own sums of lengths are of 32 bits. */
const maximumBytes = 0x7fffffc0;

/** Nothing is null, so there is no bitmap either. */
function column(
  { BufferType, Data }: Arrow,
  type: DataType,
  length: number,
  { offsets, data }: { readonly offsets?: Int32Array; readonly data?: Numbers | Uint8Array },
  children: Data[] = [],
): Data {
  const buffers = { [BufferType.OFFSET]: offsets, [BufferType.DATA]: data };
  return new Data<DataType>(type, 0, length, 0, buffers, children);
}

/** A NaN has many bit patterns, and which one a computation yields is the machine's choice. */
function canonicalise(values: Numbers): void {
  if (values instanceof Float32Array) {
    if (!mayHoldNaN(values)) return;
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) bits[i] = 0x7fc00000;
  } else if (values instanceof Float64Array) {
    const bits = new BigUint64Array(values.buffer, values.byteOffset, values.length);
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i])) bits[i] = 0x7ff8000000000000n;
    }
  }
}

/**
 * Whether the sum is NaN, as it is with every NaN in it; opposite infinities are a false alarm. Nearly all
 * lists are long and without a NaN, and eight terms at once take a third of the time of a look at each.
 */
function mayHoldNaN(values: Float32Array): boolean {
  const eights = values.length - (values.length % 8);
  let sum = 0;
  for (let i = 0; i < eights; i += 8) {
    const first = values[i]! + values[i + 1]! + (values[i + 2]! + values[i + 3]!);
    const second = values[i + 4]! + values[i + 5]! + (values[i + 6]! + values[i + 7]!);
    sum += first + second;
  }
  for (let i = eights; i < values.length; i++) sum += values[i]!;
  return Number.isNaN(sum);
}
