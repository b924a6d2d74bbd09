import {
  Bool,
  Field,
  Float32,
  Float64,
  Int32,
  List,
  Schema,
  Utf8,
  type DataType,
} from 'apache-arrow';
import { columnsOf, type ColumnType, type TableSchema } from './schema.ts';

/**
 * The Arrow schema of a table. Its metadata has `kind`, `version` and `facts` (JSON, keys sorted); that
 * of each field `doc`, `unit` and `shape`. Nothing is nullable.
 *
 * @throws Error where the facts are not what the schema says
 */
export function arrowSchema<Row, Facts>(table: TableSchema<Row, Facts>, facts: Facts): Schema {
  const checked = table.facts().safeParse(facts);
  if (!checked.success) {
    throw new Error(`the facts of ${table.kind} are wrong: ${checked.error.message}`);
  }
  const fields = columnsOf(table).map(({ name, type, doc, unit, shape }) =>
    Field.new({
      name,
      type: arrowTypes[type](),
      nullable: false,
      metadata: new Map([
        ['doc', doc],
        ['unit', unit ?? 'none'],
        ['shape', shape ?? 'scalar'],
      ]),
    }),
  );
  return new Schema(
    fields,
    new Map([
      ['kind', table.kind],
      ['version', String(table.version)],
      ['facts', sortedJson(checked.data)],
    ]),
  );
}

const listOf = <Item extends DataType>(item: Item) =>
  new List(Field.new({ name: 'item', type: item }));

/** The types as Arrow has them. */
export const arrowTypes = {
  utf8: () => new Utf8(),
  int32: () => new Int32(),
  float64: () => new Float64(),
  bool: () => new Bool(),
  'list<int32>': () => listOf(new Int32()),
  'list<float32>': () => listOf(new Float32()),
  'list<float64>': () => listOf(new Float64()),
} as const satisfies Readonly<Record<ColumnType, () => DataType>>;

/** JSON whose keys are sorted by code unit, so that the order in which facts were named is nobody's. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${sortedJson(item)}`).join(',')}}`;
}
