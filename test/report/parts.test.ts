import { describe, expect, test } from 'vitest';
import { positions } from '../../lib/report/attention.ts';
import { chooseExamples } from '../../lib/report/examples.ts';
import { ticks } from '../../lib/report/plots/svg.ts';
import {
  counted,
  count,
  fixed,
  html,
  listed,
  markdown,
  proseHtml,
  valueText,
} from '../../lib/report/text.ts';
import { classes, reportData } from './fixture.ts';

describe('text', () => {
  test('numbers are grouped and counted the same in every locale', () => {
    expect([count(7), count(1440), count(1234567)]).toEqual(['7', '1,440', '1,234,567']);
    expect([counted(1, 'clip'), counted(2, 'clip')]).toEqual(['1 clip', '2 clips']);
    expect(fixed(-0.001, 1)).toBe('0.0');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  });

  test('values look like YAML', () => {
    expect(valueText([1, 'a', [true]])).toBe('[1, a, [true]]');
    expect(valueText(undefined)).toBe('not set');
  });

  test('markup is shown, controls and turns of direction are replaced', () => {
    expect(html('<a href="x">\'&\n\u202e')).toBe(
      '&lt;a href=&quot;x&quot;&gt;&#39;&amp;\ufffd\ufffd',
    );
    expect(markdown('a|b_c*d<e>')).toBe('a\\|b\\_c\\*d&lt;e&gt;');
    expect(proseHtml('95 % of 3 s, 4 speakers')).toBe('95&nbsp;% of 3&nbsp;s, 4 speakers');
  });
});

describe('ticks', () => {
  test('are multiples of 1, 2 or 5 times a power of ten', () => {
    expect(ticks(0, 1.4, 4)).toEqual([0, 0.5, 1]);
    expect(ticks(0, 200, 4)).toEqual([0, 50, 100, 150, 200]);
    expect(ticks(-61, -47, 5)).toEqual([-60, -55, -50]);
    expect(ticks(0, 0, 4)).toEqual([0]);
  });
});

describe('attention', () => {
  const data = reportData();
  const [headline] = data.evaluations;

  test('weights of all positions sum to one, over all clips and in each class', () => {
    const found = positions(headline, data.features, 3, classes.length);
    const sum = (of: (place: (typeof found)[number]) => number): number =>
      found.reduce((so, place) => so + of(place), 0);
    expect(sum((place) => place.mean)).toBeCloseTo(1, 10);
    classes.forEach((_, label) => {
      expect(sum((place) => place.byClass[label] ?? 0)).toBeCloseTo(1, 10);
    });
  });

  test('a position hears 163 frames, 32 after the one before, within the cut', () => {
    const found = positions(headline, data.features, 3, classes.length);
    const hop = 512 / 44100;
    expect(found.map(({ from }) => from)).toEqual([0, 31.5 * hop, 63.5 * hop, 95.5 * hop]);
    expect(found[0]?.to).toBeCloseTo(162.5 * hop, 10);
    expect(found.at(-1)?.to).toBe(3);
  });
});

describe('examples', () => {
  const [headline] = reportData().evaluations;

  test('are the middle clip of each class, then the surest mistakes', () => {
    const chosen = chooseExamples(headline, classes.length, 6);
    expect(chosen.map(({ role }) => role)).toEqual([
      ...Array.from({ length: 4 }, () => 'typical'),
      ...Array.from({ length: 2 }, () => 'mistake'),
    ]);
    expect(chosen.slice(0, 4).map(({ prediction }) => prediction.truth)).toEqual([0, 1, 2, 3]);
    for (const { prediction } of chosen.slice(4)) {
      expect(prediction.predicted).not.toBe(prediction.truth);
    }
  });

  test('do not depend on the order of the predictions', () => {
    const turned = { ...headline, predictions: [...headline.predictions].reverse() };
    expect(chooseExamples(turned, 4, 8)).toEqual(chooseExamples(headline, 4, 8));
    expect(chooseExamples(headline, 4, 0)).toEqual([]);
  });
});
