import type { ClipFact, ReportData } from '../data.ts';
import { classPlot, speakerPlot } from '../plots/distribution.ts';
import { levelPlot } from '../plots/levels.ts';
import { head, number, tableHtml, text } from '../tables.ts';
import { byCodeUnit, count, counted, fixed, html, listed, nameHtml } from '../text.ts';
import { classLegend, figure, gallery, type Section } from './section.ts';

/** Rows of the list of files that were left out for a reason of their own. */
const mostListed = 50;

/** What was found in the corpus, what was kept, and how classes and speakers are spread. */
export function corpusSection(data: ReportData): Section {
  const body = [
    corpusText(data),
    gallery([
      figure(classPlot('classes', data.clips, data.classes), 'Kept clips of each class.'),
      figure(
        speakerPlot('speakers', data.clips, data.classes),
        `${classLegend(data.classes)}Kept clips of each speaker, by class.`,
      ),
      figure(
        levelPlot('levels', data.levels, data.classes, data.features),
        `${classLegend(data.classes)}What the network is given: the level in each frame (mean over the mel bands), mean over the kept clips of each class.`,
      ),
      `<div class="cell">${fateTable(data)}</div>`,
      `<div class="cell">${foldTable(data)}</div>`,
    ]),
    brokenTable(data.clips),
  ].join('\n');
  return { id: 'corpus', title: 'Corpus', body };
}

function corpusText({ corpus, clips, classes }: ReportData): string {
  const kept = clips.filter((clip) => clip.fate === 'kept');
  const speakers = new Map(kept.map((clip) => [clip.speaker, clip.sex]));
  const sexes = ['female', 'male', 'unknown']
    .map((sex) => ({ sex, speakers: [...speakers.values()].filter((of) => of === sex).length }))
    .filter((group) => group.speakers > 0)
    .map((group) => `${count(group.speakers)} ${group.sex}`);
  const rates = [...new Set(kept.map((clip) => clip.rateHz))].sort((a, b) => a - b);
  const facts = [
    `${nameHtml(corpus.name)} (layout <code>${html(corpus.layout)}</code>): ${counted(clips.length, 'file')} found, ` +
      `${counted(kept.length, 'clip')} of ${nameHtml(listed(classes))} kept, from ${counted(speakers.size, 'speaker')} (${listed(sexes)}), ` +
      `recorded at ${listed(rates.map((rate) => `${count(rate)}&nbsp;Hz`))}.`,
    corpus.citation === ''
      ? ''
      : `Cite as: ${nameHtml(corpus.citation)}.`.replace('.</bdi>.', '.</bdi>'),
    corpus.licence === '' ? '' : `Licence: ${nameHtml(corpus.licence)}.`,
  ];
  return `<p>${facts.filter((fact) => fact !== '').join(' ')}</p>`;
}

const fateWords: Readonly<Record<string, string>> = {
  kept: 'kept',
  short: 'too short for the cut',
  broken: 'broken, skipped',
  'other-emotion': 'of another emotion',
  'not-speech': 'not speech',
  duplicate: 'a copy of another file',
};

function fateTable({ clips }: ReportData): string {
  const fates = [...new Set([...Object.keys(fateWords), ...clips.map((clip) => clip.fate)])];
  const rows = fates.flatMap((fate) => {
    const group = clips.filter((clip) => clip.fate === fate);
    if (group.length === 0) return [];
    const seconds = group.map((clip) => clip.durationSeconds).sort((a, b) => a - b);
    return [
      [
        head(html(fateWords[fate] ?? fate)),
        number(count(group.length)),
        number(
          fate === 'broken' ? '–' : `${fixed(seconds[0] ?? 0, 2)}–${fixed(seconds.at(-1) ?? 0, 2)}`,
        ),
      ],
    ];
  });
  return tableHtml({
    caption: 'What became of the files',
    heads: [text('Files'), number('Count'), number('Lasting, s')],
    rows,
  });
}

function foldTable({ clips, folds, classes, split }: ReportData): string {
  const numbers = Array.from({ length: split.folds }, (_, index) => index + 1);
  return tableHtml({
    caption: 'Test clips of each fold',
    heads: [text('Fold'), ...classes.map((name) => number(nameHtml(name))), number('Speakers')],
    rows: numbers.map((fold) => {
      const inside = clips.filter((clip) => folds.get(clip.clip) === fold);
      return [
        head(String(fold)),
        ...classes.map((_, label) =>
          number(count(inside.filter((clip) => clip.label === label).length)),
        ),
        number(count(new Set(inside.map((clip) => clip.speaker)).size)),
      ];
    }),
  });
}

function brokenTable(clips: readonly ClipFact[]): string {
  const left = clips
    .filter((clip) => clip.fate === 'broken' || clip.fate === 'duplicate')
    .sort((a, b) => byCodeUnit(a.file, b.file));
  if (left.length === 0) return '<p>Every file could be read.</p>';
  const more = left.length - mostListed;
  return (
    tableHtml({
      caption: 'Files that were left out, and why',
      heads: [text('File'), text('Reason')],
      rows: left
        .slice(0, mostListed)
        .map((clip) => [
          head(`<code>${nameHtml(clip.file)}</code>`),
          text(nameHtml(clip.reason === '' ? (fateWords[clip.fate] ?? clip.fate) : clip.reason)),
        ]),
    }) + (more > 0 ? `<p>And ${count(more)} more, all of which report.json lists.</p>` : '')
  );
}
