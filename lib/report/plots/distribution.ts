import * as Plot from '@observablehq/plot';
import type { ClipFact } from '../data.ts';
import { byCodeUnit, counted } from '../text.ts';
import { faint, ink, seriesColour } from './colours.ts';
import { picture, pictureWidth, ticks } from './svg.ts';

/** How many clips of each class were kept. */
export function classPlot(
  id: string,
  clips: readonly ClipFact[],
  classes: readonly string[],
): string {
  const rows = classes.map((name, label) => ({
    label,
    name,
    clips: clips.filter((clip) => clip.label === label && clip.fate === 'kept').length,
  }));
  const most = rows.reduce((so, row) => Math.max(so, row.clips), 1);
  return picture(
    {
      id,
      title: 'Clips of each class',
      description: rows.map((row) => `${row.name}: ${counted(row.clips, 'clip')}.`).join(' '),
    },
    {
      height: 20 + rows.length * 34,
      marginLeft: 84,
      marginRight: 40,
      marginTop: 4,
      marginBottom: 12,
      x: { domain: [0, most], axis: null },
      y: { type: 'band', domain: rows.map((row) => row.label), padding: 0.25, axis: null },
      marks: [
        Plot.axisY(
          rows.map((row) => row.label),
          {
            tickFormat: (label: number) => classes[label] ?? '',
            tickSize: 0,
            fontSize: 13,
            label: null,
          },
        ),
        ...rows.map((row) =>
          Plot.barX([row], {
            x1: 0,
            x2: row.clips,
            y: row.label,
            fill: seriesColour(row.label),
            rx: 2,
          }),
        ),
        Plot.text(rows, {
          x: 'clips',
          y: 'label',
          text: (row: { clips: number }) => String(row.clips),
          textAnchor: 'start',
          dx: 6,
          fontSize: 13,
          fill: ink,
        }),
      ],
    },
  );
}

/** How many clips of each speaker were kept, by class; speakers from left to right by name. */
export function speakerPlot(
  id: string,
  clips: readonly ClipFact[],
  classes: readonly string[],
): string {
  const kept = clips.filter((clip) => clip.fate === 'kept' && clip.label >= 0);
  const speakers = [...new Set(kept.map((clip) => clip.speaker))].sort(byCodeUnit);
  const bars: { speaker: string; label: number; from: number; to: number }[] = [];
  let most = 1;
  for (const speaker of speakers) {
    let from = 0;
    classes.forEach((_, label) => {
      const clipsHere = kept.filter(
        (clip) => clip.speaker === speaker && clip.label === label,
      ).length;
      if (clipsHere > 0) bars.push({ speaker, label, from, to: from + clipsHere });
      from += clipsHere;
    });
    most = Math.max(most, from);
  }
  const levels = ticks(0, most, 4).filter((level) => Number.isInteger(level));
  const room = (pictureWidth - 40) / Math.max(1, speakers.length);
  const longest = speakers.reduce((length, name) => Math.max(length, name.length), 0);
  const upright = longest * 6.2 <= room;
  const named = room >= 11 && longest <= 12;
  return picture(
    {
      id,
      title: 'Clips of each speaker',
      description: `${counted(speakers.length, 'speaker')}, at most ${counted(most, 'clip')} each.`,
    },
    {
      height: 190,
      marginLeft: 32,
      marginRight: 4,
      marginTop: 8,
      marginBottom: named ? (upright ? 22 : 14 + longest * 7) : 12,
      x: { type: 'band', domain: speakers, padding: 0.2, axis: null },
      y: { domain: [0, most], axis: null },
      marks: [
        Plot.gridY(levels, { stroke: faint, strokeOpacity: 0.25 }),
        Plot.axisY(levels, { tickFormat: String, tickSize: 0, fontSize: 11, label: null }),
        ...(named
          ? [
              Plot.axisX(speakers, {
                tickFormat: String,
                tickSize: 0,
                fontSize: 10,
                label: null,
                ...(upright ? {} : { tickRotate: -90 }),
              }),
            ]
          : []),
        ...classes.map((_, label) =>
          Plot.barY(
            bars.filter((bar) => bar.label === label),
            { x: 'speaker', y1: 'from', y2: 'to', fill: seriesColour(label) },
          ),
        ),
      ],
    },
  );
}
