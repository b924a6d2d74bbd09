import type { RunEvent } from '../../pipeline/events.ts';
import { columns, type Paint } from '../style.ts';
import { liveLines } from './live.ts';
import { Pace } from './pace.ts';
import { settledLine } from './plain.ts';
import { planLines } from './plan-lines.ts';
import type { Printer } from './printer.ts';

const BAR_CELLS = 24;

/** A live view: what is done scrolls by, what runs stands below it with a bar each. */
export function terminalPrinter(out: NodeJS.WriteStream, paint: Paint): Printer {
  const pace = new Pace();
  const notes = new Map<string, string>();
  const live = liveLines(out, () =>
    columns(
      [...notes].map(([instance, note]) => [
        `  ${instance}`,
        bar(pace.share(instance), paint),
        pace.words(instance),
        paint('dim', note),
      ]),
    ),
  );
  const { say } = live;
  const print = (event: RunEvent): void => {
    switch (event.type) {
      case 'plan':
        say([...planLines(event.entries, paint), ''].join('\n'));
        return;
      case 'started':
        pace.start(event.instance);
        notes.set(event.instance, '');
        live.start();
        return;
      case 'progress':
        pace.step(event.instance, event.done, event.total);
        notes.set(event.instance, event.note ?? '');
        return;
      case 'log':
        say(`  ${event.instance}: ${event.line}`);
        return;
      case 'waiting':
        say(`  ${event.instance}: waiting for ${event.holder}, which computes it`);
        return;
      case 'warning':
        say(paint('yellow', `warning: ${event.text}`));
        return;
      case 'settled': {
        notes.delete(event.instance);
        pace.finish(event.instance);
        const line = settledLine(event, paint);
        if (line !== undefined) say(`  ${line}`);
        return;
      }
      default:
        event satisfies never;
    }
  };
  return { print, end: live.end };
}

function bar(share: number | undefined, paint: Paint): string {
  const full = Math.round((share ?? 0) * BAR_CELLS);
  return paint('cyan', '█'.repeat(full)) + paint('dim', '░'.repeat(BAR_CELLS - full));
}
