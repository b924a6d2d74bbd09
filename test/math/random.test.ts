import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { randomStream, xoshiro128 } from '../../lib/math/random.ts';

const name = { seed: 1, stage: 'train', fold: 2, purpose: 'init' } as const;

describe('random numbers', () => {
  it('are those of the published xoshiro128**', () => {
    // The first outputs of the reference implementation for the state 1, 2, 3, 4.
    const random = xoshiro128([1, 2, 3, 4]);
    expect(Array.from({ length: 8 }, () => random.nextUint32())).toEqual([
      11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849,
    ]);
  });

  it('are the same for the same name, and others for any other', () => {
    const first = (stream: Parameters<typeof randomStream>[0]) => randomStream(stream).nextUint32();
    expect(first(name)).toBe(first({ ...name }));
    const others = [
      { ...name, seed: 2 },
      { ...name, stage: 'split' },
      { ...name, fold: 3 },
      { ...name, purpose: 'shuffle' as const },
    ];
    expect(new Set([name, ...others].map(first)).size).toBe(5);
  });

  it('are pinned', () => {
    const random = randomStream(name);
    expect([random.nextUint32(), random.uniform(), random.normal(), random.below(10)])
      .toMatchInlineSnapshot(`
      [
        3679275650,
        0.5825644731521606,
        -0.04605907006026492,
        4,
      ]
    `);
  });

  it('are the same on every machine, 10,000 of each kind', () => {
    const random = randomStream(name);
    const bytes = new DataView(new ArrayBuffer(8 * 40_000));
    for (let i = 0; i < 40_000; i += 4) {
      bytes.setFloat64(8 * i, random.nextUint32());
      bytes.setFloat64(8 * (i + 1), random.uniform());
      bytes.setFloat64(8 * (i + 2), random.normal());
      bytes.setFloat64(8 * (i + 3), random.below(1 + i * 107_374));
    }
    expect(createHash('sha256').update(bytes).digest('hex').slice(0, 16)).toBe('2b4739fb4a9be198');
  });

  it('are uniform, normal and unbiased', () => {
    const random = randomStream(name);
    const uniforms = Array.from({ length: 20_000 }, () => random.uniform());
    expect(mean(uniforms)).toBeCloseTo(0.5, 1);
    expect(Math.min(...uniforms)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...uniforms)).toBeLessThan(1);
    const normals = Array.from({ length: 20_000 }, () => random.normal());
    expect(mean(normals)).toBeCloseTo(0, 1);
    expect(mean(normals.map((x) => x * x))).toBeCloseTo(1, 1);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i += 1) counts[random.below(3)]! += 1;
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThan(600);
    expect(() => random.below(0)).toThrow(RangeError);
  });

  it('shuffle in place, every order as likely', () => {
    const random = randomStream(name);
    const seen = new Map<string, number>();
    for (let i = 0; i < 6000; i += 1) {
      const order = random.shuffle(['a', 'b', 'c']).join('');
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    expect(Math.max(...seen.values()) - Math.min(...seen.values())).toBeLessThan(250);
  });

  it('refuse a state of zeros', () => {
    expect(() => xoshiro128([0, 0, 0, 0])).toThrow(RangeError);
  });
});

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
