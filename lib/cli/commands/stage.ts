import { UserError } from '../../pipeline/errors.ts';
import type { Invocation } from '../command.ts';
import { runCommand } from '../run-command.ts';

/** `stage NAME`: that stage alone, on the latest recorded inputs. */
export function execute(invocation: Invocation): Promise<number> {
  const { values, words } = invocation.options;
  if (words.length !== 1) {
    throw new UserError('no-stage', 'Name one stage: npm run stage -- train');
  }
  return runCommand(invocation, { targets: words, only: true, force: values['force'] === true });
}
