import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { cos, exp, log, log10, sin } from '../../lib/math/portable.ts';
import golden from './golden.json' with { type: 'json' };

const functions = { exp, log, log10, sin, cos };
const names = Object.keys(functions) as (keyof typeof functions)[];

const view = new DataView(new ArrayBuffer(8));

/** A double from its 16 hexadecimal digits, as golden.json has it. */
function double(digits: string): number {
  view.setBigUint64(0, BigInt(`0x${digits}`));
  return view.getFloat64(0);
}

/** The place of a double among all doubles in their order. */
function rank(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigInt64(0);
  return bits < 0n ? -(bits & 0x7fff_ffff_ffff_ffffn) : bits;
}

function unitsApart(a: number, b: number): number {
  return Object.is(a, b) ? 0 : Math.abs(Number(rank(a) - rank(b)));
}

describe('portable functions', () => {
  // make_golden.py: mpmath 1.4.1, 1,400 bits, rounded to the nearest double.
  it.each(names)('%s is within one unit in the last place of the exact value', (name) => {
    const of: (...args: number[]) => number = functions[name];
    const rows = golden[name].map((row) => row.map(double));
    const far = rows.filter((row) => unitsApart(of(...row.slice(0, -1)), row.at(-1)!) > 1);
    expect(far).toEqual([]);
    expect(rows.length).toBeGreaterThan(300);
  });

  it.each(names)('%s treats special values as Math does', (name) => {
    for (const x of [0, -0, Infinity, -Infinity, NaN, 5e-324, -5e-324]) {
      expect([x, functions[name](x)]).toEqual([x, Math[name](x)]);
    }
  });

  it('log10 is exact at powers of ten', () => {
    for (let n = 0; n <= 22; n += 1) expect(log10(Number(`1e${n}`))).toBe(n);
  });

  it.each([
    ['exp', (i: number) => (i - 50_000) / 2000, '226686ef432d52e3'],
    ['log', (i: number) => (i + 1) / 777, 'e3f3498d71b3f146'],
    ['log10', (i: number) => (i + 1) * 1e-11, '79681303c01f20aa'],
    ['sin', (i: number) => (i - 50_000) / 333, '27029c4542cb617a'],
    ['cos', (i: number) => (i - 50_000) / 333, 'c65cd92dc7a44f05'],
  ] as const)('%s has the same bits on every machine', (name, at, hash) => {
    expect(hashOf((i) => functions[name](at(i)))).toBe(hash);
  });

  it('sin and cos of large angles have the same bits on every machine', () => {
    expect(hashOf((i) => sin((i + 1) * 1.7e9) - cos((i + 1) * 1.3e200), 200)).toBe(
      'bff3b658673b40e3',
    );
  });
});

/** Of the doubles as bytes, least significant first, whatever the machine. */
function hashOf(at: (i: number) => number, count = 100_000): string {
  const bytes = new DataView(new ArrayBuffer(8 * count));
  for (let i = 0; i < count; i += 1) bytes.setFloat64(8 * i, at(i), true);
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
