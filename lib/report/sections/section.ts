import type { Evaluation, ReportData } from '../data.ts';
import { html, nameHtml } from '../text.ts';

/** A part of the page with a heading that the table of contents links to. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly body: string;
}

export function sectionHtml({ id, title, body }: Section): string {
  return `<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${html(title)}</h2>
${body}
</section>`;
}

/** Pictures beside each other, as many as fit; `wide` ones are two to a row. */
export function gallery(figures: readonly string[], size: 'normal' | 'wide' = 'normal'): string {
  return `<div class="gallery${size === 'wide' ? ' wide' : ''}">\n${figures.join('\n')}\n</div>`;
}

/** A picture with its caption, which the caller has escaped. */
export function figure(svg: string, caption: string): string {
  return `<figure>${svg}<figcaption>${caption}</figcaption></figure>`;
}

/** One block for each evaluation, under a heading of its own where there are several. */
export function forEachEvaluation(
  data: ReportData,
  block: (evaluation: Evaluation, id: string) => string,
): string {
  return data.evaluations
    .map((evaluation, index) => {
      const id = `e${String(index + 1)}`;
      const heading =
        data.evaluations.length === 1 ? '' : `<h3>${evaluationName(evaluation)}</h3>\n`;
      return heading + block(evaluation, id);
    })
    .join('\n');
}

export function evaluationName(evaluation: Evaluation): string {
  return `${nameHtml(evaluation.name)}: attention “${html(evaluation.attention)}”`;
}

const glyphs = ['●', '■', '▲', '◆', '✚'];

/** The classes with their colours; as `shapes`, with those that mark them in a picture. */
export function classLegend(
  classes: readonly string[],
  marks: 'colours' | 'shapes' = 'colours',
): string {
  const items = classes.map((name, index) => {
    const colour = `var(--series-${String((index % 8) + 1)})`;
    const mark =
      marks === 'shapes'
        ? `<b aria-hidden="true" style="color:${colour}">${glyphs[index % glyphs.length] ?? ''}</b>`
        : `<i style="background:${colour}"></i>`;
    return `<li>${mark}${nameHtml(name)}</li>`;
  });
  return `<ul class="legend">${items.join('')}</ul>`;
}
