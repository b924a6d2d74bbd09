import path from 'node:path';
import type { RunEvent } from './events.ts';
import type { Reason } from './explain.ts';
import type { Store } from './store.ts';

/** What is not whole leaves its place to what is built again. @returns what it was, and where it is now */
export function setAsideDamaged(
  store: Store,
  reasons: readonly Reason[],
): readonly { readonly what: string; readonly aside: string }[] {
  return reasons.flatMap((reason) => {
    if (reason.cue === 'record') {
      const aside = store.setRecordAside(reason.fingerprint);
      return aside === undefined ? [] : [{ what: 'the record', aside }];
    }
    if (reason.cue !== 'object' || reason.state !== 'damaged') return [];
    return [{ what: reason.output, aside: store.setAside(reason.sha256) }];
  });
}

/** One warning for each thing that was damaged. */
export function damageWarning(what: string, aside: string): RunEvent {
  const name = path.basename(aside);
  return {
    type: 'warning',
    text: `${what} was damaged in the store: set aside as ${name}, and built again.`,
  };
}
