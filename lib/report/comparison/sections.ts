import type { Section } from '../sections/section.ts';
import { head, number, tableHtml, text } from '../tables.ts';
import { html, listed, nameHtml, points as percentPoints, proseHtml, valueText } from '../text.ts';
import type { Comparison } from './data.ts';
import { method } from './method.ts';
import { chosenOf, selection } from './sentences.ts';

/** What nested selection chose for each outer fold; or why picking on the test folds flatters. */
export function selectionSection(comparison: Comparison): Section | undefined {
  const chosen = chosenOf(comparison);
  const why = selection(comparison);
  if (why === '') return undefined;
  const several =
    chosen !== undefined && new Set(chosen.choices.map(({ seeds }) => seeds.join())).size > 1;
  const table =
    chosen === undefined
      ? ''
      : tableHtml({
          caption: 'The point chosen for each test fold, UAR in percent',
          heads: [
            number('Fold'),
            ...(several ? [text('Seeds')] : []),
            text('Chosen'),
            number('UAR on the<br>inner folds'),
            number('UAR on the<br>test fold'),
          ],
          rows: chosen.choices.map((choice) => [
            { ...head(String(choice.fold)), numeric: true },
            ...(several ? [text(choice.seeds.join(', '))] : []),
            text(nameHtml(choice.point)),
            number(percentPoints(choice.innerUar)),
            number(percentPoints(choice.testUar)),
          ]),
        });
  const excluded =
    chosen === undefined || chosen.excluded.length === 0
      ? ''
      : `<p>Could not be chosen, for lack of a run or of an inner evaluation: ${listed(chosen.excluded.map(nameHtml))}.</p>`;
  return {
    id: 'selection',
    title: 'How the point was chosen, and why it matters',
    body: [`<p>${proseHtml(why)}</p>`, table, excluded].filter((part) => part !== '').join('\n'),
  };
}

/** What could not be computed, and how to run it alone. */
export function failedSection({ failed }: Comparison): Section | undefined {
  if (failed.length === 0) return undefined;
  return {
    id: 'failed',
    title: 'What failed',
    body: tableHtml({
      caption: 'Runs without a result; they are in no number of this page',
      heads: [text('Point'), number('Seed'), text('Stage'), text('Error'), text('Run it alone')],
      rows: failed.map(({ label, seed, stage, message, rerun }) => [
        head(nameHtml(label)),
        number(String(seed)),
        text(nameHtml(stage)),
        text(`<div class="message">${nameHtml(message)}</div>`),
        text(`<code>${nameHtml(rerun)}</code>`),
      ]),
    }),
  };
}

/** A paragraph to quote. */
export function methodSection(comparison: Comparison): Section {
  return {
    id: 'methods',
    title: 'How the points were compared',
    body: `<p>${proseHtml(method(comparison))}</p>`,
  };
}

/** The parameters that all stages of one kind share; those that vary stand in the table. */
export function fixedSection({ stages }: Comparison): Section | undefined {
  const uses = [...new Set(stages.map(({ use }) => use))];
  const tables = uses.flatMap((use) => {
    const of = stages.filter((stage) => stage.use === use).map(({ params }) => params);
    const rows = Object.entries(of[0] ?? {})
      .filter(([key, value]) => of.every((params) => valueText(params[key]) === valueText(value)))
      .map(([key, value]) => [
        head(`<code>${html(key)}</code>`),
        text(`<code>${nameHtml(valueText(value))}</code>`),
      ]);
    if (rows.length === 0) return [];
    return [
      `<div class="cell">${tableHtml({ caption: html(use), heads: [text('Parameter'), text('Value')], rows })}</div>`,
    ];
  });
  if (tables.length === 0) return undefined;
  return {
    id: 'fixed',
    title: 'What was the same for all',
    body: `<p>The parameters that no stage of a kind has otherwise, defaults included. A parameter that names a file or a folder stands as the hash of its content.</p>\n<div class="gallery">${tables.join('\n')}</div>`,
  };
}

/** Where each number is from: every run's stages, and the hashes of what they wrote. */
export function sourceSection({ points, artifacts }: Comparison): Section {
  const hashOf = (stage: string): string =>
    artifacts.find((of) => of.stage === stage && of.kind === 'predictions.arrow')?.sha256 ?? '';
  const runs = tableHtml({
    caption: 'Every run, UAR and WA in percent, and SHA-256 of its predictions',
    heads: [
      text('Point'),
      number('Seed'),
      number('UAR'),
      number('WA'),
      text('Trained by'),
      text('Scored by'),
      text('predictions.arrow'),
    ],
    rows: points.flatMap(({ label, runs: of }) =>
      of.map(({ seed, uar, wa, train, evaluate }) => [
        head(nameHtml(label)),
        number(String(seed)),
        number(percentPoints(uar)),
        number(percentPoints(wa)),
        text(nameHtml(train)),
        text(nameHtml(evaluate)),
        text(`<code>${html(hashOf(evaluate))}</code>`),
      ]),
    ),
  });
  return {
    id: 'sources',
    title: 'Where the numbers are from',
    body: `<p>The hashes of the other artifacts, and every fold’s score, are in comparison.json; comparison.arrow has a row for each point, seed and fold.</p>\n<details><summary>Every run</summary>\n${runs}\n</details>`,
  };
}
