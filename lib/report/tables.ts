import { html } from './text.ts';

/** A cell: its markup, and what it is. */
export interface Cell {
  /** Escaped by the caller. */
  readonly html: string;
  readonly numeric?: boolean;
  /** Heads its row. */
  readonly heads?: boolean;
  /** What the cell's row is sorted by, where the table can be; without one it goes last. */
  readonly sort?: number | string;
}

export interface Table {
  readonly caption: string;
  /** A row above the heads that names groups of columns. */
  readonly groups?: readonly { readonly html: string; readonly columns: number }[];
  readonly heads: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows at the end that sum up the others. */
  readonly summary?: readonly (readonly Cell[])[];
  /** Marks the table for the page's script, which makes its heads buttons. */
  readonly sortable?: boolean;
}

/** A table in a box of its own, so that a narrow page scrolls the table and not itself. */
export function tableHtml(table: Table): string {
  const groups =
    table.groups === undefined
      ? ''
      : `<tr>${table.groups
          .map(({ html, columns }) =>
            html === ''
              ? `<td colspan="${String(columns)}"></td>`
              : `<th scope="colgroup" colspan="${String(columns)}">${html}</th>`,
          )
          .join('')}</tr>`;
  const heads = table.heads
    .map((cell) => `<th scope="col"${classOf(cell)}>${cell.html}</th>`)
    .join('');
  const summary = table.summary ?? [];
  return [
    `<div class="scroll" role="region" tabindex="0" aria-label="${table.caption}">`,
    `<table${table.sortable === true ? ' data-sortable' : ''}><caption><span>${table.caption}</span></caption>`,
    `<thead>${groups}<tr>${heads}</tr></thead>`,
    `<tbody>${table.rows.map(rowHtml).join('\n')}</tbody>`,
    summary.length === 0 ? '' : `<tfoot>${summary.map(rowHtml).join('\n')}</tfoot>`,
    '</table></div>',
  ].join('\n');
}

export function text(html: string): Cell {
  return { html };
}

export function number(html: string): Cell {
  return { html, numeric: true };
}

export function head(html: string): Cell {
  return { html, heads: true };
}

function rowHtml(cells: readonly Cell[]): string {
  return `<tr>${cells
    .map((cell) =>
      cell.heads === true
        ? `<th scope="row"${classOf(cell)}${sortOf(cell)}>${cell.html}</th>`
        : `<td${classOf(cell)}${sortOf(cell)}>${cell.html}</td>`,
    )
    .join('')}</tr>`;
}

function classOf(cell: Cell): string {
  return cell.numeric === true ? ' class="n"' : '';
}

function sortOf({ sort }: Cell): string {
  return sort === undefined ? '' : ` data-sort="${html(String(sort))}"`;
}
