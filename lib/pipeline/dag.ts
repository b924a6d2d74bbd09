import { reasonText } from './explain.ts';
import { stageOf, type Graph } from './graph.ts';
import type { InstanceState, PlanEntry } from './plan.ts';

/** A stage as it is drawn: its instances are one node. */
export interface DagNode {
  readonly stage: string;
  readonly instances: number;
  /** The state of the instance that is furthest from fresh. */
  readonly state: InstanceState['state'];
  /** How many of the instances are in that state. */
  readonly inState: number;
  /** Why, for the first of them; empty when all are fresh. */
  readonly reason: string;
  /** The stages that it reads from. */
  readonly needs: readonly string[];
}

/** The pipeline as nodes, in running order. */
export function dagNodes(graph: Graph, entries: readonly PlanEntry[]): readonly DagNode[] {
  return graph.stages.flatMap((stage) => {
    const states = entries
      .filter(({ instance }) => instance.stage.name === stage.name)
      .map((entry) => entry.state);
    const worst = WORST_FIRST.map((name) => states.filter(({ state }) => state === name)).find(
      (list) => list.length > 0,
    );
    const [first] = worst ?? [];
    if (worst === undefined || first === undefined) return [];
    const needs = stage.roles.flatMap(({ producers }) => producers.map((one) => one.stage));
    return [
      {
        stage: stage.name,
        instances: states.length,
        state: first.state,
        inState: worst.length,
        reason: reasonOf(first),
        needs: [...new Set(needs)],
      },
    ];
  });
}

/** The nodes as Mermaid text: what GitHub, GitLab and many editors draw. */
export function mermaid(nodes: readonly DagNode[]): string {
  const names = nodes.map(({ stage }) => stage);
  const lines = nodes.map(
    (node) => `  ${id(node.stage)}["${label(node)}"]:::${CLASSES[node.state]}`,
  );
  const edges = nodes.flatMap(({ stage, needs }) =>
    needs.filter((need) => names.includes(need)).map((need) => `  ${id(need)} --> ${id(stage)}`),
  );
  return [
    'flowchart LR',
    ...lines,
    ...edges,
    '  classDef fresh fill:#e6f4ee,stroke:#00664a,color:#1c2126',
    '  classDef willRun fill:#fdf1e4,stroke:#8f3d00,color:#1c2126,stroke-width:2px',
    '  classDef mayRun fill:#f2f3ef,stroke:#8f3d00,color:#1c2126,stroke-dasharray:4 3',
    '',
  ].join('\n');
}

const WORST_FIRST = ['will-run', 'may-run', 'fresh'] as const;
const CLASSES = { fresh: 'fresh', 'will-run': 'willRun', 'may-run': 'mayRun' } as const;
const WORDS = { fresh: 'fresh', 'will-run': 'will run', 'may-run': 'may run' } as const;

function reasonOf(state: InstanceState): string {
  switch (state.state) {
    case 'fresh':
      return '';
    case 'will-run':
      return state.reasons[0] === undefined ? '' : reasonText(state.reasons[0]);
    case 'may-run':
      return `after ${[...new Set(state.upstream.map(stageOf))].join(' and ')}`;
    default:
      return state satisfies never;
  }
}

/** A name of its own, since some words (`end`) mean something to Mermaid. */
function id(stage: string): string {
  return `stage_${stage.replaceAll('-', '_')}`;
}

function label({ stage, instances, state, inState, reason }: DagNode): string {
  const count = instances > 1 ? ` x ${instances}` : '';
  const some = inState < instances ? ` (${inState})` : '';
  const why = reason === '' ? '' : `: ${reason}`;
  return `${quoted(stage)}${count}<br/>${WORDS[state]}${some}${quoted(why)}`;
}

/** Mermaid's own escapes, by number: whatever a parameter holds stays text. */
function quoted(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N} .,:;()[\]=/+_-]/gu, (one) => `#${one.codePointAt(0) ?? 0};`);
}
