import * as Plot from '@observablehq/plot';
import type { Evaluation } from '../data.ts';
import { foldScores, modelWords, models, pooled } from '../scores.ts';
import { percent } from '../text.ts';
import { faint, ink, seriesColour } from './colours.ts';
import { picture } from './svg.ts';

/** A value of elsewhere to stand the result beside. */
export interface Landmark {
  readonly name: string;
  readonly uar: number;
}

/**
 * UAR of every model: the pooled value with its interval, each fold as a ring, and what guessing
 * would give.
 */
export function comparisonPlot(
  id: string,
  evaluation: Evaluation,
  classes: number,
  landmark?: Landmark,
): string {
  const rows = models(evaluation).flatMap((model, row) => {
    const score = pooled(evaluation, model);
    return score === undefined ? [] : [{ model, row, score, name: modelWords(model).name }];
  });
  const rings = rows.flatMap(({ model, row }) =>
    foldScores(evaluation, model).map((score) => ({ row, uar: score.uar })),
  );
  const marks = [
    { name: 'guessing', uar: 1 / classes },
    ...(landmark === undefined ? [] : [landmark]),
  ];
  const description = rows
    .map(
      ({ name, score }) =>
        `${name}: ${percent(score.uar)}, ${percent(score.uarLow)} to ${percent(score.uarHigh)}.`,
    )
    .join(' ');
  return picture(
    { id, title: 'UAR of the network and the baselines', description },
    {
      height: 62 + rows.length * 52,
      marginLeft: 20,
      marginRight: 24,
      marginTop: 24,
      marginBottom: 34,
      x: { domain: [0, 1], axis: null },
      y: { domain: [rows.length - 0.4, -0.75], axis: null },
      marks: [
        Plot.axisX([0, 0.25, 0.5, 0.75, 1], {
          tickFormat: wholePercent,
          fontSize: 12,
          label: null,
        }),
        Plot.ruleX(marks, { x: 'uar', stroke: faint, strokeDasharray: '3 3' }),
        // The lower one stands left of its rule and the higher one right: they may lie close.
        ...marks.map((mark) => {
          const left = marks.some((other) => other.uar > mark.uar);
          return Plot.text([mark], {
            x: 'uar',
            text: 'name',
            frameAnchor: 'top',
            dy: -18,
            dx: marks.length === 1 ? 0 : left ? 12 : -12,
            fontSize: 11,
            fill: faint,
            textAnchor: marks.length === 1 ? 'middle' : left ? 'end' : 'start',
          });
        }),
        Plot.text(rows, {
          x: 0,
          y: (row: { row: number }) => row.row - 0.36,
          text: (row: (typeof rows)[number]) => row.name,
          textAnchor: 'start',
          fontSize: 13,
          fontWeight: 600,
          fill: ink,
          // A halo, where the rule of guessing passes behind the words.
          stroke: 'var(--page)',
          strokeWidth: 5,
        }),
        Plot.text(rows, {
          x: 1,
          y: (row: { row: number }) => row.row - 0.36,
          text: (row: (typeof rows)[number]) => percent(row.score.uar),
          textAnchor: 'end',
          fontSize: 13,
          fontWeight: 600,
          fill: ink,
        }),
        Plot.dot(rings, { x: 'uar', y: 'row', r: 4, stroke: faint, strokeWidth: 1.2 }),
        ...rows.map((row) =>
          Plot.ruleY([row], {
            y: 'row',
            x1: row.score.uarLow,
            x2: row.score.uarHigh,
            stroke: rowColour(row.model),
            strokeWidth: 4,
            strokeOpacity: 0.55,
            strokeLinecap: 'round',
          }),
        ),
        ...rows.map((row) =>
          Plot.dot([row], { x: row.score.uar, y: 'row', r: 6.5, fill: rowColour(row.model) }),
        ),
      ],
    },
  );
}

export function wholePercent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}

function rowColour(model: string): string {
  return model === 'network' ? seriesColour(0) : model === 'loudness' ? seriesColour(1) : faint;
}
