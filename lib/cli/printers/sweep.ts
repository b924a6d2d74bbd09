import type { RunEvent } from '../../pipeline/events.ts';
import { spokenName, stageOf } from '../../pipeline/graph.ts';
import type { Survey } from '../../pipeline/plan.ts';
import type { Sweep } from '../../sweeps/sweep.ts';
import { bestSoFar, SweepWatch, type WatchedRun } from '../sweeps/watch.ts';
import { isTerminal, type Paint } from '../style.ts';
import { liveLines } from './live.ts';
import { Pace } from './pace.ts';
import { settledLine } from './plain.ts';
import type { Printer } from './printer.ts';
import { TimeLeft } from './time-left.ts';

/** What a sweep says while it runs, and what became of its runs. */
export interface SweepPrinter extends Printer {
  readonly watch: SweepWatch;
}

/**
 * A line for each run that ends; on a terminal, below them, how many are done, running and failed, the
 * best so far and the time left.
 */
export function sweepPrinter(
  out: NodeJS.WritableStream,
  paint: Paint,
  { sweep, survey, jobs, quiet }: { sweep: Sweep; survey: Survey; jobs: number; quiet: boolean },
): SweepPrinter {
  const time = new TimeLeft(jobs);
  const pace = new Pace();
  const shared = sharedStages(sweep);
  const live =
    isTerminal(out) && !quiet
      ? liveLines(out, () => statusLines(watch.runs, time, pace, paint))
      : undefined;
  const loud = (line: string): void => {
    if (live === undefined) out.write(`${line}\n`);
    else live.say(line);
  };
  const say = (line: string): void => {
    if (!quiet) loud(line);
  };
  let ended = 0;
  const watch = new SweepWatch(sweep, survey, (run) => {
    ended += 1;
    if (run.state === 'interrupted') return;
    say(runLine(run, ended, watch.runs.length, time, paint));
  });

  const print = (event: RunEvent): void => {
    if (event.type === 'warning') {
      loud(paint('yellow', `warning: ${event.text}`));
      return;
    }
    watch.listen(event);
    if (event.type === 'plan') {
      time.expect(event.entries);
      return;
    }
    const stage = 'instance' in event ? stageOf(event.instance) : '';
    if (event.type === 'started') {
      pace.start(event.instance);
      live?.start();
      if (shared.has(stage)) say(`${paint('bold', event.instance)}: ${wordsOf(stage)}`);
      return;
    }
    if (event.type === 'progress') pace.step(event.instance, event.done, event.total);
    if (event.type === 'waiting')
      say(`${event.instance}: waiting for ${event.holder}, which computes it`);
    if (event.type === 'log' && shared.has(stage) && stage !== 'compare')
      say(`${event.instance}: ${event.line}`);
    if (event.type === 'settled') {
      pace.finish(event.instance);
      time.settle(event.instance, event.result);
      const line = shared.has(stage) ? settledLine(event, paint) : undefined;
      const quietly = ['restored', 'blocked'].includes(event.result.kind);
      if (line !== undefined && !quietly) say(line);
    }
  };
  return {
    watch,
    print,
    end: () => {
      live?.end();
    },
  };
}

function wordsOf(stage: string): string {
  return stage === 'compare' ? 'all points, held against each other' : 'once, for all that need it';
}

/** Stages under their own name: what runs share, and the comparison. */
function sharedStages({ graph }: Sweep): ReadonlySet<string> {
  return new Set(graph.stages.map(({ name }) => name).filter((name) => spokenName(name) === name));
}

function runLine(
  { run, state, uar }: WatchedRun,
  ended: number,
  total: number,
  time: TimeLeft,
  paint: Paint,
): string {
  const mark = state === 'done' ? paint('green', '✓') : paint('red', '✗');
  const score =
    state === 'done' ? (uar === undefined ? 'done' : `UAR ${(100 * uar).toFixed(1)} %`) : 'failed';
  const left = time.words();
  const rest = ended < total && left !== '' ? paint('dim', `, ${left}`) : '';
  return `${mark} ${ended}/${total}  ${run.point.label} seed=${run.seed}: ${score}${rest}`;
}

function statusLines(
  runs: readonly WatchedRun[],
  time: TimeLeft,
  pace: Pace,
  paint: Paint,
): readonly string[] {
  const count = (state: WatchedRun['state']): number =>
    runs.filter((run) => run.state === state).length;
  const best = bestSoFar(runs);
  const left = time.words();
  const parts = [
    `${count('done')} of ${runs.length} done`,
    `${count('running')} running`,
    ...(count('failed') === 0 ? [] : [paint('red', `${count('failed')} failed`)]),
    ...(left === '' ? [] : [left]),
  ];
  const first = `  ${parts.join(' · ')}`;
  const second =
    best === undefined
      ? []
      : [`  best so far: ${best.label}, UAR ${(100 * best.uar).toFixed(1)} %`];
  const active = pace.running().map((instance) => {
    const words = pace.words(instance);
    return paint('dim', `  ${spokenName(instance)}${words === '' ? '' : ` ${words}`}`);
  });
  return [first, ...second, ...active];
}
