import { byCodeUnit, canonicalJson } from '../../pipeline/canonical.ts';
import { UserError } from '../../pipeline/errors.ts';
import { shown, visible } from '../../pipeline/words.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { userPath } from '../options.ts';
import { artifactsOf, workspaceAt } from '../places.ts';
import { viewOf, type Facts, type RunView } from '../run-view.ts';
import { columns, painter, wantsColour } from '../style.ts';

interface Difference {
  readonly name: string;
  /** Absent where that side has no such thing. */
  readonly old?: unknown;
  readonly new?: unknown;
}

/** `diff A B`: what differs in parameters, versions, artifacts and metrics, from A to B. */
export function execute(invocation: Invocation): Promise<number> {
  const { options, folder, answer, environment } = invocation;
  const [first, second] = options.words;
  if (first === undefined || options.words.length > 2) {
    throw new UserError(
      'no-runs',
      'Name two runs, the earlier first: npm run diff -- latest~1 latest. A run is named by its id or how it begins, by latest or latest~1, by a pin, or by the path of a report.json.',
    );
  }
  const workspace = workspaceAt(invocation, artifactsOf(invocation));
  const asPath = (word: string): string => userPath(word, folder);
  const a = viewOf(first, workspace, asPath);
  const b = viewOf(second ?? 'latest', workspace, asPath);
  const found = {
    parameters: differences(a.parameters, b.parameters),
    versions: differences(a.versions, b.versions, a.partial || b.partial),
    artifacts: differences(a.artifacts, b.artifacts, a.partial || b.partial),
    metrics: differences(a.metrics, b.metrics, a.metrics.size === 0 || b.metrics.size === 0),
  };
  if (options.values['json'] === true) {
    answer.write(`${JSON.stringify({ a: a.name, b: b.name, ...found }, null, 2)}\n`);
    return Promise.resolve(exitStatus.done);
  }
  const paint = painter(wantsColour(answer, environment));
  const blocks = Object.entries(found)
    .filter(([, list]) => list.length > 0)
    .map(([title, list]) => [paint('bold', title), ...rows(title, list)].join('\n'));
  const same = `No parameter, version, artifact or metric differs.`;
  const lost = [a, b].filter(({ metrics }) => metrics.size === 0).map(metricsLost);
  answer.write(
    `${[`${a.name} -> ${b.name}`, ...(blocks.length === 0 ? [same] : blocks), ...lost].join('\n\n')}\n`,
  );
  return Promise.resolve(exitStatus.done);
}

/** @param common compare only what both have */
function differences(a: Facts, b: Facts, common = false): readonly Difference[] {
  const names = [...new Set([...a.keys(), ...b.keys()])].sort(byCodeUnit);
  return names
    .filter((name) => !common || (a.has(name) && b.has(name)))
    .filter((name) => canonicalJson([a.get(name) ?? null]) !== canonicalJson([b.get(name) ?? null]))
    .map((name) => ({
      name,
      ...(a.has(name) ? { old: a.get(name) } : {}),
      ...(b.has(name) ? { new: b.get(name) } : {}),
    }));
}

function rows(title: string, list: readonly Difference[]): readonly string[] {
  const text = (value: unknown): string => {
    if (value === undefined) return '(none)';
    if (title === 'metrics' && typeof value === 'number') return `${(value * 100).toFixed(1)} %`;
    const plain = typeof value === 'string' ? visible(value) : shown(value);
    return plain.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{28,}/g, '$1');
  };
  return columns(
    list.map(({ name, ...sides }) => [`  ${name}`, `${text(sides.old)} -> ${text(sides.new)}`]),
  );
}

function metricsLost({ name }: RunView): string {
  return `The scores of ${name} are not at hand: it made no report, or gc removed it.`;
}
