import type { ReportData } from './data.ts';
import { naming, otherCorpus, otherFolds, paper, paperFold } from './paper.ts';
import { foldScores, meanOverFolds, pooled } from './scores.ts';
import { foldColumns, onPapersCorpus } from './sections/folds.ts';
import { answer, besideTheAnswer, interval, syntheticNotice, verdict } from './sentences.ts';
import { markdown, points } from './text.ts';
import { warnings } from './warnings.ts';

/** report.md: the answer, the fold table and the warnings, for a README or a pull request. */
export function reportMarkdown(data: ReportData): string {
  const [headline] = data.evaluations;
  const notice = syntheticNotice(data);
  const found = warnings(data);
  const blocks = [
    notice === undefined ? '' : `**${markdown(notice)}**`,
    `## ${markdown(data.corpus.name)}: which emotion does a voice carry?`,
    markdown(`${answer(data, headline)} ${besideTheAnswer(headline)}`),
    `**${markdown(verdict(headline).text)}**`,
    foldTable(data),
    markdown(
      `${naming} ${onPapersCorpus(data) ? '' : `${otherCorpus} `}${otherFolds} † collapsed: every test clip was given the same class.`,
    ),
    found.length === 0
      ? ''
      : `### Read with care\n\n${found.map((warning) => `- ${markdown(warning.text)}`).join('\n')}`,
    `${markdown(paper.citation)}. Parameters, hashes and versions are in report.html and report.json.`,
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function foldTable(data: ReportData): string {
  const columns = foldColumns(data);
  const [headline] = data.evaluations;
  const comparable = data.split.folds === paper.folds;
  const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const heads = [
    'Fold',
    ...columns.flatMap(({ name }) => [`${markdown(name)}: WA`, 'UAR']),
    `The paper’s ${paper.figure}: WA`,
    'UAR',
  ];
  const folds = foldScores(headline, 'network').map(({ fold }) => {
    const known = comparable ? paperFold(fold) : undefined;
    return row([
      String(fold),
      ...columns.flatMap(({ evaluation, model }) => {
        const score = foldScores(evaluation, model).find((of) => of.fold === fold);
        if (score === undefined) return ['–', '–'];
        const mark = model === 'network' && score.collapsed ? ' †' : '';
        return [points(score.wa), points(score.uar) + mark];
      }),
      known === undefined ? '–' : points(known.wa),
      known === undefined ? '–' : `${points(known.uar)} †`,
    ]);
  });
  const means = columns.flatMap(({ evaluation, model }) => {
    const mean = meanOverFolds(evaluation, model);
    return [points(mean.wa), points(mean.uar)];
  });
  const all = columns.flatMap(({ evaluation, model }) => {
    const score = pooled(evaluation, model);
    return score === undefined ? ['–', '–'] : [points(score.wa), `**${points(score.uar)}**`];
  });
  const ranges = columns.flatMap(({ evaluation, model }) => {
    const score = pooled(evaluation, model);
    return score === undefined
      ? ['–', '–']
      : [interval(score.waLow, score.waHigh), interval(score.uarLow, score.uarHigh)];
  });
  return [
    row(heads),
    row(heads.map((_, index) => (index === 0 ? '---' : '---:'))),
    ...folds,
    row(['Mean over folds', ...means, points(paper.wa), points(paper.uar)]),
    row(['All clips pooled', ...all, '–', '–']),
    row(['Interval', ...ranges, '–', '–']),
  ].join('\n');
}
