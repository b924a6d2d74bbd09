import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { visible } from '../text.ts';

/** What a picture says to those who do not see it. */
export interface PictureWords {
  /** Unique on the page, kebab-case: the ids inside the picture begin with it. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

/** Pictures are drawn for a telephone's width; a wide page sets several side by side. */
export const pictureWidth = 360;

/** The part of linkedom's document and elements that is used here. */
interface Drawn {
  readonly attributes: Iterable<{ readonly name: string; value: string }>;
  readonly outerHTML: string;
  textContent: string;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  querySelectorAll(selector: string): Iterable<Drawn>;
  prepend(...children: Drawn[]): void;
  remove(): void;
}
interface DrawingDocument {
  createElementNS(namespace: string, name: string): Drawn;
}

/**
 * A plot as the text of an `<svg>` that is the same on every machine and however many were drawn
 * before: numbers have at most two decimals, ids are counted anew, and there are no styles within.
 * Callers give every scale its domain and its ticks: what Plot would choose itself goes through
 * Math.log10 and Math.pow, whose last bits belong to the engine.
 */
export function picture(words: PictureWords, options: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>') as unknown as {
    document: DrawingDocument;
  };
  const svg = Plot.plot({
    width: pictureWidth,
    className: 'plot',
    ...options,
    document: document as never,
  }) as unknown as Drawn;
  for (const style of [...svg.querySelectorAll('style')]) style.remove();
  roundNumbers(svg);
  renumberIds(svg, words.id);
  describe(svg, words, document);
  return visible(svg.outerHTML);
}

/** Ticks between the ends of a scale: multiples of 1, 2 or 5 times a power of ten, `wanted` or fewer. */
export function ticks(low: number, high: number, wanted: number): number[] {
  const smallest = (high - low) / Math.max(1, wanted);
  if (!(smallest > 0)) return [low];
  let unit = 1;
  while (unit > smallest) unit /= 10;
  while (unit * 10 <= smallest) unit *= 10;
  const step =
    [1, 2, 5, 10].map((factor) => factor * unit).find((size) => size >= smallest) ?? unit;
  const found: number[] = [];
  for (let k = Math.ceil(low / step); k * step <= high; k++) found.push(k * step);
  return found;
}

const numeric = new Set([
  ...['x', 'y', 'x1', 'x2', 'y1', 'y2', 'cx', 'cy', 'r', 'rx', 'ry', 'dx', 'dy'],
  ...['d', 'transform', 'width', 'height', 'viewBox', 'points'],
  ...['stroke-width', 'stroke-opacity', 'fill-opacity', 'opacity', 'font-size', 'stroke-dasharray'],
]);

function roundNumbers(svg: Drawn): void {
  for (const element of [svg, ...svg.querySelectorAll('*')]) {
    for (const attribute of element.attributes) {
      if (!numeric.has(attribute.name)) continue;
      attribute.value = attribute.value.replaceAll(/-?\d*\.\d+(?:e-?\d+)?|-?\d+e-\d+/g, (number) =>
        String(Number(Number(number).toFixed(2)) + 0),
      );
    }
  }
}

function renumberIds(svg: Drawn, prefix: string): void {
  const renamed = new Map<string, string>();
  const elements = [...svg.querySelectorAll('*')];
  for (const element of elements) {
    for (const attribute of element.attributes) {
      if (attribute.name !== 'id') continue;
      renamed.set(attribute.value, `${prefix}-part-${String(renamed.size + 1)}`);
      attribute.value = renamed.get(attribute.value) ?? attribute.value;
    }
  }
  if (renamed.size === 0) return;
  for (const element of elements) {
    for (const attribute of element.attributes) {
      attribute.value = attribute.value.replaceAll(
        /url\(#([^)]+)\)/g,
        (whole, id: string) => `url(#${renamed.get(id) ?? whole})`,
      );
    }
  }
}

function describe(svg: Drawn, words: PictureWords, document: DrawingDocument): void {
  const element = (name: string, text: string): Drawn => {
    const child = document.createElementNS('http://www.w3.org/2000/svg', name);
    child.setAttribute('id', `${words.id}-${name}`);
    child.textContent = text;
    return child;
  };
  svg.prepend(element('title', words.title), element('desc', words.description));
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${words.id}-title`);
  svg.setAttribute('aria-describedby', `${words.id}-desc`);
  for (const attribute of ['height', 'fill', 'font-family']) svg.removeAttribute(attribute);
}
