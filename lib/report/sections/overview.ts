import type { Evaluation, ReportData } from '../data.ts';
import { paper } from '../paper.ts';
import { comparisonPlot } from '../plots/comparison.ts';
import { meanOverFolds, models, modelWords, pooled } from '../scores.ts';
import { answer, besideTheAnswer, percentLevel, syntheticNotice, verdict } from '../sentences.ts';
import { head, number, tableHtml, text } from '../tables.ts';
import { counted, html, listed, nameHtml, points, proseHtml } from '../text.ts';
import type { Warning } from '../warnings.ts';
import { onPapersCorpus } from './folds.ts';
import { evaluationName, figure } from './section.ts';

/** The top of the page: what the corpus is, the answer, and how it stands beside the baselines. */
export function overview(data: ReportData, found: readonly Warning[]): string {
  const [headline, ...others] = data.evaluations;
  const notice = syntheticNotice(data);
  const judged = verdict(headline);
  return [
    notice === undefined ? '' : `<p class="notice" role="note">${html(notice)}</p>`,
    `<p class="kicker">Emotion in Motion · report</p>`,
    `<h1>Which emotion does a voice carry? The answer on ${nameHtml(data.corpus.name)}</h1>`,
    '<div class="hero"><div>',
    `<p class="answer">${proseHtml(answer(data, headline))}</p>`,
    `<p>${proseHtml(besideTheAnswer(headline))}</p>`,
    `<p class="verdict ${judged.beaten ? 'beaten' : 'unbeaten'}">${proseHtml(judged.text)}</p>`,
    ...others.map(
      (evaluation) =>
        `<p>Also evaluated: ${evaluationName(evaluation)}. ${proseHtml(otherAnswer(evaluation))}</p>`,
    ),
    found.length === 0
      ? ''
      : `<p><a href="#warnings">${counted(found.length, 'warning')}</a> to read before quoting a number.</p>`,
    '</div>',
    comparison(data, headline),
    '</div>',
    modelTable(data),
  ].join('\n');
}

function comparison(data: ReportData, headline: Evaluation): string {
  const svg = comparisonPlot(
    'comparison',
    headline,
    data.classes.length,
    onPapersCorpus(data) ? { name: 'the paper', uar: paper.uar } : undefined,
  );
  const level = proseHtml(percentLevel(headline.level));
  return figure(
    svg,
    `UAR over all test clips pooled (dot) with its ${level} interval (bar), and in each fold (rings).`,
  );
}

function otherAnswer(evaluation: Evaluation): string {
  const score = pooled(evaluation, 'network');
  if (score === undefined) return '';
  const { collapsed } = meanOverFolds(evaluation, 'network');
  const folds =
    collapsed.length === 0
      ? 'No fold collapsed.'
      : `Collapsed: fold ${listed(collapsed.map(String))}.`;
  return `UAR ${points(score.uar)} % (${points(score.uarLow)} to ${points(score.uarHigh)} %), WA ${points(score.wa)} %. ${folds}`;
}

function modelTable(data: ReportData): string {
  const rows = data.evaluations.flatMap((evaluation, index) =>
    models(evaluation)
      .filter((model) => index === 0 || model === 'network')
      .map((model) => ({ evaluation, model })),
  );
  rows.sort((a, b) => Number(b.model === 'network') - Number(a.model === 'network'));
  return tableHtml({
    caption: 'Every model on the same test clips, in percent',
    groups: [
      { html: '', columns: 1 },
      { html: 'all test clips pooled', columns: 4 },
      { html: 'mean over folds', columns: 2 },
      { html: '', columns: 2 },
    ],
    heads: [
      text('Model'),
      number('UAR'),
      number('interval'),
      number('WA'),
      number('interval'),
      number('UAR'),
      number('WA'),
      number('Collapsed<br>folds'),
      text('Hears'),
    ],
    rows: rows.map(({ evaluation, model }) => {
      const score = pooled(evaluation, model);
      const mean = meanOverFolds(evaluation, model);
      const words = modelWords(model);
      const several = model === 'network' && data.evaluations.length > 1;
      return [
        head(
          several ? `${html(words.name)}, “${html(evaluation.attention)}”` : nameHtml(words.name),
        ),
        number(score === undefined ? '–' : `<b>${points(score.uar)}</b>`),
        number(score === undefined ? '–' : `${points(score.uarLow)}–${points(score.uarHigh)}`),
        number(score === undefined ? '–' : points(score.wa)),
        number(score === undefined ? '–' : `${points(score.waLow)}–${points(score.waHigh)}`),
        number(points(mean.uar)),
        number(points(mean.wa)),
        // The majority answers one class by design: that is no collapse.
        number(model === 'network' ? String(mean.collapsed.length) : '–'),
        text(`<div class="words">${html(words.hears)}</div>`),
      ];
    }),
  });
}
