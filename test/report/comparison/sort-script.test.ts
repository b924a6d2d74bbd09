import { runInNewContext } from 'node:vm';
import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { sortScript } from '../../../lib/report/comparison/sort-script.ts';
import { head, number, tableHtml, text } from '../../../lib/report/tables.ts';

interface Element {
  readonly textContent: string;
  getAttribute(name: string): string | null;
  click(): void;
}

const table = tableHtml({
  caption: 'Points',
  sortable: true,
  heads: [text('Name'), number('UAR')],
  rows: [
    [
      { ...head('beta'), sort: 'beta' },
      { ...number('2.0'), sort: 0.02 },
    ],
    [{ ...head('alpha'), sort: 'alpha' }, number('–')],
    [
      { ...head('gamma'), sort: 'gamma' },
      { ...number('10.0'), sort: 0.1 },
    ],
    [
      { ...head('delta'), sort: 'delta' },
      { ...number('-1.0'), sort: -0.01 },
    ],
  ],
});

function page(html = table) {
  const { document } = parseHTML(`<!doctype html><body>${html}</body>`) as unknown as {
    document: { querySelectorAll(selector: string): Iterable<Element> };
  };
  runInNewContext(sortScript, { document });
  const all = (selector: string): Element[] => [...document.querySelectorAll(selector)];
  return {
    click: (column: number) => {
      all('thead th button')[column]!.click();
    },
    names: () => all('tbody th').map(({ textContent }) => textContent),
    sorts: () => all('thead th').map((of) => of.getAttribute('aria-sort')),
    buttons: () => all('button').map(({ textContent }) => textContent),
  };
}

describe('the script of a sortable table', () => {
  test('makes every head a button, and sorts nothing yet', () => {
    const { buttons, names, sorts } = page();
    expect(buttons()).toEqual(['Name', 'UAR']);
    expect(names()).toEqual(['beta', 'alpha', 'gamma', 'delta']);
    expect(sorts()).toEqual(['none', 'none']);
  });

  test('sorts numbers from the largest, then from the smallest, then as they were', () => {
    const { click, names, sorts } = page();
    click(1);
    expect(names()).toEqual(['gamma', 'beta', 'delta', 'alpha']);
    expect(sorts()).toEqual(['none', 'descending']);
    click(1);
    // what has no value stays last
    expect(names()).toEqual(['delta', 'beta', 'gamma', 'alpha']);
    expect(sorts()).toEqual(['none', 'ascending']);
    click(1);
    expect(names()).toEqual(['beta', 'alpha', 'gamma', 'delta']);
    expect(sorts()).toEqual(['none', 'none']);
  });

  test('sorts words from the first, and says which column alone is sorted', () => {
    const { click, names, sorts } = page();
    click(1);
    click(0);
    expect(names()).toEqual(['alpha', 'beta', 'delta', 'gamma']);
    expect(sorts()).toEqual(['ascending', 'none']);
  });

  test('leaves other tables alone', () => {
    expect(page(table.replace(' data-sortable', '')).buttons()).toEqual([]);
  });
});
