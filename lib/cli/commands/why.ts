import { UserError } from '../../pipeline/errors.ts';
import { reasonText } from '../../pipeline/explain.ts';
import { plan, type PlanEntry } from '../../pipeline/plan.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { stateDetail } from '../printers/plan-lines.ts';
import { openSession, refuseUnknownStages } from '../session.ts';
import { painter, wantsColour, type Paint } from '../style.ts';
import { jsonEntry } from './status.ts';

/** `why STAGE`: every field in which it differs from its latest success. Changes nothing. */
export async function execute(invocation: Invocation): Promise<number> {
  const { options, answer, environment } = invocation;
  const [stage] = options.words;
  if (stage === undefined || options.words.length > 1) {
    throw new UserError('no-stage', 'Name one stage: npm run why -- train');
  }
  const { survey } = await openSession(invocation);
  refuseUnknownStages(survey.graph, [stage]);
  const entries = (await plan(survey, { targets: [stage], only: false, force: false })).filter(
    ({ instance }) => instance.stage.name === stage,
  );
  if (options.values['json'] === true) {
    answer.write(`${JSON.stringify(entries.map(jsonEntry), null, 2)}\n`);
    return exitStatus.done;
  }
  const paint = painter(wantsColour(answer, environment));
  for (const entry of entries) answer.write(`${reasonLines(entry, paint).join('\n')}\n`);
  return exitStatus.done;
}

function reasonLines(entry: PlanEntry, paint: Paint): readonly string[] {
  const { instance, state } = entry;
  const name = paint('bold', instance.id);
  switch (state.state) {
    case 'fresh':
      return [`${name} is fresh: nothing differs from its latest success.`];
    case 'may-run':
      return [`${name} may run: ${stateDetail(entry, paint)}.`];
    case 'will-run':
      return [`${name} will run:`, ...state.reasons.map((reason) => `  ${reasonText(reason)}`)];
    default:
      return state satisfies never;
  }
}
