import { documentHtml } from '../document.ts';
import { warningSection } from '../sections/provenance.ts';
import type { Section } from '../sections/section.ts';
import { counted, html, nameHtml, proseHtml } from '../text.ts';
import type { Comparison } from './data.ts';
import { figures } from './figures.ts';
import { pointTable } from './point-table.ts';
import {
  failedSection,
  fixedSection,
  methodSection,
  selectionSection,
  sourceSection,
} from './sections.ts';
import { answer, chosenOn, loudness, noise, syntheticNotice, verdict } from './sentences.ts';
import { sortScript } from './sort-script.ts';
import { comparisonStyle } from './style.ts';
import { warnings } from './warnings.ts';

/** The comparison as one HTML page that loads nothing; its script sorts the table, and may be absent. */
export function comparisonPage(comparison: Comparison): string {
  const found = warnings(comparison);
  const sections: (Section | undefined)[] = [
    { id: 'points', title: 'Every point', body: pointTable(comparison) },
    selectionSection(comparison),
    failedSection(comparison),
    warningSection(found),
    methodSection(comparison),
    fixedSection(comparison),
    sourceSection(comparison),
  ];
  return documentHtml({
    title: `${comparison.title} · Emotion in Motion`,
    top: top(comparison, found.length),
    sections: sections.filter((section) => section !== undefined),
    footer:
      'Made by the pipeline Emotion in Motion. The same runs give the same bytes of this page on any machine; comparison.json, comparison.csv and comparison.arrow beside it hold its numbers for machines.',
    style: comparisonStyle,
    script: sortScript,
  });
}

function top(comparison: Comparison, found: number): string {
  const notice = syntheticNotice(comparison);
  const judged = verdict(comparison);
  const heard = loudness(comparison);
  const chosenBy = chosenOn(comparison);
  return [
    notice === undefined ? '' : `<p class="notice" role="note">${html(notice)}</p>`,
    '<p class="kicker">Emotion in Motion · comparison</p>',
    `<h1>${nameHtml(comparison.title)}: which point is best, and is it more than noise?</h1>`,
    '<div class="hero"><div>',
    `<p class="answer">${proseHtml(answer(comparison))}</p>`,
    `<p class="verdict ${judged.better ? 'beaten' : 'unbeaten'}">${proseHtml(judged.text)}</p>`,
    `<p>${proseHtml(noise(comparison))}</p>`,
    ...(chosenBy === ''
      ? []
      : [`<p>${proseHtml(chosenBy)} <a href="#selection">Why it matters</a>.</p>`]),
    `<p class="verdict ${heard.beaten ? 'beaten' : 'unbeaten'}">${proseHtml(heard.text)}</p>`,
    found === 0
      ? ''
      : `<p><a href="#warnings">${counted(found, 'warning')}</a> to read before quoting a number.</p>`,
    '</div>',
    figures(comparison),
    '</div>',
  ].join('\n');
}
