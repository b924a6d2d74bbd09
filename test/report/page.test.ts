import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { reportJson } from '../../lib/report/json.ts';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import { reportPage } from '../../lib/report/page.ts';
import { classPlot } from '../../lib/report/plots/distribution.ts';
import { classes, reportData } from './fixture.ts';
import { parsed, unbalanced } from './markup.ts';

const withoutImages = (text: string): string => text.replaceAll(/data:image[^"]+/g, '');
const page = reportPage(reportData({ withAuthors: true }));

describe('the page', () => {
  test('is the same bytes again, whatever was drawn before in the process', () => {
    classPlot('another', reportData().clips, classes);
    expect(reportPage(reportData({ withAuthors: true }))).toBe(page);
  });

  test('begins with the notice where the corpus is synthetic, and has none otherwise', () => {
    const main = parsed(page).querySelector('main')?.textContent.trim() ?? '';
    expect(main.startsWith('The corpus is synthetic: a machine spoke its clips')).toBe(true);
    expect(reportPage(reportData({ synthetic: false }))).not.toContain('synthetic');
  });

  test('loads nothing and runs nothing', () => {
    const document = parsed(page);
    expect([...document.querySelectorAll('script, link, iframe, object, embed')]).toEqual([]);
    expect(page).not.toMatch(/\bhttps?:|url\((?!#)|@import|\son\w+=/i);
    expect(page).toContain(
      `content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"`,
    );
    for (const image of document.querySelectorAll('image')) {
      expect(image.getAttribute('href')).toMatch(/^data:image\/png;base64,/);
    }
  });

  test('closes every element that it opens', () => {
    expect(unbalanced(page)).toEqual([]);
  });

  test('has unique ids, and every reference to one leads somewhere', () => {
    const document = parsed(page);
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const name of ['aria-labelledby', 'aria-describedby']) {
      for (const element of document.querySelectorAll(`[${name}]`)) {
        expect(ids).toContain(element.getAttribute(name));
      }
    }
    for (const link of document.querySelectorAll('a')) {
      expect(ids).toContain(link.getAttribute('href')?.slice(1));
    }
  });

  test('says in words what every picture and table shows', () => {
    const document = parsed(page);
    const pictures = [...document.querySelectorAll('svg')];
    expect(pictures.length).toBeGreaterThan(30);
    for (const svg of pictures) {
      expect(svg.getAttribute('role')).toBe('img');
      expect(svg.querySelector('title')?.textContent).toMatch(/\w/);
      expect(svg.querySelector('desc')?.textContent).toMatch(/\w/);
    }
    for (const table of document.querySelectorAll('table')) {
      expect(table.querySelector('caption')?.textContent).toMatch(/\w/);
      for (const head of table.querySelectorAll('th')) {
        expect(head.getAttribute('scope')).toMatch(/^(col|row|colgroup)$/);
      }
    }
  });

  test('has at most two decimals in every number of a picture', () => {
    const pictures = [...withoutImages(page).matchAll(/<svg.*?<\/svg>/gs)].map(([svg]) => svg);
    expect(pictures.length).toBeGreaterThan(30);
    for (const svg of pictures) {
      // What is read aloud may name three (a loss); what is drawn may not.
      const drawn = svg.replaceAll(/<desc.*?<\/desc>/gs, '');
      expect(drawn.match(/\d\.\d{3,}|\d+e-\d+/g) ?? []).toEqual([]);
      expect(drawn).not.toMatch(/NaN|undefined|Infinity/);
    }
  });

  test('holds no time, folder, host or version of a program', () => {
    for (const text of [page, reportJson(reportData()), reportMarkdown(reportData())]) {
      const words = withoutImages(text);
      expect(words).not.toMatch(/\d\d:\d\d|\d{4}-\d\d-\d\dT|GMT|UTC/);
      expect(words).not.toMatch(/(^|[\s"'(>])(\/(home|root|tmp|usr|var|Users)\/|[A-Z]:\\)/);
      expect(words).not.toContain(process.version);
      expect(words).not.toContain(`"${hostname()}"`);
      expect(words).not.toContain('NaN');
    }
  });

  test('shows names with markup in them as text', () => {
    const evil = `<img src=x onerror="alert('1')">&amp;\u202e`;
    const base = reportData({ synthetic: false, corpusName: evil });
    const [example] = base.examples;
    const [clip] = base.clips;
    const html = reportPage({
      ...base,
      clips:
        clip === undefined
          ? []
          : [{ ...clip, fate: 'broken', file: evil, reason: evil, speaker: evil }],
      classes: [evil, ...base.classes.slice(1)],
      examples:
        example === undefined
          ? []
          : [{ ...example, prediction: { ...example.prediction, clip: evil } }],
      stages: [{ name: evil, use: evil, params: { [evil]: evil }, needs: {} }],
      packages: [{ name: evil, version: evil }],
    });
    const document = parsed(html);
    expect([...document.querySelectorAll('img')]).toEqual([]);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('\u202e');
    expect(unbalanced(html)).toEqual([]);
    expect(document.querySelector('h1')?.textContent).toContain(
      `<img src=x onerror="alert('1')">&amp;\ufffd`,
    );
  });

  test('stays below 1.5 MB with sixteen examples, two networks and a thousand epochs', () => {
    const data = reportData({ withAuthors: true, epochs: 1000 });
    const examples = Array.from({ length: 16 }, () => data.examples)
      .flat()
      .slice(0, 16);
    expect(Buffer.byteLength(reportPage({ ...data, examples }))).toBeLessThan(1.5e6);
  });

  test('needs no history, no known attention and no examples', () => {
    const data = reportData({ synthetic: false });
    const [headline] = data.evaluations;
    const html = reportPage({
      ...data,
      examples: [],
      evaluations: [{ ...headline, histories: [], train: '', attention: '' }],
    });
    expect(unbalanced(html)).toEqual([]);
    expect(html).toContain('No history of training was given to the report.');
  });
});
