import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { inOrder } from '../../lib/pipeline/in-order.ts';

const items = Array.from({ length: 40 }, (_, i) => i);

describe('work in order', () => {
  it('gives the results in the order of the items, whichever ends first', async () => {
    const results: number[] = [];
    for await (const result of inOrder(items, { jobs: 4, ahead: 3 }, async (item) => {
      await wait(item % 4 === 0 ? 8 : 1);
      return item * 10;
    })) {
      results.push(result);
    }
    expect(results).toEqual(items.map((item) => item * 10));
  });

  it('never has more than `jobs` in work, nor more than `jobs + ahead` begun and not taken', async () => {
    let working = 0;
    let begun = 0;
    let taken = 0;
    let mostWorking = 0;
    let mostWaiting = 0;
    for await (const result of inOrder(items, { jobs: 3, ahead: 5 }, async (item) => {
      begun += 1;
      working += 1;
      mostWorking = Math.max(mostWorking, working);
      mostWaiting = Math.max(mostWaiting, begun - taken);
      await wait(1);
      working -= 1;
      return item;
    })) {
      taken = result + 1;
      await wait(2);
    }
    expect(mostWorking).toBe(3);
    expect(mostWaiting).toBeLessThanOrEqual(8);
  });

  it('begins nothing more after a failure, and waits for what is running', async () => {
    const begun: number[] = [];
    const ended: number[] = [];
    const work = inOrder(items, { jobs: 2, ahead: 4 }, async (item) => {
      begun.push(item);
      await wait(item === 1 ? 1 : 10);
      ended.push(item);
      if (item === 1) throw new Error('the second one fails');
      return item;
    });
    const results: number[] = [];
    await expect(async () => {
      for await (const result of work) results.push(result);
    }).rejects.toThrow('the second one fails');
    expect(results).toEqual([0]);
    expect(begun.length).toBeLessThan(6);
    expect(ended.toSorted((a, b) => a - b)).toEqual(begun);
  });
});
