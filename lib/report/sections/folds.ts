import type { Evaluation, ReportData, Score } from '../data.ts';
import { naming, otherCorpus, otherFolds, paper, paperFold } from '../paper.ts';
import { foldScores, meanOverFolds, models, modelWords, pooled } from '../scores.ts';
import { type Cell, head, number, tableHtml, text } from '../tables.ts';
import { html, points, proseHtml } from '../text.ts';
import type { Section } from './section.ts';

/** One pair of columns: a model of an evaluation. */
export interface Column {
  readonly name: string;
  readonly evaluation: Evaluation;
  readonly model: string;
}

/** The networks of all evaluations, then the headline's baselines. */
export function foldColumns(data: ReportData): Column[] {
  const [headline] = data.evaluations;
  const networks = data.evaluations.map((evaluation) => ({
    name: data.evaluations.length > 1 ? `Network, “${evaluation.attention}”` : 'Network',
    evaluation,
    model: 'network',
  }));
  const baselines = models(headline)
    .filter((model) => model !== 'network')
    .map((model) => ({ name: modelWords(model).name, evaluation: headline, model }));
  return [...networks, ...baselines];
}

/** The fold table beside the paper's figure. */
export function foldSection(data: ReportData): Section {
  const columns = foldColumns(data);
  const [headline] = data.evaluations;
  const folds = foldScores(headline, 'network');
  const comparable = data.split.folds === paper.folds;
  const body = [
    `<p>${proseHtml(naming)}</p>`,
    tableHtml({
      caption: `WA and UAR of each fold in percent, beside the paper’s ${paper.figure}`,
      groups: [
        { html: '', columns: 2 },
        ...columns.map(({ name }) => ({ html: html(name), columns: 2 })),
        { html: `The paper, ${paper.figure}`, columns: 2 },
      ],
      heads: [
        text('Fold'),
        number('Clips'),
        ...columns.flatMap(() => [number('WA'), number('UAR')]),
        number('WA<br><small>its “unweighted”</small>'),
        number('UAR<br><small>its “weighted”</small>'),
      ],
      rows: folds.map(({ fold, clips }) => {
        const known = comparable ? paperFold(fold) : undefined;
        return [
          head(String(fold)),
          number(String(clips)),
          ...columns.flatMap((column) =>
            scoreCells(
              foldScores(column.evaluation, column.model).find((score) => score.fold === fold),
              column.model === 'network',
            ),
          ),
          number(known === undefined ? '–' : points(known.wa)),
          number(known === undefined ? '–' : `${collapsedTag} ${points(known.uar)}`),
        ];
      }),
      summary: [
        [
          head('Mean over folds'),
          number(''),
          ...columns.flatMap(({ evaluation, model }) => {
            const mean = meanOverFolds(evaluation, model);
            return [number(points(mean.wa)), number(points(mean.uar))];
          }),
          number(points(paper.wa)),
          number(points(paper.uar)),
        ],
        [
          head('All clips pooled'),
          number(String(pooled(headline, 'network')?.clips ?? '–')),
          ...columns.flatMap(({ evaluation, model }) =>
            scoreCells(pooled(evaluation, model), false),
          ),
          number('–'),
          number('–'),
        ],
      ],
    }),
    `<p class="small">${onPapersCorpus(data) ? '' : `${html(otherCorpus)} `}${proseHtml(otherFolds)} A fold is collapsed when every one of its test clips was given the same class. ${html(paper.citation)}.</p>`,
  ].join('\n');
  return { id: 'folds', title: 'Folds, beside the paper', body };
}

/** RAVDESS, as far as a layout can tell, and the paper's number of classes. */
export function onPapersCorpus({ corpus, classes }: ReportData): boolean {
  return corpus.layout === 'ravdess' && !corpus.synthetic && classes.length === paper.classes;
}

const collapsedTag = '<span class="tag">collapsed</span>';

function scoreCells(score: Score | undefined, tagged: boolean): Cell[] {
  if (score === undefined) return [number('–'), number('–')];
  const tag = tagged && score.collapsed ? `${collapsedTag} ` : '';
  return [number(points(score.wa)), number(tag + points(score.uar))];
}
