import { dagNodes, mermaid } from '../../pipeline/dag.ts';
import { plan } from '../../pipeline/plan.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { openSession, refuseUnknownStages } from '../session.ts';

/** `dag [STAGE...]`: the pipeline as Mermaid text, with what is fresh and what is not. */
export async function execute(invocation: Invocation): Promise<number> {
  const { options, answer } = invocation;
  const { survey } = await openSession(invocation);
  refuseUnknownStages(survey.graph, options.words);
  const entries = await plan(survey, { targets: options.words, only: false, force: false });
  const nodes = dagNodes(survey.graph, entries);
  answer.write(
    options.values['json'] === true ? `${JSON.stringify(nodes, null, 2)}\n` : mermaid(nodes),
  );
  return exitStatus.done;
}
