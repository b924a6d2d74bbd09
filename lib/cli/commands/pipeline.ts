import { UserError } from '../../pipeline/errors.ts';
import type { Selection } from '../../pipeline/plan.ts';
import type { Invocation } from '../command.ts';
import { runCommand } from '../run-command.ts';

/** `pipeline [STAGE...]`: run what is not fresh. */
export function execute(invocation: Invocation): Promise<number> {
  const { values, words } = invocation.options;
  const selection: Selection = {
    targets: words,
    only: values['only'] === true,
    force: values['force'] === true,
  };
  if (selection.only && words.length === 0) {
    throw new UserError('no-stage', 'Say which stage runs alone: npm run pipeline -- train --only');
  }
  return runCommand(invocation, selection);
}
