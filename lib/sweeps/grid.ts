import { wrong, type Source } from '../pipeline/source.ts';
import { parseYaml, withSource, type Tree } from '../pipeline/yaml.ts';
import type { SweepDefinition } from './definition.ts';
import { nameOf } from './points.ts';
import { listed, parameterNamed, type Values } from './spaces.ts';

/**
 * A sweep of the command line: `--grid train.lambda=0.3,0.8`, each giving one axis.
 *
 * @param folder what relative paths in the values start from
 * @throws UserError for an option that is not `stage.key=value,value`
 */
export function gridSweep(
  grids: readonly string[],
  options: Pick<SweepDefinition, 'seeds' | 'select' | 'evaluate'>,
  folder: string,
): SweepDefinition {
  const axes = grids.map((grid): Values => {
    const source: Source = { option: `--grid ${grid}`, folder };
    const match = /^([^=]+)=(.*)$/s.exec(grid);
    if (match === null) {
      throw wrong(
        source,
        'bad-grid',
        'write --grid stage.key=value,value: --grid train.lambda=0.3,0.8',
      );
    }
    const [, name = '', text = ''] = match;
    let list: Tree;
    try {
      list = withSource(parseYaml(`[${text}]`, 'value'), source);
    } catch {
      throw wrong(source, 'bad-grid', `the values are not valid YAML: ${text}`);
    }
    return { ...parameterNamed(name, source), values: listed(list, name) };
  });
  const source: Source = { option: '--grid', folder };
  refuseTwice(axes);
  return {
    name: 'grid',
    source,
    space: { kind: 'grid', source, axes },
    seed: undefined,
    baseline: undefined,
    baselineSource: source,
    ...options,
  };
}

function refuseTwice(axes: readonly Values[]): void {
  const seen = new Set<string>();
  for (const { stage, key, source } of axes) {
    const name = nameOf({ stage, key });
    if (seen.has(name)) throw wrong(source, 'value-twice', `${name} is given twice.`);
    seen.add(name);
  }
}
