import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Toy } from '../helpers/toy.ts';

const stage = (extra = ''): string => `
  export const parameters = () => z.strictObject({
    lambda: z.number().min(0).default(0.8), window: z.enum(['hann', 'hamming']).default('hamming'),
    sizes: z.array(z.int().min(1)).default([1]), list: z.string().min(1).meta({ path: 'file' }).optional(),
  });
  export const reads = {}; export const writes = { a: 'a.txt' };
  export async function run({ outputs }) { fs.writeFileSync(outputs.a, 'a'); } ${extra}`;

const reader = `
  export const parameters = () => z.strictObject({});
  export const reads = { a: 'a.txt' }; export const writes = { b: 'b.txt' };
  export async function run({ outputs }) { fs.writeFileSync(outputs.b, 'b'); }`;

/** The whole message with which a pipeline is refused. */
async function refusal(yaml: string, sets: readonly string[] = []): Promise<string> {
  const toy = new Toy();
  toy.stage('make', stage());
  toy.stage('read', reader);
  toy.yaml(yaml);
  toy.yaml('extends: pipeline.yaml\n', 'again.yaml');
  try {
    await toy.survey(sets);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  throw new Error('the pipeline was accepted');
}

describe('a pipeline is refused, with file, line, column and what would be right,', () => {
  it.each([
    [
      'for an unknown key at the top',
      'stages: { make: {} }\nstagse: 1\n',
      'pipeline.yaml:2:1: a pipeline has no key stagse; did you mean stages?\n  2 | stagse: 1\n    | ^^^^^^',
    ],
    [
      'for an unknown key of a stage',
      'stages:\n  make: { parms: {} }\n',
      'pipeline.yaml:2:11: stage make has no key parms; did you mean params?\n  2 |   make: { parms: {} }\n    |           ^^^^^',
    ],
    [
      'for an unknown parameter',
      'stages:\n  make: { params: { lamda: 1 } }\n',
      'pipeline.yaml:2:21: make has no parameter lamda; did you mean lambda?\n  2 |   make: { params: { lamda: 1 } }\n    |                     ^^^^^',
    ],
    [
      'for a value of the wrong type',
      'stages:\n  make: { params: { lambda: high } }\n',
      'pipeline.yaml:2:29: make.lambda is "high", but should be a number.\n  2 |   make: { params: { lambda: high } }\n    |                             ^^^^',
    ],
    [
      'for a value out of range',
      'stages:\n  make: { params: { sizes: [1, 0] } }\n',
      'pipeline.yaml:2:32: make.sizes[1] is 0, but should be at least 1.\n  2 |   make: { params: { sizes: [1, 0] } }\n    |                                ^',
    ],
    [
      'for a choice that there is not',
      'stages:\n  make: { params: { window: kaiser } }\n',
      'pipeline.yaml:2:29: make.window is "kaiser", but should be one of hann, hamming.\n  2 |   make: { params: { window: kaiser } }\n    |                             ^^^^^^',
    ],
    [
      'for an unknown stage file',
      'stages:\n  mkae: {}\n',
      'pipeline.yaml:2:3: there is no stage file mkae; did you mean make? A stage under a name of your own says which it uses: `use: train`.\n  2 |   mkae: {}\n    |   ^^^^',
    ],
    [
      'for a need that is no stage',
      'stages:\n  make: {}\n  read: { needs: [maek] }\n',
      'pipeline.yaml:3:19: read needs maek, but there is no such stage; did you mean make?\n  3 |   read: { needs: [maek] }\n    |                   ^^^^',
    ],
    [
      'for a cycle',
      'stages:\n  make: { needs: [read] }\n  read: { needs: [make] }\n',
      'pipeline.yaml:3:19: these stages need each other in a circle: make -> read -> make.\n  3 |   read: { needs: [make] }\n    |                   ^^^^',
    ],
    [
      'for a role that nothing feeds',
      'stages:\n  make: {}\n  read: { needs: [] }\n',
      'pipeline.yaml:3:18: read reads a.txt (a), which nothing that it needs writes: add make to its needs.\n  3 |   read: { needs: [] }\n    |                  ^^',
    ],
    [
      'for a role that two stages feed',
      'stages:\n  make: {}\n  more: { use: make }\n  read: { needs: [make, more] }\n',
      'pipeline.yaml:4:18: read reads a.txt from one stage, but make and more write it; say which, role by role: needs: { a: make, ... }.\n  4 |   read: { needs: [make, more] }\n    |                  ^^^^^^^^^^^^',
    ],
    [
      'for a need that serves nothing',
      'stages:\n  make: {}\n  more: { use: make, needs: [make] }\n',
      'pipeline.yaml:3:30: more reads nothing of what make writes: leave it out.\n  3 |   more: { use: make, needs: [make] }\n    |                              ^^^^',
    ],
    [
      'for foreach where there is none',
      'stages:\n  make: { foreach: fold }\n',
      'pipeline.yaml:2:20: make runs once: leave `foreach` out.\n  2 |   make: { foreach: fold }\n    |                    ^^^^',
    ],
    [
      'for YAML that is none',
      'stages: [\n',
      'pipeline.yaml:2:1: this is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ].\n  2 | \n    | ^',
    ],
    [
      'for aliases',
      'stages: &a { make: {} }\ncorpus: *a\n',
      'pipeline.yaml:2:9: anchors and aliases are not used here: write the value out.\n  2 | corpus: *a\n    |         ^^',
    ],
    [
      'for a pipeline that extends itself',
      'extends: again.yaml\nstages: { make: {} }\n',
      'again.yaml:1:10: pipeline.yaml extends this file in turn.\n  1 | extends: pipeline.yaml\n    |          ^^^^^^^^^^^^^',
    ],
  ])('%s', async (_, yaml, message) => {
    expect(await refusal(yaml)).toBe(message);
  });

  it.each([
    ['lambda', '--set lambda: write --set stage.key=value, such as --set train.lambda=0.5.'],
    ['maek.lambda=1', '--set maek.lambda=1: there is no stage maek; did you mean make?'],
    ['make.lambda=x', '--set make.lambda=x: make.lambda is "x", but should be a number.'],
    ['make.lambda=.nan', '--set make.lambda=.nan: make.lambda is NaN, but should be a number.'],
    ['make.lamda=1', '--set make.lamda=1: make has no parameter lamda; did you mean lambda?'],
  ])('for --set %s', async (set, message) => {
    expect(await refusal('stages: { make: {} }\n', [set])).toBe(message);
  });
});

describe('a pipeline that extends another', () => {
  it('merges maps, replaces lists, drops what is null, and takes paths from the file that says them', async () => {
    const toy = new Toy();
    toy.stage('make', stage());
    toy.stage('read', reader);
    toy.yaml(
      'stages:\n  make: { params: { lambda: 2, sizes: [1, 2, 3] } }\n  read: { needs: [make] }\n',
    );
    toy.yaml(
      'extends: ../pipeline.yaml\nstages:\n  make: { params: { sizes: [9], list: here.csv } }\n  read: null\n',
      'experiments/other.yaml',
    );
    const { graph } = await toy.survey([], 'experiments/other.yaml');
    expect(graph.stages.map(({ name }) => name)).toEqual(['make']);
    expect(graph.stages[0]?.params).toEqual({
      lambda: 2,
      window: 'hamming',
      sizes: [9],
      list: path.join(toy.root, 'experiments', 'here.csv'),
    });
  });
});
