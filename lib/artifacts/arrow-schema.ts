import type * as ArrowPackage from 'apache-arrow';
import type { DataType, Schema } from 'apache-arrow';
import { columnsOf, type ColumnType, type TableSchema } from './schema.ts';

/**
 * apache-arrow, which is loaded when a file is written: its import takes longer than most threads and
 * readers have to do.
 */
export type Arrow = typeof ArrowPackage;

/**
 * The Arrow schema of a table. Its metadata has `kind`, `version` and `facts` (JSON, keys sorted); that
 * of each field `doc`, `unit` and `shape`. Nothing is nullable.
 *
 * @throws Error where the facts are not what the schema says
 */
export function arrowSchema<Row, Facts>(
  arrow: Arrow,
  table: TableSchema<Row, Facts>,
  facts: Facts,
): Schema {
  const checked = table.facts().safeParse(facts);
  if (!checked.success) {
    throw new Error(`the facts of ${table.kind} are wrong: ${checked.error.message}`);
  }
  const fields = columnsOf(table).map(({ name, type, doc, unit, shape }) =>
    arrow.Field.new({
      name,
      type: arrowType(arrow, type),
      nullable: false,
      metadata: new Map([
        ['doc', doc],
        ['unit', unit ?? 'none'],
        ['shape', shape ?? 'scalar'],
      ]),
    }),
  );
  return new arrow.Schema(
    fields,
    new Map([
      ['kind', table.kind],
      ['version', String(table.version)],
      ['facts', sortedJson(checked.data)],
    ]),
  );
}

/** The type as Arrow has it. */
export function arrowType(arrow: Arrow, type: ColumnType): DataType {
  const { Bool, Field, Float32, Float64, Int32, List, Utf8 } = arrow;
  const listOf = (item: DataType): DataType => new List(Field.new({ name: 'item', type: item }));
  switch (type) {
    case 'utf8':
      return new Utf8();
    case 'int32':
      return new Int32();
    case 'float64':
      return new Float64();
    case 'bool':
      return new Bool();
    case 'list<int32>':
      return listOf(new Int32());
    case 'list<float32>':
      return listOf(new Float32());
    case 'list<float64>':
      return listOf(new Float64());
  }
}

/** JSON whose keys are sorted by code unit, so that the order in which facts were named is nobody's. */
function sortedJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sortedJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${sortedJson(item)}`).join(',')}}`;
}
