import { describe, expect, it } from 'vitest';
import { foreseen, hasRoom, type Standing } from '../../lib/pipeline/foresee.ts';
import type { Instance } from '../../lib/pipeline/graph.ts';

/** Instances by their names; those in capitals take turns. */
const instances = (names: string): Instance[] =>
  Array.from(names, (id) => {
    const takesTurns = id !== id.toLowerCase();
    return { id, each: {}, stage: { declaration: { takesTurns } } } as unknown as Instance;
  });

/** What stands where, by names: all in order, those that run, those that are settled, those that are due. */
function standing(
  all: string,
  { beside = '', settled = '', due = '', jobs = 2 }: Record<string, string | number | undefined>,
): Standing & { readonly of: (id: string) => Instance } {
  const order = instances(all);
  const among = (names: unknown) => (instance: Instance) => String(names).includes(instance.id);
  return {
    of: (id) => order.find((instance) => instance.id === id)!,
    order,
    beside: order.filter(among(beside)),
    settled: among(settled),
    done: among(settled),
    due: among(due),
    // Each reads what the one before it in the alphabet made.
    producers: ({ id }) => order.filter((other) => other.id.charCodeAt(0) === id.charCodeAt(0) - 1),
    jobs: Number(jobs),
  };
}

describe('one more instance', () => {
  const hasPlace = (all: string, id: string, where: Parameters<typeof standing>[1]): boolean => {
    const known = standing(all, where);
    return hasRoom(known.of(id), known);
  };

  it('has room where there is a place', () => {
    expect(hasPlace('abc', 'b', { beside: 'a' })).toBe(true);
    expect(hasPlace('abc', 'c', { beside: 'ab' })).toBe(false);
    expect(hasPlace('abc', 'b', { beside: 'a', jobs: 1 })).toBe(false);
  });

  it('has room beside others when all take turns and the last round would leave a place empty', () => {
    expect(hasPlace('ABCDE', 'E', { beside: 'CD', settled: 'AB' })).toBe(true);
    expect(hasPlace('ABCDE', 'D', { beside: 'BC', settled: 'A' })).toBe(false);
    expect(hasPlace('ABCDE', 'E', { beside: 'ABCD', jobs: 4 })).toBe(true);
    expect(hasPlace('ABCDEFGH', 'E', { beside: 'ABCD', jobs: 4 })).toBe(false);
  });

  it('has none beside one that takes no turns, nor when it takes none itself', () => {
    expect(hasPlace('abCDE', 'E', { beside: 'bD', settled: 'aC' })).toBe(false);
    expect(hasPlace('ABCDe', 'e', { beside: 'CD', settled: 'AB' })).toBe(false);
  });
});

describe('what comes next', () => {
  const next = (all: string, where: Parameters<typeof standing>[1]): string =>
    foreseen(standing(all, where))
      .map(({ id }) => id)
      .join('');

  it('reads what is there or being made: the next of a chain', () => {
    expect(next('abcd', { beside: 'b', settled: 'a' })).toBe('c');
    expect(next('abcd', { settled: 'a' })).toBe('b');
  });

  it('is first what waits for a place alone, one by one where all places are taken', () => {
    expect(next('aceg', { beside: 'ac', due: 'g' })).toBe('g');
    expect(next('aceg', { beside: 'a', due: 'g' })).toBe('gc');
  });

  it('is one with one job', () => {
    expect(next('abcd', { beside: 'b', settled: 'a', jobs: 1 })).toBe('c');
    expect(next('aceg', { beside: 'a', due: 'eg', jobs: 1 })).toBe('e');
  });
});
