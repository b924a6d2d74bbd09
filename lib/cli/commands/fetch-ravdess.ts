import { fetchRavdess } from '../../corpus/fetch/ravdess.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { withInterrupts } from '../interrupts.ts';
import { userPath } from '../options.ts';
import { fetchProgress } from '../printers/fetch.ts';
import { shownPath } from '../session.ts';

/** `fetch:ravdess`: downloads, checks and unpacks the real corpus. */
export async function execute(invocation: Invocation): Promise<number> {
  const { options, folder, talk, answer } = invocation;
  const { into = 'corpus/ravdess', url } = options.values as { into?: string; url?: string };
  const quiet = options.values['quiet'] === true;
  const progress = fetchProgress(talk, quiet);
  const { outcome, interrupted } = await withInterrupts(progress, (signal) =>
    fetchRavdess({
      into: userPath(into, folder),
      signal,
      onProgress: progress.step,
      ...(url === undefined ? {} : { url }),
    }),
  );
  if (interrupted !== undefined) return interrupted;
  answer.write(`${outcome.files} recordings in ${shownPath(outcome.folder, folder)}\n`);
  answer.write(
    `${outcome.notice}\n\nnpm run pipeline -- --corpus ${shownPath(outcome.folder, folder)}\n`,
  );
  return exitStatus.done;
}
