import type { z } from 'zod';

/**
 * What an artifact holds: the one description from which its Arrow schema, its writer and its reader
 * are made. `Row` is a row as the code sees it (camelCase; the file has the same names in snake_case),
 * `Facts` what holds for the table as a whole.
 */
export interface TableSchema<Row, Facts> {
  /** The name of the file, as stages declare it: `clips.arrow`. */
  readonly kind: string;
  /** Counted up when a column or a fact changes its meaning. */
  readonly version: number;
  /** A function, so that importing a schema builds nothing. */
  readonly facts: () => z.ZodType<Facts>;
  readonly columns: Columns<Row, Facts>;
}

/** A column for each property of the row, in the order of the file. */
type Columns<Row, Facts> = {
  readonly [Name in keyof Row]: Column<Row[Name], Row, Facts>;
};

interface Column<Value, Row, Facts> {
  readonly type: TypeOf<Value>;
  /** One line for the schema: what it is. */
  readonly doc: string;
  /** `Hz`, `s`, `dB`, ...; left out for what has none. */
  readonly unit?: string;
  /** The axes of a list, slowest first: `frames x bands`. */
  readonly shape?: string;
  /** The texts that may stand here, where they are few. */
  readonly oneOf?: readonly Value[];
  /** How many values the list of this row must have, where facts or row say so. */
  readonly length?: (row: Row, facts: Facts) => number;
}

/** The Arrow types in use, and what a value is in JavaScript. None is nullable, none a dictionary. */
interface ColumnTypes {
  readonly utf8: string;
  readonly int32: number;
  readonly float64: number;
  readonly bool: boolean;
  readonly 'list<int32>': Int32Array;
  readonly 'list<float32>': Float32Array;
  readonly 'list<float64>': Float64Array;
}

export type ColumnType = keyof ColumnTypes;

/** Which Arrow types may hold a value of that type of TypeScript's. */
type TypeOf<Value> = {
  [Type in ColumnType]: Value extends ColumnTypes[Type] ? Type : never;
}[ColumnType];

/** Rows in a record batch; the last of a file may have fewer. Memory grows with a batch, not with the corpus. */
export const rowsPerBatch = 16;

/** The name of a column in the file: `durationSeconds` is `duration_seconds`. */
function columnName(property: string): string {
  return property.replace(/[A-Z]/gu, (capital) => `_${capital.toLowerCase()}`);
}

/** A column with the property that it is of, its types erased: for code that treats all alike. */
export interface AnyColumn<Row, Facts> {
  readonly property: string;
  /** As the file calls it. */
  readonly name: string;
  readonly type: ColumnType;
  readonly doc: string;
  readonly unit?: string;
  readonly shape?: string;
  readonly oneOf?: readonly unknown[];
  readonly length?: (row: Row, facts: Facts) => number;
}

/** The columns in the order of the file. */
export function columnsOf<Row, Facts>({
  columns,
}: TableSchema<Row, Facts>): readonly AnyColumn<Row, Facts>[] {
  type Described = Omit<AnyColumn<Row, Facts>, 'property' | 'name'>;
  const entries = Object.entries(columns as unknown as Readonly<Record<string, Described>>);
  return entries.map(([property, column]) => ({
    ...column,
    property,
    name: columnName(property),
  }));
}

/**
 * What is wrong with a value for a column, in a few words; nothing where it fits. `row` is asked for
 * the length that a list must have, so the columns that say it come first and have been checked.
 */
export function misfit<Row, Facts>(
  column: AnyColumn<Row, Facts>,
  value: unknown,
  row: Row,
  facts: Facts,
): string | undefined {
  const { type, oneOf, length } = column;
  if (!fits[type](value)) return `wants ${type}, got ${told(value)}`;
  if (oneOf?.includes(value) === false) {
    return `wants one of ${oneOf.map(String).join(', ')}, got ${told(value)}`;
  }
  if (length === undefined) return undefined;
  const wanted = length(row, facts);
  const got = (value as ArrayLike<number>).length;
  return got === wanted
    ? undefined
    : `wants ${wanted} values (${column.shape ?? 'list'}), got ${got}`;
}

const fits: Readonly<Record<ColumnType, (value: unknown) => boolean>> = {
  // what is no Unicode would come back as another text
  utf8: (value) => typeof value === 'string' && value.isWellFormed(),
  int32: (value) => typeof value === 'number' && value === (value | 0),
  float64: (value) => typeof value === 'number',
  bool: (value) => typeof value === 'boolean',
  'list<int32>': (value) => value instanceof Int32Array,
  'list<float32>': (value) => value instanceof Float32Array,
  'list<float64>': (value) => value instanceof Float64Array,
};

function told(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.prototype.toString.call(value).slice(8, -1);
}
