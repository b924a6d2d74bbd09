import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../lib/pipeline/yaml.ts';
import { readSweep } from '../../lib/sweeps/definition.ts';
import { gridSweep } from '../../lib/sweeps/grid.ts';
import { pointsOf } from '../../lib/sweeps/points.ts';

/** The whole message with which the sweep `try` of a YAML is refused. */
function refusal(yaml: string): string {
  return messageOf(() => {
    const { space } = readSweep(parseYaml(yaml, '/home/pipeline.yaml'), 'try', 'pipeline.yaml');
    pointsOf(space);
  });
}

function messageOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('it was accepted');
}

const grid = (text: string, folder = '/home'): void => {
  gridSweep([text], { seeds: 1, select: 'test', evaluate: undefined }, folder);
};

describe('a sweep is refused, with the place and what would be right,', () => {
  it.each([
    [
      'for a name that is not there',
      'other: { grid: { train.lambda: [1] } }',
      'sweep try: there is no sweep of that name; known: other.',
    ],
    [
      'for an unknown key',
      'try: { gird: { train.lambda: [1] } }',
      'pipeline.yaml:1:8: the sweep try has no key gird; did you mean grid?\n  1 | try: { gird: { train.lambda: [1] } }\n    |        ^^^^',
    ],
    [
      'for no points at all',
      'try: { seeds: 3 }',
      'pipeline.yaml:1:1: a sweep says one of grid, points and random; try says none.\n  1 | try: { seeds: 3 }\n    | ^^^',
    ],
    [
      'for a grid and points at once',
      'try: { grid: { train.lambda: [1] }, points: [{ train.lambda: 1 }] }',
      'pipeline.yaml:1:1: a sweep says one of grid, points and random; try has grid and points.\n  1 | try: { grid: { train.lambda: [1] }, points: [{ train.lambda: 1 }] }\n    | ^^^',
    ],
    [
      'for a grid without a parameter',
      'try: { grid: {} }',
      'pipeline.yaml:1:8: this grid is empty: write train.lambda: [0.3, 0.8].\n  1 | try: { grid: {} }\n    |        ^^^^',
    ],
    [
      'for a parameter without a value',
      'try: { grid: { train.lambda: [] } }',
      'pipeline.yaml:1:30: train.lambda has no value to take: this grid is empty.\n  1 | try: { grid: { train.lambda: [] } }\n    |                              ^^',
    ],
    [
      'for a value that is no list',
      'try: { grid: { train.lambda: 0.3 } }',
      'pipeline.yaml:1:30: train.lambda needs a list of values: train.lambda: [0.3].\n  1 | try: { grid: { train.lambda: 0.3 } }\n    |                              ^^^',
    ],
    [
      'for a value that is listed twice',
      'try: { grid: { train.lambda: [0.3, 0.30] } }',
      'pipeline.yaml:1:36: train.lambda lists 0.3 twice.\n  1 | try: { grid: { train.lambda: [0.3, 0.30] } }\n    |                                    ^^^^',
    ],
    [
      'for a name that is no parameter',
      'try: { grid: { lambda: [0.3] } }',
      'pipeline.yaml:1:16: "lambda" is no parameter: name one as stage.key, such as train.lambda.\n  1 | try: { grid: { lambda: [0.3] } }\n    |                ^^^^^^',
    ],
    [
      'for a point that is listed twice',
      'try: { points: [{ train.lambda: 1 }, { train.lambda: 1 }] }',
      'pipeline.yaml:1:40: the point lambda=1 is listed twice.\n  1 | try: { points: [{ train.lambda: 1 }, { train.lambda: 1 }] }\n    |                                        ^^^^^^^^^^^^',
    ],
    [
      'for a point that sets nothing',
      'try: { points: [{}] }',
      'pipeline.yaml:1:17: a point sets nothing: write { train.lambda: 0.3 }.\n  1 | try: { points: [{}] }\n    |                 ^^',
    ],
    [
      'for a range that ends before it begins',
      'try: { random: { draws: 2, ranges: { train.lambda: { from: 2, to: 1 } } } }',
      'pipeline.yaml:1:52: the range of train.lambda needs from < to, not 2 to 1.\n  1 | try: { random: { draws: 2, ranges: { train.lambda: { from: 2, to: 1 } } } }\n    |                                                    ^^^^^^^^^^^^^^^^^^',
    ],
    [
      'for a range without an end',
      'try: { random: { draws: 2, ranges: { train.lambda: { from: 2 } } } }',
      'pipeline.yaml:1:52: the range of train.lambda needs a number as `to`.\n  1 | try: { random: { draws: 2, ranges: { train.lambda: { from: 2 } } } }\n    |                                                    ^^^^^^^^^^^',
    ],
    [
      'for a logarithm of nothing',
      'try: { random: { draws: 2, ranges: { train.lambda: { from: 0, to: 1, scale: log } } } }',
      'pipeline.yaml:1:52: the range of train.lambda needs 0 < from < to, not 0 to 1.\n  1 | try: { random: { draws: 2, ranges: { train.lambda: { from: 0, to: 1, scale: log } } } }\n    |                                                    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
    ],
    [
      'for draws that are not said',
      'try: { random: { ranges: { train.lambda: [1] } } }',
      'pipeline.yaml:1:16: random.draws is a whole number of at least 1, and missing.\n  1 | try: { random: { ranges: { train.lambda: [1] } } }\n    |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^',
    ],
    [
      'for no seeds',
      'try: { grid: { train.lambda: [1] }, seeds: 0 }',
      'pipeline.yaml:1:44: seeds is a whole number of at least 1, not 0.\n  1 | try: { grid: { train.lambda: [1] }, seeds: 0 }\n    |                                            ^',
    ],
    [
      'for another way to select',
      'try: { grid: { train.lambda: [1] }, select: best }',
      'pipeline.yaml:1:45: select is test or nested, not "best".\n  1 | try: { grid: { train.lambda: [1] }, select: best }\n    |                                             ^^^^',
    ],
  ])('%s', (_, yaml, message) => {
    expect(refusal(yaml)).toBe(message);
  });

  it('where the pipeline has none', () => {
    expect(messageOf(() => readSweep(undefined, 'try', 'pipeline.yaml'))).toBe(
      'sweep try: pipeline.yaml has no `sweeps:`. Write one there, or say what to vary: npm run sweep -- --grid train.lambda=0.3,0.8',
    );
  });

  it.each([
    ['train.lambda', 'write --grid stage.key=value,value: --grid train.lambda=0.3,0.8'],
    ['train.lambda=', 'train.lambda has no value to take: this grid is empty.'],
    ['train.lambda=[1', 'the values are not valid YAML: [1'],
    ['lambda=1', '"lambda" is no parameter: name one as stage.key, such as train.lambda.'],
    ['train.lambda=.inf', 'train.lambda is Infinity, but should be finite.'],
  ])('as the option --grid %s', (text, message) => {
    expect(
      messageOf(() => {
        grid(text);
      }),
    ).toBe(`--grid ${text}: ${message}`);
  });
});
