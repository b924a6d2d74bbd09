import fs from 'node:fs';
import path from 'node:path';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { pipelineOf, type AtHand } from '../../lib/cli/reproduction.ts';
import { ContentMemory } from '../../lib/pipeline/content.ts';
import { modelWords } from '../../lib/report/scores.ts';
import type { ReportData } from '../../lib/report/data.ts';
import { reportJson } from '../../lib/report/json.ts';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import { reportPage } from '../../lib/report/page.ts';
import { readReport } from '../../lib/report/reader.ts';
import { temporaryFolder } from '../helpers/toy.ts';
import { reportData } from '../report/fixture.ts';
import { answered, fuzz } from './fuzz.ts';
import { hostileTokens, mutatedJson, mutatedText } from './mutate.ts';

const folder = temporaryFolder();

interface Element {
  readonly tagName: string;
  readonly attributes: Iterable<{ readonly name: string }>;
}

/** Words that the report goes by, and that no corpus, name or parameter sets. */
const OWN = new Set(['fate', 'by', 'role', 'sex', 'use', 'model', 'kind', 'sha256', 'attention']);

/** The facts of a report with something behind every text in them, the same text always alike. */
function poisoned(data: ReportData, poison: string): ReportData {
  const walk = (value: unknown, key = ''): unknown => {
    if (typeof value === 'string')
      return OWN.has(key) || value === '' ? value : `${value}${poison}`;
    if (value instanceof Map) {
      return new Map(
        [...(value as Map<string, unknown>)].map(([name, one]) => [`${name}${poison}`, one]),
      );
    }
    if (Array.isArray(value)) return value.map((one: unknown) => walk(one, key));
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    const entries = Object.entries(value).map(([name, one]) => {
      return [key === 'params' ? `${name}${poison}` : name, walk(one, name)] as const;
    });
    return Object.fromEntries(entries);
  };
  return walk(data) as ReportData;
}

/** How many elements of each name a page has, and the names of all its attributes. */
function shapeOf(page: string): Readonly<Record<string, number>> {
  const { document } = parseHTML(page) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<Element> };
  };
  const counts: Record<string, number> = {};
  for (const element of document.querySelectorAll('*')) {
    for (const name of [
      element.tagName,
      ...Array.from(element.attributes, (one) => `@${one.name}`),
    ]) {
      counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  return counts;
}

const data = reportData({ synthetic: false, epochs: 3 });

describe.each([
  ['a script', '<script>alert(1)</script>'],
  ['an end of everything', '\'"></title></style></svg></table></td></p>--><b>'],
  ['an image', '<img src=x onerror=alert(1)>'],
  ['a picture in a picture', '</text><foreignObject><iframe src="javascript:1"></iframe>'],
  ['entities', '&lt;b&gt;&#60;b&#62;&'],
  ['a section of data', ']]><![CDATA[<b>'],
  ['controls', '\0\x1b[2J\r\n\t\u2028\u202e\x7f\x9b'],
  ['an attribute', '" onload="alert(1)" x="'],
  ['a template', '${1}{{1}}%3Cb%3E`'],
])('names with %s in them', (_, poison) => {
  const plain = poisoned(data, 'x'.repeat(poison.length));
  const hostile = poisoned(data, poison);

  it('change no element and no attribute of the page', () => {
    const page = reportPage(hostile);
    expect(shapeOf(page)).toEqual(shapeOf(reportPage(plain)));

    expect(page).not.toMatch(/[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
  });

  it('change no line of the Markdown, and open no element in it', () => {
    const [text, other] = [reportMarkdown(hostile), reportMarkdown(plain)];
    expect(text.split('\n').length).toBe(other.split('\n').length);
    expect(text.replaceAll(/\\[^\n]/g, '').match(/<[a-z/!]/gi)).toEqual(
      other.replaceAll(/\\[^\n]/g, '').match(/<[a-z/!]/gi),
    );
  });

  it('come back from report.json as they were', () => {
    const { corpus } = JSON.parse(reportJson(hostile)) as { corpus: { name: string } };
    expect(corpus.name).toBe(hostile.corpus.name);
  });
});

it("a model named as something of JavaScript's own is called by its name", () => {
  for (const model of ['constructor', '__proto__', 'toString']) {
    expect(modelWords(model)).toEqual({ name: model, hears: '' });
  }
});

describe('a report.json that somebody hands over', () => {
  const root = path.resolve(import.meta.dirname, '../..');
  const file = path.join(folder, 'report.json');
  const home = path.join(folder, 'home');
  fs.mkdirSync(path.join(home, 'experiments'), { recursive: true });
  fs.symlinkSync('nowhere', path.join(home, 'experiments/broken'));
  const atHand: AtHand = {
    root,
    memory: new ContentMemory(path.join(folder, 'content.json')),
    corpus: undefined,
    files: new Map(),
    homes: [home],
    listingOf: () => undefined,
  };
  const text = reportJson(reportData({ by: 'speaker', epochs: 2 }));

  it('mutated, is a pipeline of known stages, or is refused', async () => {
    const outcomes = await fuzz({
      name: 'report.json',
      seed: 71,
      count: 2000,
      make: (random) =>
        random.below(2) === 0
          ? mutatedText(random, [text], hostileTokens)
          : JSON.stringify(mutatedJson(random, JSON.parse(text))),
      read: (changed) => {
        fs.writeFileSync(file, changed);
        return readReport(file);
      },
      wrong: (report) => {
        const { stages: _, ...shown } = report;
        return /\\u00[01]|[\x7f-\x9f]/.test(JSON.stringify(shown)) ? 'a text that acts' : undefined;
      },
    });
    expect(answered(outcomes)).toBe(outcomes.asked);
    expect(outcomes.read).toBeGreaterThan(100);
    expect(Object.keys(outcomes.refused)).toEqual(['not-a-report']);
  });

  it('with mutated stages, names files by hash alone and stages by their names', async () => {
    const hash = `sha256:${'0'.repeat(64)}`;
    const known = JSON.parse(text) as { stages: { name: string; use: string; params: object }[] };
    const stages = known.stages.map((stage) =>
      stage.use === 'decode' ? { ...stage, params: { ...stage.params, corpus: hash } } : stage,
    );
    stages.push({ ...known.stages[0], name: 'page', use: 'report', params: {} });
    const outcomes = await fuzz({
      name: 'stages of report.json',
      seed: 72,
      count: 300,
      make: (random) => JSON.stringify({ ...known, stages: mutatedJson(random, stages) }),
      read: async (changed) => {
        fs.writeFileSync(file, changed);
        return pipelineOf(readReport(file), atHand);
      },
      wrong: (pipeline) => {
        const paths = JSON.stringify(pipeline).match(/"(?:corpus|list)":"[^"]*"/g) ?? [];
        return paths.length === 0 ? undefined : `opens ${paths.join(', ')}`;
      },
    });
    expect(answered(outcomes)).toBe(outcomes.asked);
  });

  it('that is a device or a folder is refused', () => {
    for (const name of ['/dev/zero', folder].filter((one) => fs.existsSync(one))) {
      expect(() => readReport(name)).toThrow(`${name} cannot be read (not a file).`);
    }
  });
});
