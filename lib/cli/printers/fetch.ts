import { duration, isTerminal } from '../style.ts';

export interface FetchProgress {
  readonly step: (doneBytes: number, totalBytes: number) => void;
  readonly end: () => void;
}

/** How far a download is: one line that changes on a terminal, a line every 10 % elsewhere. */
export function fetchProgress(out: NodeJS.WritableStream, quiet: boolean): FetchProgress {
  if (quiet) return { step: () => undefined, end: () => undefined };
  const live = isTerminal(out);
  let lastMs = 0;
  let lastTenth = -1;
  let first: { bytes: number; atMs: number } | undefined;
  const words = (done: number, total: number): string => {
    first ??= { bytes: done, atMs: Date.now() };
    const rate = (done - first.bytes) / Math.max(1, Date.now() - first.atMs) / 1000;
    const left = rate > 0 ? `, ${duration((total - done) / 1e6 / rate)} left` : '';
    return `${(done / 1e6).toFixed(1)} of ${(total / 1e6).toFixed(1)} MB${left}`;
  };
  return {
    step: (done, total) => {
      const tenth = Math.floor((done / total) * 10);
      const due = live ? Date.now() - lastMs > 100 || done === total : tenth > lastTenth;
      if (!due) return;
      lastMs = Date.now();
      lastTenth = tenth;
      out.write(live ? `\r\u001b[2K${words(done, total)}` : `${words(done, total)}\n`);
    },
    end: () => {
      if (live && first !== undefined) out.write('\n');
    },
  };
}
