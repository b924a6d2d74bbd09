import { beforeEach, describe, expect, it } from 'vitest';
import { Arena } from '../../../lib/model/engine/arena.ts';
import { instantiate } from '../../../lib/model/engine/instance.ts';
import type { Kernels } from '../../../lib/model/engine/kernels.ts';
import { Recorder } from '../../../lib/model/engine/program.ts';

let arena: Arena;
let recorder: Recorder;
let kernels: Kernels;
let numbers: number;
beforeEach(() => {
  arena = new Arena();
  recorder = new Recorder(instantiate(arena.memory), arena);
  ({ kernels } = recorder);
  numbers = arena.words(4);
});

const values = (): number[] => [...arena.floats(numbers, 4)];
const set = (...to: number[]): void => arena.floats(numbers, 4).set(to);
const clear = (first: number, count: number) => ({
  run: () => kernels.clear(numbers + 4 * first, 4 * count),
  inJavaScript: false,
});

describe('a pass', () => {
  it('makes the calls that were recorded, each time, and none while they are', () => {
    set(1, 2, 3, 4);
    const pass = recorder.record([clear(0, 1), clear(2, 1)]);
    expect(values()).toEqual([1, 2, 3, 4]);
    pass.run();
    expect(values()).toEqual([0, 2, 0, 4]);
    set(5, 6, 7, 8);
    pass.run();
    expect(values()).toEqual([0, 6, 0, 8]);
  });

  it('calls a layer anew that computes in JavaScript, in its place', () => {
    const seen: number[][] = [];
    const look = {
      run: () => {
        seen.push(values());
        kernels.clear(numbers + 12, 4);
      },
      inJavaScript: true,
    };
    const pass = recorder.record([clear(0, 1), look, clear(1, 1), look]);
    expect(seen).toEqual([]);
    for (const round of [1, 2]) {
      set(round, round, round, round);
      pass.run();
    }
    expect(seen).toEqual([
      [0, 1, 1, 1],
      [0, 0, 1, 0],
      [0, 2, 2, 2],
      [0, 0, 2, 0],
    ]);
  });

  it('gives each kernel the same numbers as a call, floats of both sizes too', () => {
    const [clips, classes] = [2, 3];
    const [logits, weights, gradient] = [6, 3, 6].map((count) => arena.words(count));
    const [labels, likeliest, shares] = [2, 2, 6].map((count) => arena.words(count));
    const total = arena.doubles(1);
    arena.floats(logits!, 6).set([0.1, -2, 3, 0.7, 0.2, 0.3]);
    arena.floats(weights!, 3).set([1, 2, 0.5]);
    new Int32Array(arena.memory.buffer, labels, 2).set([1, 2]);
    const both = (): void => {
      const given = [labels!, weights!] as const;
      kernels.crossEntropy(clips, classes, logits!, ...given, 0.1, shares!, likeliest!, total);
      kernels.crossEntropyGradient(clips, classes, ...given, 0.1, 0.3, shares!, gradient!);
    };
    const found = (): unknown => [
      arena.float64(total),
      ...arena.floats(shares!, 6),
      ...arena.floats(gradient!, 6),
      ...new Int32Array(arena.memory.buffer, likeliest, 2),
    ];
    both();
    const called = found();
    for (const place of [shares!, gradient!]) arena.floats(place, 6).fill(9);
    recorder.record([{ run: both, inJavaScript: false }]).run();
    expect(found()).toEqual(called);
    expect(called).not.toContain(9);
  });

  it('refuses a kernel that no program calls, and one without all its numbers, and is as before', () => {
    const recording = (run: () => void) => () => recorder.record([{ run, inJavaScript: false }]);
    expect(recording(() => kernels.peak(1, numbers))).toThrow('the kernel peak cannot be recorded');
    const short = kernels.clear as (address: number) => void;
    expect(recording(() => short(numbers))).toThrow('the kernel clear cannot be recorded');
    set(1, 2, 3, 4);
    kernels.clear(numbers, 16);
    expect(values()).toEqual([0, 0, 0, 0]);
  });
});
