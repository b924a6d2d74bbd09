import { plainWidth } from '../style.ts';

const FRAME_MS = 100;

/** Lines that stand below all that scrolls by. */
export interface LiveLines {
  /** Lets a line scroll by above them. */
  readonly say: (line: string) => void;
  /** Draws them again and again, from now on. */
  readonly start: () => void;
  /** Takes them away. */
  readonly end: () => void;
}

/** @param linesNow what stands there at the moment; each is cut to the terminal's width */
export function liveLines(out: NodeJS.WriteStream, linesNow: () => readonly string[]): LiveLines {
  let drawn = 0;
  let timer: NodeJS.Timeout | undefined;
  const erase = (): void => {
    if (drawn > 0) out.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  const draw = (): void => {
    if (timer === undefined) return;
    const lines = linesNow().map((line) => cut(line, widthOf(out)));
    drawn = lines.length;
    if (lines.length > 0) out.write(`${lines.join('\n')}\n`);
  };
  return {
    say: (line) => {
      erase();
      out.write(`${line}\n`);
      draw();
    },
    start: () => {
      timer ??= setInterval(() => {
        erase();
        draw();
      }, FRAME_MS);
    },
    end: () => {
      clearInterval(timer);
      timer = undefined;
      erase();
    },
  };
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
