import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { canonicalJson, sha256 } from '../../pipeline/canonical.ts';
import type { PipelineConfig } from '../../pipeline/config.ts';
import { UserError } from '../../pipeline/errors.ts';
import { readSweep, type SweepDefinition } from '../../sweeps/definition.ts';
import { gridSweep } from '../../sweeps/grid.ts';
import { pointsOf } from '../../sweeps/points.ts';
import type { Invocation } from '../command.ts';
import { positiveInteger } from '../options.ts';
import { isTerminal } from '../style.ts';
import type { SweepCounts } from './counts.ts';

/**
 * Which sweep a command line means: one of the YAML by its name, or a grid of its own.
 *
 * @throws UserError when it says neither or both
 */
export function definer({
  options,
  folder,
}: Invocation): (config: PipelineConfig) => SweepDefinition {
  const { values, words } = options;
  const grids = (values['grid'] ?? []) as readonly string[];
  const [name, ...more] = words;
  if (more.length > 0) {
    throw new UserError(
      'unknown-word',
      `sweep takes one name, and got ${words.length}: ${words.join(', ')}.`,
    );
  }
  if (name !== undefined && grids.length > 0) {
    throw new UserError(
      'bad-option',
      `Either the sweep ${name} of the YAML or a --grid, not both.`,
    );
  }
  const select = selectOption(values['select'] as string | undefined);
  const seeds = values['seeds'] as string | undefined;
  const evaluate = values['evaluate'] as string | undefined;
  const asked = {
    ...(select === undefined ? {} : { select }),
    ...(seeds === undefined ? {} : { seeds: positiveInteger(seeds, 'seeds', 1) }),
    ...(evaluate === undefined
      ? {}
      : { evaluate: { name: evaluate, source: { option: `--evaluate ${evaluate}`, folder } } }),
  };
  return (config) => {
    if (name !== undefined) {
      const file = path.basename(config.file);
      return { ...readSweep(config.sweeps, name, file), ...asked };
    }
    if (grids.length === 0) throw nothingAsked(config);
    const defaults = { seeds: 1, select: 'test', evaluate: undefined } as const;
    const grid = gridSweep(grids, { ...defaults, ...asked }, folder);
    return { ...grid, name: gridName(grid) };
  };
}

/** The same grid has the same page: its name is made from what it varies. */
function gridName({ space, seeds, select }: SweepDefinition): string {
  const points = pointsOf(space).map(({ parameters }) => parameters);
  return `grid-${sha256(canonicalJson([points, seeds, select])).slice(0, 8)}`;
}

function nothingAsked({ sweeps }: PipelineConfig): UserError {
  const names = sweeps?.kind === 'map' ? [...sweeps.entries.keys()] : [];
  const known = names.length === 0 ? 'the YAML has none' : `the YAML has ${names.join(', ')}`;
  return new UserError(
    'no-sweep',
    `Say which sweep (${known}), or what to vary: npm run sweep -- --grid train.lambda=0.3,0.8`,
  );
}

function selectOption(text: string | undefined): 'test' | 'nested' | undefined {
  if (text === undefined || text === 'test' || text === 'nested') return text;
  throw new UserError('bad-option', `--select is ${text}, but should be test or nested.`);
}

/** On a terminal, whoever asked for much work is asked whether it is meant; elsewhere never. */
export async function agreed(
  { options, talk }: Invocation,
  { instances, cached }: SweepCounts,
): Promise<boolean> {
  const todo = instances - cached;
  const { stdin } = process;
  if (todo === 0 || options.values['yes'] === true || !isTerminal(talk) || !stdin.isTTY) {
    return true;
  }
  const questions = createInterface({ input: stdin, output: talk });
  try {
    const said = await questions.question(`Run ${todo} instances? [Y/n] `);
    return !/^\s*n/i.test(said);
  } finally {
    questions.close();
  }
}
