import { UserError } from './errors.ts';
import type { Instance } from './graph.ts';
import { producersOf, type Survey } from './plan.ts';
import type { StoreRecord } from './store.ts';

/**
 * With `only`, what the targets read is the latest that was recorded, fresh or not.
 *
 * @returns instance -> record, of everything above the targets that has one
 * @throws UserError when a target reads what was never made
 */
export function latestInputs(
  survey: Survey,
  order: readonly Instance[],
  targets: readonly string[],
): ReadonlyMap<string, StoreRecord> {
  const isTarget = ({ stage }: Instance): boolean => targets.includes(stage.name);
  const records = new Map<string, StoreRecord>();
  for (const instance of order.filter((each) => !isTarget(each))) {
    const record = survey.latestRecord(instance);
    if (record !== undefined) records.set(instance.id, record);
  }
  for (const instance of order.filter(isTarget)) {
    const missing = producersOf(survey.graph, instance).find(
      ({ producer }) => !records.has(producer.id) && !isTarget(producer),
    );
    if (missing === undefined) continue;
    const { name } = missing.producer.stage;
    throw new UserError(
      'no-input',
      `${instance.stage.name} reads ${missing.role.kind} of ${name}, which has not run yet. \`npm run pipeline -- ${instance.stage.name}\` runs it first, and all else that is needed.`,
    );
  }
  return records;
}
