import type { Result } from '../pipeline/events.ts';
import { reasonText } from '../pipeline/explain.ts';
import type { Failure } from '../pipeline/job.ts';
import type { RunOutcome } from '../pipeline/run.ts';
import type { StageNode } from '../pipeline/graph.ts';
import { columns, duration, type Paint } from './style.ts';

/** The short table at the end: stage, what happened, why, how long. */
export function summaryLines(
  stages: readonly StageNode[],
  outcome: RunOutcome,
  paint: Paint,
): readonly string[] {
  const rows = stages.flatMap((stage) => {
    const results = [...outcome.results].filter(
      ([id]) => id === stage.name || id.startsWith(`${stage.name}[`),
    );
    if (results.length === 0) return [];
    const list = results.map(([, result]) => result);
    const seconds = list.reduce(
      (sum, result) => sum + ('seconds' in result ? result.seconds : 0),
      0,
    );
    return [
      [stage.name, whatHappened(list, paint), whyOf(list), seconds > 0 ? duration(seconds) : ''],
    ];
  });
  return columns([['stage', 'what', 'why', 'time'].map((cell) => paint('dim', cell)), ...rows]).map(
    (line) => `  ${line}`,
  );
}

function whatHappened(results: readonly Result[], paint: Paint): string {
  const words = results.map((result) => {
    if (result.kind === 'ran') return result.changed ? 'ran' : 'ran, same result';
    return result.kind === 'moved' ? 'not recorded' : result.kind;
  });
  const distinct = [...new Set(words)];
  const counted = distinct.map((word) => {
    const count = words.filter((other) => other === word).length;
    return results.length === 1 ? word : `${word} x ${count}`;
  });
  const bad = distinct.some((word) => ['failed', 'not recorded'].includes(word));
  return paint(
    bad ? 'red' : distinct.some((word) => word.startsWith('ran')) ? 'yellow' : 'green',
    counted.join(', '),
  );
}

function whyOf(results: readonly Result[]): string {
  for (const result of results) {
    if (result.kind === 'ran' && result.reasons[0] !== undefined)
      return reasonText(result.reasons[0]);
    if (result.kind === 'blocked') return `by ${result.by}`;
    if (result.kind === 'moved') return `${result.files.join(', ')} changed while it ran`;
  }
  return '';
}

/** The failures, each once: what is wrong, for which instances. */
export function failureParagraphs(outcome: RunOutcome, debug: boolean): readonly string[] {
  const byMessage = new Map<string, { failure: Failure; ids: string[] }>();
  for (const [id, result] of outcome.results) {
    if (result.kind !== 'failed') continue;
    const known = byMessage.get(result.failure.message) ?? { failure: result.failure, ids: [] };
    known.ids.push(id);
    byMessage.set(result.failure.message, known);
  }
  return [...byMessage.values()].map(({ failure, ids }) => {
    const who = ids.join(', ');
    if (debug) return `${who}: ${failure.stack === '' ? failure.message : failure.stack}`;
    return failure.user
      ? `${who}: ${failure.message}`
      : `${who}: Internal error: ${failure.message}\nThis is a bug of ours; --debug shows where it happened.`;
  });
}
