import * as Plot from '@observablehq/plot';
import type { Features } from '../data.ts';
import { fixed } from '../text.ts';
import { faint, seriesColour } from './colours.ts';
import { picture, ticks } from './svg.ts';

/** What the network is given: the level over time, mean over the clips of each class. */
export function levelPlot(
  id: string,
  levels: readonly (readonly number[])[],
  classes: readonly string[],
  features: Features,
): string {
  const all = levels.flat();
  const low = all.reduce((a, b) => Math.min(a, b), all[0] ?? 0);
  const high = Math.max(
    low + 1,
    all.reduce((a, b) => Math.max(a, b), low),
  );
  const seconds = features.frames * features.hopSeconds;
  const mean = (row: readonly number[]): number =>
    row.reduce((sum, level) => sum + level, 0) / Math.max(1, row.length);
  return picture(
    {
      id,
      title: 'Mean level of each class over time',
      description: classes
        .map((name, label) => `${name}: ${fixed(mean(levels[label] ?? []), 1)} dB on average.`)
        .join(' '),
    },
    {
      height: 190,
      marginLeft: 50,
      marginRight: 14,
      marginTop: 8,
      marginBottom: 24,
      x: { domain: [0, seconds], axis: null },
      y: { domain: [low, high], axis: null },
      marks: [
        Plot.gridY(ticks(low, high, 5), { stroke: faint, strokeOpacity: 0.25 }),
        Plot.axisY(ticks(low, high, 5), {
          tickFormat: (level: number) => `${String(Number(level.toFixed(1)))} dB`,
          tickSize: 0,
          fontSize: 11,
          label: null,
        }),
        Plot.axisX(ticks(0, seconds, 6), {
          tickFormat: (time: number) => `${String(Number(time.toFixed(1)))} s`,
          tickSize: 4,
          fontSize: 11,
          label: null,
        }),
        ...levels.map((row, label) =>
          Plot.line(
            row.map((level, frame) => ({ level, time: frame * features.hopSeconds })),
            { x: 'time', y: 'level', stroke: seriesColour(label), strokeWidth: 1.75 },
          ),
        ),
      ],
    },
  );
}
