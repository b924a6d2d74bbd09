import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from './folder.ts';
import { kinds, type Kind } from './kinds.ts';

const at = temporaryFolder();

/** Prints what pyarrow finds. Floats by their bits, so that no digit and no NaN is lost. */
const script = `
import json, struct, sys, pyarrow as pa
def plain(value):
    if isinstance(value, list): return [plain(item) for item in value]
    if isinstance(value, float): return struct.pack('>d', value).hex()
    return value
with pa.memory_map(sys.argv[1]) as source:
    reader = pa.ipc.open_file(source)
    table = reader.read_all()
    table.validate(full=True)
    text = lambda metadata: {k.decode(): v.decode() for k, v in metadata.items()}
    print(json.dumps({
        'batches': [reader.get_batch(i).num_rows for i in range(reader.num_record_batches)],
        'metadata': text(table.schema.metadata),
        'described': [sorted(text(field.metadata)) for field in table.schema],
        'nullable': any(field.nullable for field in table.schema),
        'columns': {name: plain(table[name].to_pylist()) for name in table.column_names},
    }))
`;

const found = spawnSync('python3', ['-c', 'import pyarrow']).status === 0;

describe.skipIf(!found)('pyarrow', () => {
  it.each(kinds)('reads the $kind that was written here', async (one) => {
    const { kind, facts, sample, write } = one;
    await write(at(kind), sample);
    await writeFile(at('read.py'), script);
    const { stdout, stderr } = spawnSync('python3', [at('read.py'), at(kind)], {
      encoding: 'utf8',
      env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
    });
    expect(stderr).toBe('');
    const read = JSON.parse(stdout) as Readonly<Record<string, Readonly<Record<string, string>>>>;
    const last = sample.length % 16 === 0 ? [] : [sample.length % 16];
    expect(read['batches']).toEqual([
      ...Array.from({ length: Math.floor(sample.length / 16) }, () => 16),
      ...last,
    ]);
    expect(read['nullable']).toBe(false);
    expect(read['described']).toEqual(Object.keys(sample[0]!).map(() => ['doc', 'shape', 'unit']));
    expect({
      ...read['metadata'],
      facts: JSON.parse(read['metadata']!['facts']!) as unknown,
    }).toEqual({ kind, version: '1', facts });
    expect(read['columns']).toEqual(columnsOf(one, sample));
  });
});

/** The rows as the script prints them. */
function columnsOf(kind: Kind, rows: readonly object[]): Record<string, unknown> {
  const columns = kind.columns.map((column, index): [string, unknown] => {
    const [name, type] = column.split(' ') as [string, string];
    const values = rows.map((row): unknown => Object.values(row)[index]);
    return [name, values.map((value) => printed(value, type.includes('float')))];
  });
  return Object.fromEntries(columns);
}

function printed(value: unknown, float: boolean): unknown {
  if (ArrayBuffer.isView(value)) {
    return Array.from(value as Float64Array, (item) => printed(item, float));
  }
  if (!float) return value;
  const bits = Buffer.alloc(8);
  bits.writeDoubleBE(value as number);
  return bits.toString('hex');
}
