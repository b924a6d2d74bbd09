import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Comparison } from '../../../lib/report/comparison/data.ts';
import { comparisonCsv } from '../../../lib/report/comparison/csv.ts';
import { comparisonJson } from '../../../lib/report/comparison/json.ts';
import { comparisonMarkdown } from '../../../lib/report/comparison/markdown.ts';
import { comparisonPage } from '../../../lib/report/comparison/page.ts';
import { probability, signed } from '../../../lib/report/comparison/words.ts';
import { count, points as percentPoints } from '../../../lib/report/text.ts';
import { parsed, unbalanced, type Element } from '../markup.ts';
import { compared, grid } from './compared.ts';

const some = grid.filter(({ parameters }) => Number(parameters['train.lambda']) <= 0.5);
const failed = [
  {
    label: 'lambda=9',
    parameters: { 'train.lambda': 9 },
    seed: 2,
    stage: 'train-9',
    message: 'the loss is no number\nafter epoch 3',
    rerun: 'npm run pipeline -- train-9',
  },
];
const of = { points: some, seeds: [1, 2], folds: 3, draws: 50, failed } as const;

let tested: Comparison;
let nested: Comparison;
beforeAll(async () => {
  tested = await compared(of);
  nested = await compared({ ...of, select: 'nested', failed: [] });
}, 60_000);

const words = ({ textContent }: Element): string => textContent.replaceAll(/\s+/g, ' ').trim();

