import type { ReportData, StageFact } from '../data.ts';
import { html, listed } from '../text.ts';
import { arrange, type Arranged, type Place } from './layers.ts';
import type { PictureWords } from './svg.ts';

const LETTER = 7.5;
const PADDING = 20;
const HEIGHT = 28;
const ROW = 40;
const GAP = 40;

/** The stages from left to right, each behind all that it reads. Lengths are whole pixels. */
export function pipelinePlot(id: string, data: Pick<ReportData, 'stages' | 'artifacts'>): string {
  const { stages } = data;
  const label = (stage: StageFact): string => {
    const count = instanceCount(data, stage.name);
    return count > 1 ? `${stage.name} × ${String(count)}` : stage.name;
  };
  const labels = new Map(stages.map((stage) => [stage.name, label(stage)]));
  const arranged = arrange(
    stages.map(({ name, needs }) => ({ name, needs: Object.values(needs).flat() })),
  );
  const columns = columnsOf(arranged, labels);
  const rows = Math.max(1, ...arranged.layers.map((layer) => layer.length));
  const width = columns.reduce((sum, column) => Math.max(sum, column.x + column.width), 0) + 2;
  const height = rows * ROW;
  const middle = (place: Place): number => {
    const layer = arranged.layers[place.layer] ?? [];
    return (rows - layer.length) * (ROW / 2) + layer.indexOf(place) * ROW + ROW / 2;
  };
  const words: PictureWords = {
    id,
    title: 'The pipeline',
    description: stages.map((stage) => sentence(stage, label(stage))).join(' '),
  };
  return [
    `<svg id="${id}" role="img" aria-labelledby="${id}-title" aria-describedby="${id}-desc" viewBox="0 0 ${String(width)} ${String(height)}" style="min-width:${String(Math.round(width * 0.75))}px">`,
    `<title id="${id}-title">${html(words.title)}</title><desc id="${id}-desc">${html(words.description)}</desc>`,
    '<g fill="none" stroke="currentColor" stroke-opacity="0.45" stroke-width="1.5">',
    ...lines(arranged, columns, middle),
    '</g>',
    ...boxes(arranged, columns, middle, labels),
    '</svg>',
  ].join('');
}

interface Column {
  readonly x: number;
  readonly width: number;
}

function columnsOf({ layers }: Arranged, labels: ReadonlyMap<string, string>): readonly Column[] {
  let x = 1;
  return layers.map((layer) => {
    const letters = Math.max(...layer.map(({ stage }) => (labels.get(stage ?? '') ?? '').length));
    const width = Math.ceil(letters * LETTER) + PADDING;
    const column = { x, width };
    x += width + GAP;
    return column;
  });
}

/** What a stage reads that is more than a step away goes past the boxes between on a line of its own. */
function lines(
  { layers, links }: Arranged,
  columns: readonly Column[],
  middle: (place: Place) => number,
): readonly string[] {
  const drawn = links.map(({ from, to }) => {
    const start = (columns[from.layer]?.x ?? 0) + (columns[from.layer]?.width ?? 0);
    const end = columns[to.layer]?.x ?? 0;
    const bend = (start + end) / 2;
    const [y0, y1] = [String(middle(from)), String(middle(to))];
    const tip = to.stage === undefined ? 0 : 6;
    return `<path d="M${String(start)} ${y0}C${String(bend)} ${y0} ${String(bend)} ${y1} ${String(end - tip)} ${y1}"/>`;
  });
  const passing = layers
    .flat()
    .filter(({ stage }) => stage === undefined)
    .map((place) => {
      const { x, width } = columns[place.layer] ?? { x: 0, width: 0 };
      return `<path d="M${String(x)} ${String(middle(place))}h${String(width)}"/>`;
    });
  return [...drawn, ...passing];
}

function boxes(
  { layers, links }: Arranged,
  columns: readonly Column[],
  middle: (place: Place) => number,
  labels: ReadonlyMap<string, string>,
): readonly string[] {
  return layers.flat().flatMap((place) => {
    const { stage, layer } = place;
    if (stage === undefined) return [];
    const { x, width } = columns[layer] ?? { x: 0, width: 0 };
    const y = middle(place);
    const fed = links.some(({ to }) => to === place);
    const tip = `<path d="M${String(x - 7)} ${String(y - 4)}l7 4l-7 4z" fill="currentColor" fill-opacity="0.6"/>`;
    return [
      fed ? tip : '',
      `<rect x="${String(x)}" y="${String(y - HEIGHT / 2)}" width="${String(width)}" height="${String(HEIGHT)}" rx="5" fill="var(--wash)" stroke="var(--accent)"/>`,
      `<text x="${String(x + width / 2)}" y="${String(y + 4)}" text-anchor="middle" font-size="13">${html(labels.get(stage) ?? '')}</text>`,
    ];
  });
}

function instanceCount({ artifacts }: Pick<ReportData, 'artifacts'>, stage: string): number {
  const of = artifacts.filter((artifact) => artifact.stage === stage);
  return new Set(of.map(({ instance }) => instance)).size;
}

function sentence({ needs }: StageFact, label: string): string {
  const from = [...new Set(Object.values(needs).flat())];
  return from.length === 0 ? `${label} comes first.` : `${label} reads from ${listed(from)}.`;
}
