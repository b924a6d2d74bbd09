import { describe, expect, test } from 'vitest';
import { layerListIssue } from '../../lib/model/layer-lists.ts';
import { layerShapes, receptiveField } from '../../lib/model/shapes.ts';
import { paper } from './small-networks.ts';

describe('the positions after each layer', () => {
  test("of the paper's network: 259 frames become 4 positions of 30 channels", () => {
    expect(layerShapes(259, paper)).toEqual([
      { layer: 1, channels: 5, convolved: 63, positions: 31 },
      { layer: 2, channels: 10, convolved: 27, positions: 13 },
      { layer: 3, channels: 20, convolved: 11, positions: 11 },
      { layer: 4, channels: 30, convolved: 9, positions: 4 },
    ]);
  });

  test.each([
    [1, 'layer 1 leaves no position: its kernel spans 11, and a clip has 1 frames'],
    [50, 'layer 2 leaves no position: its kernel spans 5, and the layer before it leaves 4'],
    [150, 'the pool after layer 4 leaves no position: it spans 3, and the layer leaves 2'],
  ])('of %i frames are refused, naming the layer', (frames, message) => {
    expect(() => layerShapes(frames, paper)).toThrow(RangeError);
    expect(() => layerShapes(frames, paper)).toThrow(message);
  });
});

test('each position of the paper hears 163 frames, 32 after the position before', () => {
  const { frames, stride } = receptiveField(paper);
  // seen from the other end: what one position needs, and what one more does
  const needs = (positions: number): number => {
    let clip = 1;
    for (;;) {
      try {
        if (layerShapes(clip, paper).at(-1)!.positions >= positions) return clip;
      } catch {
        // still too short
      }
      clip += 1;
    }
  };
  expect(frames).toBe(needs(1));
  expect(stride).toBe(needs(2) - needs(1));
  expect({ frames, stride }).toEqual({ frames: 163, stride: 32 });
});

describe('lists that do not fit each other are refused at the odd one out', () => {
  const issue = (change: Partial<typeof paper>): unknown => layerListIssue({ ...paper, ...change });

  test('and those that fit are not', () => {
    expect(issue({})).toBeUndefined();
    expect(issue({ channels: [8], kernels: [3], strides: [1], pools: [] })).toBeUndefined();
  });

  test.each([
    [
      { channels: [5, 10, 20] },
      'channels',
      'channels has 3 values, kernels 4 values and strides 4 values, but each needs one for every layer.',
    ],
    [
      { kernels: [11] },
      'kernels',
      'channels has 4 values, kernels 1 value and strides 4 values, but each needs one for every layer.',
    ],
    [
      { strides: [4, 1, 1, 1, 1] },
      'strides',
      'channels has 4 values, kernels 4 values and strides 5 values, but each needs one for every layer.',
    ],
  ])('%j', (change, key, message) => {
    expect(issue(change)).toEqual({ path: [key], message });
  });

  test.each([
    [[1, 5], 1, 'a pool follows layer 5, but there are only 4.'],
    [[2, 1], 1, 'pools should name its layers in ascending order, each once.'],
    [[1, 1], 1, 'pools should name its layers in ascending order, each once.'],
  ])('pools %j', (pools, index, message) => {
    expect(issue({ pools })).toEqual({ path: ['pools', index], message });
  });
});
