import type { Evaluation, ReportData } from '../data.ts';
import { confusionPlot } from '../plots/confusion.ts';
import { accuracyPlot, curveSeries, highestLoss, lossPlot } from '../plots/curves.ts';
import { foldScores, modelWords, pooled } from '../scores.ts';
import { head, number, tableHtml, text } from '../tables.ts';
import { counted, html, nameHtml, points } from '../text.ts';
import { figure, forEachEvaluation, gallery, type Section } from './section.ts';

/** Confusion matrices, pooled and for each fold, and the scores of each class. */
export function confusionSection(data: ReportData): Section {
  return {
    id: 'confusion',
    title: 'What is taken for what',
    body: forEachEvaluation(data, (evaluation, id) =>
      [
        gallery([
          ...pooledFigures(data, evaluation, id),
          `<div class="cell">${classTable(data, evaluation)}</div>`,
        ]),
        `<details><summary>Confusion in each fold</summary>`,
        gallery(
          foldScores(evaluation, 'network').map((score) =>
            figure(
              confusionPlot(
                `${id}-confusion-${String(score.fold)}`,
                `Fold ${String(score.fold)}: true and predicted classes`,
                score,
                data.classes,
              ),
              `Fold ${String(score.fold)}, ${counted(score.clips, 'clip')}: UAR ${points(score.uar)}&nbsp;%, WA ${points(score.wa)}&nbsp;%${score.collapsed ? ', <b>collapsed</b>' : ''}.`,
            ),
          ),
        ),
        '</details>',
      ].join('\n'),
    ),
  };
}

function pooledFigures(data: ReportData, evaluation: Evaluation, id: string): string[] {
  // The baseline is the same in every evaluation of the same folds: once is enough.
  const shown = evaluation === data.evaluations[0] ? ['network', 'loudness'] : ['network'];
  return shown.flatMap((model) => {
    const score = pooled(evaluation, model);
    if (score === undefined) return [];
    const { name } = modelWords(model);
    const svg = confusionPlot(
      `${id}-confusion-${model}`,
      `${name}: true and predicted classes, all folds pooled`,
      score,
      data.classes,
    );
    return [
      figure(
        svg,
        `<b>${html(name)}</b>, all folds pooled. The stronger the colour, the larger the share of the true class.`,
      ),
    ];
  });
}

function classTable(data: ReportData, evaluation: Evaluation): string {
  const score = pooled(evaluation, 'network');
  const loudness = pooled(evaluation, 'loudness');
  return tableHtml({
    caption: 'The network, class by class, in percent',
    heads: [
      text('Class'),
      number('Recall'),
      number('Precision'),
      number('F1'),
      ...(loudness === undefined ? [] : [number('Recall,<br>loudness')]),
    ],
    rows: data.classes.map((name, label) => [
      head(nameHtml(name)),
      ...[score?.recall, score?.precision, score?.f1].map((of) => number(points(of?.[label] ?? 0))),
      ...(loudness === undefined ? [] : [number(points(loudness.recall[label] ?? 0))]),
    ]),
  });
}

/** Loss and accuracy over the epochs, for each fold. */
export function curveSection(data: ReportData): Section {
  const legend = curveSeries.map(
    ({ name, colour, dash }) =>
      `<li><i class="line ${dash === '' ? 'solid' : dash.startsWith('5') ? 'dashed' : 'dotted'}" style="color:${colour}"></i>${html(name)}</li>`,
  );
  const legendHtml = `<ul class="legend">${legend.join('')}<li><i class="line dashed" style="color:var(--faint)"></i>guessing (UAR)</li></ul>`;
  return {
    id: 'curves',
    title: 'How training went',
    body:
      `<p>Above, the training loss (mean cross-entropy of a clip, in nats); below, accuracy and UAR, by epoch. The last epoch is the one that counts.</p>\n${legendHtml}\n` +
      forEachEvaluation(data, (evaluation, id) => {
        const highest = highestLoss(evaluation.histories);
        return evaluation.histories.length === 0
          ? '<p>No history of training was given to the report.</p>'
          : gallery(
              evaluation.histories.map((history) => {
                const fold = String(history.fold);
                const last = history.epochs.at(-1);
                const svg =
                  lossPlot(`${id}-loss-${fold}`, history, highest) +
                  accuracyPlot(`${id}-accuracy-${fold}`, history, data.classes.length);
                return figure(
                  svg,
                  `Fold ${fold}${last === undefined ? '' : `, epoch ${String(last.epoch)}: UAR ${points(last.testUar)}&nbsp;%`}.`,
                );
              }),
            );
      }),
  };
}
