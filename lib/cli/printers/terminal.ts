import type { RunEvent } from '../../pipeline/events.ts';
import { columns, plainWidth, type Paint } from '../style.ts';
import { Pace } from './pace.ts';
import { settledLine } from './plain.ts';
import { planLines } from './plan-lines.ts';
import type { Printer } from './printer.ts';

const FRAME_MS = 100;
const BAR_CELLS = 24;

/** A live view: what is done scrolls by, what runs stands below it with a bar each. */
export function terminalPrinter(out: NodeJS.WriteStream, paint: Paint): Printer {
  const pace = new Pace();
  const notes = new Map<string, string>();
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;

  const erase = (): void => {
    if (drawn > 0) out.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    const rows = [...notes].map(([instance, note]) => [
      `  ${instance}`,
      bar(pace.share(instance), paint),
      pace.words(instance),
      paint('dim', note),
    ]);
    const lines = columns(rows).map((line) => cut(line, widthOf(out)));
    drawn = lines.length;
    if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
  };
  const frame = (): void => {
    erase();
    draw();
  };
  const say = (line: string): void => {
    erase();
    out.write(`${line}\n`);
    draw();
  };
  const print = (event: RunEvent): void => {
    switch (event.type) {
      case 'plan':
        say([...planLines(event.entries, paint), ''].join('\n'));
        return;
      case 'started':
        pace.start(event.instance);
        notes.set(event.instance, '');
        timer ??= setInterval(frame, FRAME_MS);
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
  return {
    print,
    end: () => {
      clearInterval(timer);
      erase();
    },
  };
}

function bar(share: number | undefined, paint: Paint): string {
  const full = Math.round((share ?? 0) * BAR_CELLS);
  return paint('cyan', '█'.repeat(full)) + paint('dim', '░'.repeat(BAR_CELLS - full));
}

/** Some terminals (in containers, in editors) say that they are 0 wide. */
function widthOf(out: NodeJS.WriteStream): number {
  return out.columns > 0 ? out.columns : 80;
}

/** A line that wrapped could not be erased again. */
function cut(line: string, width: number): string {
  if (plainWidth(line) < width) return line;
  let kept = '';
  let cells = 0;
  for (const piece of line.split(/(\u001b\[[0-9;]*m)/)) {
    if (piece.startsWith('\u001b')) kept += piece;
    else {
      kept += piece.slice(0, Math.max(0, width - 1 - cells));
      cells += piece.length;
    }
  }
  return kept;
}
