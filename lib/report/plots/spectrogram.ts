import * as Plot from '@observablehq/plot';
import { log } from '../../math/portable.ts';
import type { Position } from '../attention.ts';
import type { Example, Features } from '../data.ts';
import { palettePng } from '../png.ts';
import { counted, fixed, percent } from '../text.ts';
import { faint, ink, seriesColour, viridis } from './colours.ts';
import { picture, pictureWidth, ticks } from './svg.ts';

/** Below the loudest cell by more than this is drawn as silence, dB. */
const rangeDb = 80;
/** Columns and rows that a picture holds at most; more are averaged. */
const mostColumns = 320;
const mostRows = 128;
/** Up to this many positions each have a bar of their own; more are drawn as one line. */
export const mostBars = 8;

const imageHeight = 130;
const barHeight = 13;
const lineHeight = 60;

/**
 * The log-mel spectrogram of a clip, its attention above it in the same time.
 *
 * @param weights the attention of this clip on each position; none where it has no positions
 * @param positions when each position hears; as many as there are weights
 */
export function spectrogramPlot(
  id: string,
  title: string,
  example: Example,
  features: Features,
  weights: readonly number[],
  positions: readonly Pick<Position, 'from' | 'to'>[],
): string {
  const seconds = example.frames * features.hopSeconds;
  const bars = weights.length > mostBars ? lineHeight : weights.length * barHeight;
  const height = imageHeight + (bars === 0 ? 0 : bars + 8);
  const frequencies = [500, 1000, 2000, 4000, 8000, 16000].filter(
    (hertz) => hertz > features.fmin && hertz <= features.fmax,
  );
  const described = weights.map(
    (weight, index) => `position ${String(index + 1)} ${percent(weight)}`,
  );
  return picture(
    {
      id,
      title,
      description: `Log-mel spectrogram of ${fixed(seconds, 2)} seconds, ${counted(example.bands, 'band')} up to ${fixed(features.fmax / 1000, 1)} kHz, with the attention above: ${described.join(', ') || 'none'}.`,
    },
    {
      height: height + 34,
      marginLeft: 54,
      marginRight: 14,
      marginTop: 6,
      marginBottom: 28,
      x: { domain: [0, seconds], axis: null },
      y: { domain: [0, height], axis: null },
      marks: [
        Plot.axisX(ticks(0, seconds, 6), {
          tickFormat: (time: number) => `${String(Number(time.toFixed(1)))} s`,
          tickSize: 4,
          fontSize: 11,
          label: null,
        }),
        Plot.axisY(
          frequencies.map((hertz) => melShare(hertz, features) * imageHeight),
          {
            tickFormat: (_: number, index: number) => kilohertz(frequencies[index] ?? 0),
            tickSize: 3,
            fontSize: 11,
            label: null,
          },
        ),
        Plot.image([0], {
          src: () => `data:image/png;base64,${spectrogramPng(example).toString('base64')}`,
          x: seconds / 2,
          y: imageHeight / 2,
          width: pictureWidth - 68,
          height: imageHeight,
          preserveAspectRatio: 'none',
        }),
        ...(weights.length > mostBars
          ? attentionLine(weights, positions, seconds)
          : attentionBars(weights, positions, seconds)),
      ],
    },
  );
}

function attentionBars(
  weights: readonly number[],
  positions: readonly Pick<Position, 'from' | 'to'>[],
  seconds: number,
): Plot.Markish[] {
  const most = weights.reduce((a, b) => Math.max(a, b), 0);
  return weights.flatMap((weight, index) => {
    const { from, to } = timeOf(index, weights.length, positions, seconds);
    const bottom = imageHeight + 8 + (weights.length - 1 - index) * barHeight;
    const box = { x1: from, x2: to, y1: bottom + 1.5, y2: bottom + barHeight - 1.5 };
    return [
      Plot.rect([0], {
        ...box,
        fill: seriesColour(0),
        fillOpacity: most > 0 ? 0.08 + (0.92 * weight) / most : 0.08,
        stroke: faint,
        strokeOpacity: 0.4,
      }),
      // Beside the bar, where there is room: left of those that begin late, else right of it.
      Plot.text([percent(weight)], {
        x: from > seconds / 4 ? from : to,
        y: bottom + barHeight / 2,
        dx: from > seconds / 4 ? -4 : 4,
        textAnchor: from > seconds / 4 ? 'end' : 'start',
        fontSize: 11,
        fill: ink,
      }),
    ];
  });
}

