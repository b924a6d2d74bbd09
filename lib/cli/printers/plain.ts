import type { RunEvent } from '../../pipeline/events.ts';
import { reasonText } from '../../pipeline/explain.ts';
import { duration, type Paint } from '../style.ts';
import { planLines } from './plan-lines.ts';
import type { Printer } from './printer.ts';
import { Pace } from './pace.ts';

/** How often a long stage says how far it is, where nobody watches a live view. */
const INTERVAL_MS = 10_000;

/** Plain lines at a human pace: for logs, pipes and CI. */
export function plainPrinter(out: NodeJS.WritableStream, paint: Paint, quiet: boolean): Printer {
  const pace = new Pace();
  const lastMs = new Map<string, number>();
  const say = (line: string): void => {
    out.write(`${line}\n`);
  };
  const print = (event: RunEvent): void => {
    if (event.type === 'warning') say(paint('yellow', `warning: ${event.text}`));
    if (quiet) return;
    switch (event.type) {
      case 'plan':
        for (const line of planLines(event.entries, paint)) say(line);
        return;
      case 'started':
        lastMs.set(event.instance, Date.now());
        pace.start(event.instance);
        say(`${paint('bold', event.instance)}: ${event.reasons.map(reasonText)[0] ?? ''}`);
        return;
      case 'progress': {
        pace.step(event.instance, event.done, event.total);
        if (Date.now() - (lastMs.get(event.instance) ?? 0) < INTERVAL_MS) return;
        lastMs.set(event.instance, Date.now());
        say(
          `${event.instance}: ${pace.words(event.instance)}${event.note === undefined ? '' : `, ${event.note}`}`,
        );
        return;
      }
      case 'log':
        say(`${event.instance}: ${event.line}`);
        return;
      case 'settled':
        say(settledLine(event, paint) ?? '');
        return;
      case 'waiting':
        say(`${event.instance}: waiting for ${event.holder}, which computes it`);
        return;
      case 'warning':
        return;
      default:
        event satisfies never;
    }
  };
  return {
    print: (event) => {
      if (event.type !== 'settled' || settledLine(event, paint) !== undefined) print(event);
    },
    end: () => undefined,
  };
}

/** One line for what became of an instance; none for what did nothing. */
export function settledLine(
  event: Extract<RunEvent, { type: 'settled' }>,
  paint: Paint,
): string | undefined {
  const { instance, result } = event;
  switch (result.kind) {
    case 'fresh':
      return undefined;
    case 'shared':
      return `${paint('green', '✓')} ${instance}: taken from another run`;
    case 'restored':
      return `${paint('green', '✓')} ${instance}: restored`;
    case 'ran':
      return `${paint('green', '✓')} ${instance}: done in ${duration(result.seconds)}${result.changed ? '' : ', the result is the same'}`;
    case 'failed':
      return `${paint('red', '✗')} ${instance}: failed`;
    case 'moved':
      return `${paint('red', '✗')} ${instance}: not recorded, ${result.files.join(', ')} changed while it ran`;
    case 'interrupted':
      return `${paint('yellow', '-')} ${instance}: interrupted`;
    case 'blocked':
      return `${paint('yellow', '-')} ${instance}: blocked by ${result.by}`;
    default:
      return result satisfies never;
  }
}
