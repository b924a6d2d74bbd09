/**
 * Text that came from outside (names of a corpus, of files, reasons), made safe for where it goes.
 * Line breaks and other control characters are shown as a replacement character.
 */
export function html(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/** `html` for a name: isolated, so that one in another direction does not reorder what is around. */
export function nameHtml(text: string): string {
  return `<bdi>${html(text)}</bdi>`;
}

/** `html` for a sentence: numbers stay on the line of their unit. */
export function proseHtml(text: string): string {
  return html(text).replaceAll(/(\d) (%|s\b|dB\b|Hz\b|kHz\b)/g, '$1&nbsp;$2');
}

/** For Markdown, in running text or in a cell of a table. */
export function markdown(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[\\`*_{}[\]|~#]/g, '\\$&');
}

/** For a cell of a CSV file (RFC 4180): quoted where a comma, a quote or a line's end stands in it. */
export function csvCell(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** 0.5512 -> `55.1 %`. */
export function percent(share: number): string {
  return `${points(share)} %`;
}

/** 0.5512 -> `55.1`: percent without the sign, for tables whose heading has it. */
export function points(share: number): string {
  return fixed(share * 100, 1);
}

/** A fixed count of digits; never `-0.0`. */
export function fixed(value: number, digits: number): string {
  const text = value.toFixed(digits);
  return /^-0(\.0*)?$/.test(text) ? text.slice(1) : text;
}

/** 1440 -> `1,440`. */
export function count(value: number): string {
  return String(value).replaceAll(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 clip`, `510 clips`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/** A parameter's value as YAML would have it on one line. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  return value === undefined ? 'not set' : JSON.stringify(value);
}

/** Smaller strings first by code unit, the same in every locale. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// Controls, and the marks that change the direction of the text after them.
const hidden = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu;

/** Controls and marks of direction as replacement characters. */
export function visible(text: string): string {
  return text.replaceAll(hidden, '\ufffd');
}