function attentionLine(
  weights: readonly number[],
  positions: readonly Pick<Position, 'from' | 'to'>[],
  seconds: number,
): Plot.Markish[] {
  const most = weights.reduce((a, b) => Math.max(a, b), 0);
  const points = weights.map((weight, index) => {
    const { from, to } = timeOf(index, weights.length, positions, seconds);
    return {
      time: (from + to) / 2,
      y: imageHeight + 8 + (most > 0 ? weight / most : 0) * (lineHeight - 4),
    };
  });
  return [
    Plot.ruleY([imageHeight + 8], { stroke: faint }),
    Plot.line(points, { x: 'time', y: 'y', stroke: seriesColour(0), strokeWidth: 1.75 }),
  ];
}

function timeOf(
  index: number,
  of: number,
  positions: readonly Pick<Position, 'from' | 'to'>[],
  seconds: number,
): { from: number; to: number } {
  const { from, to } = positions[index] ?? {};
  if (from !== undefined && to !== undefined) return { from, to: Math.min(to, seconds) };
  return { from: (index * seconds) / of, to: ((index + 1) * seconds) / of };
}

/** Time to the right, pitch upwards; cells are averaged where there are more than are seen. */
function spectrogramPng({ frames, bands, decibels }: Example): Buffer {
  const across = Math.ceil(frames / mostColumns);
  const up = Math.ceil(bands / mostRows);
  const width = Math.ceil(frames / across);
  const height = Math.ceil(bands / up);
  const cells = new Float64Array(width * height);
  let loudest = -Infinity;
  for (let column = 0; column < width; column++) {
    for (let row = 0; row < height; row++) {
      let sum = 0;
      let used = 0;
      for (let frame = column * across; frame < Math.min(frames, (column + 1) * across); frame++) {
        for (let band = row * up; band < Math.min(bands, (row + 1) * up); band++) {
          sum += decibels[frame * bands + band] ?? 0;
          used += 1;
        }
      }
      const mean = sum / used;
      cells[(height - 1 - row) * width + column] = mean;
      if (mean > loudest) loudest = mean;
    }
  }
  const palette = finePalette(64);
  const pixels = Uint8Array.from(cells, (mean) => {
    const share = (mean - loudest + rangeDb) / rangeDb;
    return Math.round(Math.min(1, Math.max(0, share)) * (palette.length - 1));
  });
  return palettePng(width, height, pixels, palette);
}

function finePalette(steps: number): [number, number, number][] {
  return Array.from({ length: steps }, (_, step) => {
    const at = (step * (viridis.length - 1)) / (steps - 1);
    const low = viridis[Math.floor(at)] ?? [0, 0, 0];
    const high = viridis[Math.ceil(at)] ?? low;
    const part = at - Math.floor(at);
    const mixed = (channel: 0 | 1 | 2): number =>
      Math.round(low[channel] + (high[channel] - low[channel]) * part);
    return [mixed(0), mixed(1), mixed(2)];
  });
}

/** How far up the mel bank a frequency lies, 0 to 1, on Slaney's scale. */
function melShare(hertz: number, { fmin, fmax }: Features): number {
  return (slaneyMel(hertz) - slaneyMel(fmin)) / (slaneyMel(fmax) - slaneyMel(fmin));
}

/** Slaney's Auditory Toolbox (1998): linear to 1 kHz, 27 logarithmic steps for each factor of 6.4. */
function slaneyMel(hertz: number): number {
  return hertz < 1000 ? (3 * hertz) / 200 : 15 + (27 * log(hertz / 1000)) / log(6.4);
}

function kilohertz(hertz: number): string {
  return `${String(hertz / 1000)} kHz`;
}