describe('the page of a comparison', () => {
  test('is the same bytes again', () => {
    expect(comparisonPage(tested)).toBe(comparisonPage(tested));
  });

  test('begins with the notice where the corpus is synthetic, and has none otherwise', () => {
    const main = parsed(comparisonPage(tested)).querySelector('main');
    expect(words(main!)).toMatch(/^The corpus is synthetic: a machine spoke its clips/);
    const real = tested.corpora.map((corpus) => ({ ...corpus, synthetic: false }));
    expect(comparisonPage({ ...tested, corpora: real })).not.toContain('synthetic');
  });

  test('loads nothing, and runs the one script that its policy names by hash', () => {
    const page = comparisonPage(tested);
    expect([...parsed(page).querySelectorAll('link, iframe, object, embed, img')]).toEqual([]);
    expect(page).not.toMatch(/\bhttps?:|url\((?!#)|@import|\son\w+=/i);
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(page) ?? [];
    const hash = createHash('sha256').update(script).digest('base64');
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-${hash}'"`,
    );
    expect(page.match(/<script/g)).toHaveLength(1);
  });

  test('closes every element, has unique ids, and every reference to one leads somewhere', () => {
    for (const page of [tested, nested].map(comparisonPage)) {
      expect(unbalanced(page)).toEqual([]);
      const document = parsed(page);
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const name of ['aria-labelledby', 'aria-describedby']) {
        for (const element of document.querySelectorAll(`[${name}]`)) {
          expect(ids).toContain(element.getAttribute(name));
        }
      }
      for (const link of document.querySelectorAll('a')) {
        expect(ids).toContain(link.getAttribute('href')?.slice(1));
      }
    }
  });

  test('says in words what every picture and table shows', () => {
    const document = parsed(comparisonPage(nested));
    const pictures = [...document.querySelectorAll('svg')];
    expect(pictures).toHaveLength(2);
    for (const svg of pictures) {
      expect(svg.getAttribute('role')).toBe('img');
      expect(svg.querySelector('title')?.textContent).toMatch(/\w/);
      for (const { uar } of nested.points) {
        expect(svg.querySelector('desc')?.textContent).toContain(percentPoints(uar.mean));
      }
    }
    for (const table of document.querySelectorAll('table')) {
      expect(table.querySelector('caption')?.textContent).toMatch(/\w/);
      for (const head of table.querySelectorAll('th')) {
        expect(head.getAttribute('scope')).toMatch(/^(col|row)$/);
      }
    }
  });

  test('has in each row of the table the numbers that the JSON has of that point', () => {
    const json = JSON.parse(comparisonJson(nested)) as Comparison;
    const rows = [...parsed(comparisonPage(nested)).querySelectorAll('#points tbody tr')];
    expect(rows).toHaveLength(json.points.length);
    rows.forEach((row, place) => {
      const point = json.points[place]!;
      const known = numbersIn(point);
      const times = json.nested?.kind === 'chosen' ? json.nested.choices : [];
      known.push(times.filter((choice) => choice.point === point.label).length, times.length);
      const shown = new Set(
        known.flatMap((n) => [percentPoints(n), signed(n), count(n), probability(n), String(n)]),
      );
      for (const cell of row.querySelectorAll('td, th')) {
        for (const number of words(cell).match(/[+−]?\d+(?:,\d{3})*(?:\.\d+)?/g) ?? []) {
          expect([...shown, '0.001']).toContain(number);
        }
        const sort = cell.getAttribute('data-sort');
        if (sort !== null && Number.isFinite(Number(sort))) expect(known).toContain(Number(sort));
      }
    });
  });

  test('says the sentences of the JSON, in this order: answer, verdict, noise, loudness', () => {
    for (const comparison of [tested, nested]) {
      const text = words(parsed(comparisonPage(comparison)).querySelector('main')!);
      const json = JSON.parse(comparisonJson(comparison)) as Record<string, string>;
      const places = ['answer', 'verdict', 'noise', 'loudness', 'selection', 'methods'].map((key) =>
        text.indexOf(json[key]!.replaceAll(/\s+/g, ' ')),
      );
      expect(places.every((place) => place >= 0)).toBe(true);
      expect(places).toEqual([...places].sort((a, b) => a - b));
    }
  });

  test('lists what failed, with the error and the command that runs it alone', () => {
    const section = parsed(comparisonPage(tested)).querySelector('#failed');
    expect([...section!.querySelectorAll('tbody td, tbody th')].map(words)).toEqual([
      'lambda=9',
      '2',
      'train-9',
      'the loss is no number\ufffdafter epoch 3',
      'npm run pipeline -- train-9',
    ]);
    expect(parsed(comparisonPage(nested)).querySelector('#failed')).toBeNull();
  });

  test('has at most two decimals in every number of a picture', () => {
    for (const page of [tested, nested].map(comparisonPage)) {
      for (const [svg] of page.matchAll(/<svg.*?<\/svg>/gs)) {
        const drawn = svg.replaceAll(/<desc.*?<\/desc>/gs, '');
        expect(drawn.match(/\d\.\d{3,}|\d+e-\d+/g) ?? []).toEqual([]);
        expect(drawn).not.toMatch(/NaN|undefined|Infinity/);
      }
    }
  });

  test('holds no time, folder, host or version of a program', () => {
    for (const text of [comparisonPage, comparisonJson, comparisonMarkdown, comparisonCsv].map(
      (write) => write(tested),
    )) {
      expect(text).not.toMatch(/\d\d:\d\d|\d{4}-\d\d-\d\dT|GMT|UTC/);
      expect(text).not.toMatch(/(^|[\s"'(>])(\/(home|root|tmp|usr|var|Users)\/|[A-Z]:\\)/);
      expect(text).not.toContain(process.version);
      expect(text).not.toContain(`"${hostname()}"`);
      expect(text).not.toContain('NaN');
    }
  });

  test('shows names with markup in them as text', () => {
    const evil = `</script><img src=x onerror="alert('1')">&amp;\u202e`;
    const [point, ...others] = nested.points;
    const parameters = { [evil]: evil, 'train.lambda': 0.3 };
    const html = comparisonPage({
      ...nested,
      title: evil,
      baseline: evil,
      parameters: [evil, 'train.lambda'],
      points: [{ ...point!, label: evil, parameters }, ...others],
      failed: [{ label: evil, parameters, seed: 1, stage: evil, message: evil, rerun: evil }],
      nested: { kind: 'impossible', why: evil },
      stages: [{ name: evil, use: evil, params: { [evil]: evil }, needs: {} }],
    });
    expect([...parsed(html).querySelectorAll('img')]).toEqual([]);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('\u202e');
    expect(html.match(/<\/script/g)).toHaveLength(1);
    expect(unbalanced(html)).toEqual([]);
    expect(parsed(html).querySelector('h1')?.textContent).toContain(
      `</script><img src=x onerror="alert('1')">&amp;\ufffd`,
    );
  });
});

/** Every number in a value, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(numbersIn);
}
