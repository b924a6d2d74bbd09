import { reasonText } from '../../pipeline/explain.ts';
import { plan, type PlanEntry } from '../../pipeline/plan.ts';
import { storeSize } from '../../pipeline/store-contents.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { planLines } from '../printers/plan-lines.ts';
import { openSession, refuseUnknownStages } from '../session.ts';
import { countText, painter, sizeText, wantsColour } from '../style.ts';

/** `status [STAGE...]`: what is fresh, what would run and why. Changes nothing. */
export async function execute(invocation: Invocation): Promise<number> {
  const { options, answer, environment } = invocation;
  const { survey } = await openSession(invocation);
  refuseUnknownStages(survey.graph, options.words);
  const entries = await plan(survey, { targets: options.words, only: false, force: false });
  if (options.values['json'] === true) {
    answer.write(`${JSON.stringify(entries.map(jsonEntry), null, 2)}\n`);
    return exitStatus.done;
  }
  const paint = painter(wantsColour(answer, environment));
  answer.write(`${planLines(entries, paint).join('\n')}\n`);
  const waiting = entries.filter(({ state }) => state.state !== 'fresh').length;
  answer.write(
    waiting === 0
      ? '\nEverything is fresh.\n'
      : `\n${waiting} of ${entries.length} would or might run: npm run pipeline\n`,
  );
  const { objects, bytes } = storeSize(survey.workspace.store);
  if (objects > 0) {
    answer.write(`The store holds ${countText(objects, 'object')}, ${sizeText(bytes)} in all.\n`);
  }
  return exitStatus.done;
}

export function jsonEntry({ instance, state }: PlanEntry): unknown {
  return {
    instance: instance.id,
    state: state.state,
    ...(state.state === 'fresh'
      ? { fingerprint: state.record.fingerprint, outputs: state.record.outputs }
      : {}),
    ...(state.state === 'will-run'
      ? { reasons: state.reasons.map((reason) => ({ ...reason, text: reasonText(reason) })) }
      : {}),
    ...(state.state === 'may-run' ? { upstream: state.upstream } : {}),
  };
}
