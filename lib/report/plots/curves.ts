import * as Plot from '@observablehq/plot';
import type { Epoch, FoldHistory } from '../data.ts';
import { fixed, percent } from '../text.ts';
import { faint, ink, seriesColour } from './colours.ts';
import { wholePercent } from './comparison.ts';
import { picture, ticks } from './svg.ts';

/** What the accuracy curves are, in the order of their colours; the page's legend says the same. */
export const curveSeries = [
  { key: 'trainAccuracy', name: 'accuracy, training clips', dash: '5 3', colour: seriesColour(1) },
  { key: 'testAccuracy', name: 'accuracy (WA), test clips', dash: '', colour: seriesColour(0) },
  { key: 'testUar', name: 'UAR, test clips', dash: '1.5 2.5', colour: seriesColour(2) },
] as const;

/** More points than this are not seen at a picture's width. */
const mostPoints = 300;

/** Training loss over the epochs of one fold, from zero to `highest`, the same for all folds. */
export function lossPlot(id: string, history: FoldHistory, highest: number): string {
  const { first, last } = ends(history.epochs);
  return picture(
    {
      id,
      title: `Fold ${String(history.fold)}: training loss`,
      description: `From ${fixed(first.loss, 3)} after epoch ${String(first.epoch)} to ${fixed(last.loss, 3)} after epoch ${String(last.epoch)}, mean cross-entropy of a clip.`,
    },
    {
      ...frame(history.epochs, 130),
      y: { domain: [0, highest], axis: null },
      marks: [
        ...axes(history.epochs, ticks(0, highest, 4), (value) => fixed(value, highest < 1 ? 2 : 1)),
        Plot.line(thinned(history.epochs), {
          x: 'epoch',
          y: 'loss',
          stroke: ink,
          strokeWidth: 1.5,
        }),
      ],
    },
  );
}

/** Accuracy on training and test clips and UAR on test clips over the epochs of one fold. */
export function accuracyPlot(id: string, history: FoldHistory, classes: number): string {
  const { last } = ends(history.epochs);
  const points = thinned(history.epochs);
  return picture(
    {
      id,
      title: `Fold ${String(history.fold)}: accuracy and UAR`,
      description: `After the last epoch, ${String(last.epoch)}: accuracy ${percent(last.trainAccuracy)} on training clips, ${percent(last.testAccuracy)} on test clips; UAR ${percent(last.testUar)} on test clips.`,
    },
    {
      ...frame(history.epochs, 190),
      y: { domain: [0, 1], axis: null },
      marks: [
        ...axes(history.epochs, [0, 0.25, 0.5, 0.75, 1], wholePercent),
        Plot.ruleY([1 / classes], { stroke: faint, strokeDasharray: '3 3' }),
        ...curveSeries.map(({ key, dash, colour }) =>
          Plot.line(points, {
            x: 'epoch',
            y: key,
            stroke: colour,
            strokeWidth: 1.75,
            ...(dash === '' ? {} : { strokeDasharray: dash }),
          }),
        ),
      ],
    },
  );
}

/** The top of the loss axis for several folds: the largest loss of all. */
export function highestLoss(histories: readonly FoldHistory[]): number {
  const most = histories.reduce(
    (highest, { epochs }) => epochs.reduce((so, { loss }) => (loss > so ? loss : so), highest),
    0,
  );
  return most > 0 && Number.isFinite(most) ? most : 1;
}

function frame(epochs: readonly Epoch[], height: number): Plot.PlotOptions {
  const { first, last } = ends(epochs);
  return {
    height,
    marginLeft: 44,
    marginRight: 12,
    marginTop: 8,
    marginBottom: 24,
    x: { domain: [first.epoch, Math.max(last.epoch, first.epoch + 1)], axis: null },
  };
}

function axes(
  epochs: readonly Epoch[],
  levels: readonly number[],
  format: (value: number) => string,
): Plot.Markish[] {
  const { first, last } = ends(epochs);
  const inner = ticks(0, last.epoch, 4).filter(
    (epoch) => epoch > first.epoch && Number.isInteger(epoch),
  );
  return [
    Plot.gridY(levels, { stroke: faint, strokeOpacity: 0.25 }),
    Plot.axisY(levels, { tickFormat: format, tickSize: 0, fontSize: 11, label: null }),
    Plot.axisX([first.epoch, ...inner], {
      tickFormat: String,
      tickSize: 4,
      fontSize: 11,
      label: null,
    }),
  ];
}

function ends(epochs: readonly Epoch[]): { first: Epoch; last: Epoch } {
  const none = { epoch: 1, loss: 0, trainAccuracy: 0, testAccuracy: 0, testUar: 0 };
  return { first: epochs[0] ?? none, last: epochs.at(-1) ?? none };
}

/** Every k-th epoch and the last. */
function thinned(epochs: readonly Epoch[]): Epoch[] {
  const step = Math.max(1, Math.ceil(epochs.length / mostPoints));
  return epochs.filter((_, index) => index % step === 0 || index === epochs.length - 1);
}
