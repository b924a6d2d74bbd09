import { UserError } from '../../pipeline/errors.ts';
import { didNothing, type RunRecord } from '../../pipeline/run-record.ts';
import { findRun, readRuns, removePin, setPin, type KnownRun } from '../../pipeline/runs.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { artifactsOf, workspaceAt } from '../places.ts';
import { columns, duration, painter, wantsColour, type Paint } from '../style.ts';

/** `runs [RUN]`: the recorded runs, newest first; with --pin, keeps one from gc under a name. */
export function execute(invocation: Invocation): Promise<number> {
  const { options, answer, environment } = invocation;
  const { pin, unpin, json } = options.values as { pin?: string; unpin?: string; json?: boolean };
  const artifacts = artifactsOf(invocation);
  const [word, ...more] = options.words;
  if (more.length > 0 || (word !== undefined && pin === undefined)) {
    throw new UserError(
      'bad-option',
      'A run is named to pin it: npm run runs -- RUN --pin NAME. Two are compared by npm run diff -- A B.',
    );
  }
  if (pin !== undefined) {
    const { id } = findRun(readRuns(artifacts), word ?? 'latest');
    setPin(workspaceAt(invocation, artifacts), pin, id);
  }
  if (unpin !== undefined) removePin(artifacts, unpin);
  const runs = readRuns(artifacts);
  if (json === true) {
    answer.write(`${JSON.stringify(runs.map(jsonRun), null, 2)}\n`);
  } else if (runs.length === 0) {
    answer.write('No run is recorded yet: npm run pipeline\n');
  } else {
    const paint = painter(wantsColour(answer, environment));
    const head = ['run', 'when', 'what', 'result', 'pins', 'command'].map((cell) =>
      paint('dim', cell),
    );
    answer.write(`${columns([head, ...runs.map((run) => runRow(run, paint))]).join('\n')}\n`);
  }
  return Promise.resolve(exitStatus.done);
}

function jsonRun({ id, record, pins }: KnownRun): unknown {
  return { ...(record ?? { id }), readable: record !== undefined, pins };
}

function runRow({ id, record, pins }: KnownRun, paint: Paint): readonly string[] {
  if (record === undefined) {
    return [id, '', paint('red', 'its record cannot be read'), '', pins.join(', '), ''];
  }
  const when = record.started.slice(0, 19).replace('T', ' ');
  return [
    id,
    when,
    whatHappened(record, paint),
    resultOf(record),
    pins.join(', '),
    record.words.join(' '),
  ];
}

function whatHappened(record: RunRecord, paint: Paint): string {
  const { status, seconds, instances } = record;
  if (status === null) return paint('yellow', 'not finished');
  const count = (kinds: readonly string[]): number =>
    instances.filter(({ result }) => kinds.includes(result)).length;
  const parts = [
    ...(['failed', 'moved', 'interrupted', 'blocked'] as const).map((kind) =>
      count([kind]) > 0 ? `${count([kind])} ${kind}` : '',
    ),
    count(['ran']) > 0 ? `${count(['ran'])} ran` : '',
    count(['restored', 'shared']) > 0 ? `${count(['restored', 'shared'])} restored` : '',
  ].filter((part) => part !== '');
  if (status === exitStatus.done && didNothing(record)) return 'nothing to do';
  const text = `${parts.join(', ')} in ${duration(seconds ?? 0)}`;
  return status === exitStatus.done ? text : paint('red', `${text}, status ${status}`);
}

/** A sweep has more scores than a line holds. */
const FEW = 2;

/** The line with the scores that the evaluation left. */
function resultOf({ instances, stages }: RunRecord): string {
  const compared = instances.find(({ instance }) => instance === 'compare')?.log[0];
  if (compared !== undefined) return shortAnswer(compared);
  const evaluations = stages.filter(({ use }) => use === 'evaluate').map(({ name }) => name);
  const lines = instances
    .filter(({ instance }) => evaluations.includes(instance))
    .flatMap(({ log }) => log.slice(0, 1));
  return lines.length > FEW ? `${lines.length} evaluations` : lines.join('; ');
}

/** Of a comparison's first sentence, what fits a table: `Of 3 points, “lambda=1” has the highest UAR: 56.8 %`. */
function shortAnswer(answer: string): string {
  const [, before, after] = /^(.*?)unweighted average recall \(UAR\)(.*?\d %)/.exec(answer) ?? [];
  return before === undefined ? answer : `${before}UAR${after ?? ''}`;
}
