import { reasonText } from '../../pipeline/explain.ts';
import { stageOf } from '../../pipeline/graph.ts';
import type { InstanceState, PlanEntry } from '../../pipeline/plan.ts';
import { columns, type Paint } from '../style.ts';

/** The plan as a table: a stage a line, its instances folded together where they agree. */
export function planLines(entries: readonly PlanEntry[], paint: Paint): readonly string[] {
  const byStage = new Map<string, PlanEntry[]>();
  for (const entry of entries) {
    const { name } = entry.instance.stage;
    byStage.set(name, [...(byStage.get(name) ?? []), entry]);
  }
  const rows = [...byStage].flatMap(([name, list]) =>
    groups(list).map(([first, members]) => {
      const each =
        members.length === list.length
          ? ''
          : ` ${members.map((m) => m.instance.id.replace(/^[^[]*/, '')).join(' ')}`;
      const count = members.length > 1 ? ` x ${members.length}` : '';
      return [`  ${name}${each}${count}`, stateWord(first.state, paint), stateDetail(first, paint)];
    }),
  );
  return columns(rows);
}

function groups(list: readonly PlanEntry[]): [PlanEntry, PlanEntry[]][] {
  const byText = new Map<string, PlanEntry[]>();
  const plainText = (entry: PlanEntry): string =>
    JSON.stringify([entry.state.state, stateDetail(entry, (_, text) => text)]);
  for (const entry of list)
    byText.set(plainText(entry), [...(byText.get(plainText(entry)) ?? []), entry]);
  return [...byText.values()].flatMap((members) =>
    members[0] === undefined ? [] : [[members[0], members]],
  );
}

function stateWord(state: InstanceState, paint: Paint): string {
  switch (state.state) {
    case 'fresh':
      return paint('green', 'fresh');
    case 'will-run':
      return paint('yellow', 'will run');
    case 'may-run':
      return paint('cyan', 'may run');
    default:
      return state satisfies never;
  }
}

export function stateDetail({ state, staleInputs }: PlanEntry, paint: Paint): string {
  const stale = staleInputs.length === 0 ? '' : ` (${staleText(staleInputs)})`;
  switch (state.state) {
    case 'fresh':
      return (state.restored ? paint('dim', 'restored from an earlier run') : '') + stale;
    case 'will-run': {
      const [first, ...rest] = state.reasons;
      const more = rest.length === 0 ? '' : paint('dim', ` (and ${rest.length} more)`);
      return (first === undefined ? '' : reasonText(first)) + more + stale;
    }
    case 'may-run': {
      const stages = [...new Set(state.upstream.map(stageOf))];
      return `${stages.join(' and ')} will run; fresh if the result is the same${stale}`;
    }
    default:
      return state satisfies never;
  }
}

function staleText(inputs: readonly string[]): string {
  const [last = '', ...others] = inputs.toReversed();
  if (others.length === 0) return `its input ${last} is not fresh: the latest result is used`;
  const names = `${others.toReversed().join(', ')} and ${last}`;
  return `its inputs ${names} are not fresh: their latest results are used`;
}
