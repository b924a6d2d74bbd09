import { parseHTML } from 'linkedom';

/** The part of linkedom's elements that tests use. */
export interface Element {
  readonly id: string;
  readonly textContent: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}

export function parsed(page: string): Element {
  return (parseHTML(page) as unknown as { document: Element }).document;
}

/** Elements that are not closed in the order in which they were opened. */
export function unbalanced(html: string): string[] {
  const wrong: string[] = [];
  const open: string[] = [];
  const body = html
    .replace(/<style>.*?<\/style>/s, '')
    .replace(/<script>.*?<\/script>/s, '')
    .replace('<!doctype html>', '');
  for (const [, end, name = '', rest = ''] of body.matchAll(
    /<(\/?)([a-zA-Z][\w-]*)((?:"[^"]*"|[^">])*)>/g,
  )) {
    if (['meta', 'br'].includes(name) || rest.endsWith('/')) continue;
    if (end === '') open.push(name);
    else if (open.pop() !== name) wrong.push(name);
  }
  return [...wrong, ...open];
}
