import { hasPositions, noPositions, type Position, positions, span } from '../attention.ts';
import type { Evaluation, Example, ReportData } from '../data.ts';
import { howChosen } from '../examples.ts';
import { attentionPlot } from '../plots/attention.ts';
import { mostBars, spectrogramPlot } from '../plots/spectrogram.ts';
import { head, number, tableHtml, text } from '../tables.ts';
import { fixed, html, nameHtml, percent, points, proseHtml } from '../text.ts';
import { classLegend, figure, forEachEvaluation, gallery, type Section } from './section.ts';

/** Where the network looked: the mean over clips, by class, and on examples. */
export function attentionSection(data: ReportData): Section {
  const cut = data.corpus.samples / Math.max(1, data.corpus.rateHz);
  const body = forEachEvaluation(data, (evaluation, id) => {
    if (!hasPositions(evaluation)) {
      return `<p>${evaluation.attention === 'authors' ? codeHtml(noPositions) : 'This model gives no attention weights.'}</p>`;
    }
    const found = positions(evaluation, data.features, cut, data.classes.length);
    return [
      `<p>${proseHtml(whatPositionsHear(found, cut))}</p>`,
      gallery([
        figure(
          attentionPlot(`${id}-attention`, found, data.classes),
          `${classLegend(data.classes, 'shapes')}Mean weight over all test clips (bars) and of each true class (marks). The dashed line is what equal weights would be.`,
        ),
        `<div class="cell broad">${positionTable(found, data.classes)}</div>`,
      ]),
    ].join('\n');
  });
  const [headline] = data.evaluations;
  return {
    id: 'attention',
    title: 'Where the attention looks',
    body: `${body}\n${examples(data, headline, cut)}`,
  };
}

/** How fine the attention can point: positions hear long, overlapping stretches. */
function whatPositionsHear(found: readonly Position[], cut: number): string {
  const [first, second] = found;
  if (first?.from === undefined || first.to === undefined) {
    return `The attention has ${String(found.length)} positions.`;
  }
  const length = first.to - first.from;
  const overlaps = second?.from !== undefined && second.from < first.to;
  return (
    `The attention has ${String(found.length)} positions in the ${fixed(cut, 2)} s of a clip, and each hears about ${fixed(length, 1)} s of it` +
    (overlaps ? ', so neighbours overlap and a weight cannot point finer than that.' : '.')
  );
}

function positionTable(found: readonly Position[], classes: readonly string[]): string {
  return tableHtml({
    caption: 'Mean attention by position, in percent',
    heads: [
      text('Position'),
      number('Hears, s'),
      number('All'),
      ...classes.map((name) => number(nameHtml(name))),
    ],
    rows: found.map((position) => [
      head(String(position.number)),
      number(
        position.from === undefined || position.to === undefined
          ? '–'
          : `${fixed(position.from, 2)}–${fixed(position.to, 2)}`,
      ),
      number(points(position.mean)),
      ...position.byClass.map((mean) => number(points(mean))),
    ]),
  });
}

function examples(data: ReportData, headline: Evaluation, cut: number): string {
  if (data.examples.length === 0) return '';
  const figures = data.examples.map((example, index) => {
    const weights = hasPositions(headline) ? example.prediction.attention : [];
    const svg = spectrogramPlot(
      `example-${String(index + 1)}`,
      `Clip ${example.prediction.clip}`,
      example,
      data.features,
      weights,
      weights.map((_, position) => span(headline, data.features, cut, position)),
    );
    return figure(svg, exampleCaption(data.classes, example));
  });
  return [
    '<h3>Examples</h3>',
    `<p>${proseHtml(howChosen)} Brighter is louder, over 80&nbsp;dB; time counts from where the cut begins.${howDrawn(headline)}</p>`,
    gallery(figures, 'wide'),
  ].join('\n');
}

function howDrawn(headline: Evaluation): string {
  if (!hasPositions(headline)) return '';
  const weights = headline.predictions.find(({ model }) => model === 'network')?.attention.length;
  return (weights ?? 0) > mostBars
    ? ' The line above a clip is the weight of each position, at the middle of what it hears.'
    : ' The bars above a clip span what each position hears: the fuller the colour, the more weight.';
}

function exampleCaption(classes: readonly string[], { prediction, role }: Example): string {
  const truth = classes[prediction.truth] ?? '?';
  const predicted = classes[prediction.predicted] ?? '?';
  const right = prediction.truth === prediction.predicted;
  const sure = percent(prediction.probabilities[prediction.predicted] ?? 0);
  const verdict = right
    ? `${nameHtml(truth)}, called so with ${proseHtml(sure)}`
    : `${nameHtml(truth)}, called <b>${nameHtml(predicted)}</b> with ${proseHtml(sure)}`;
  const kind = role === 'typical' ? 'Typical' : 'A sure mistake';
  return `${kind}: ${verdict}.<br><code>${nameHtml(prediction.clip)}</code>, fold ${String(prediction.fold)}`;
}

function codeHtml(sentence: string): string {
  return html(sentence).replaceAll(/`([^`]+)`/g, '<code>$1</code>');
}
