/**
 * Makes the heads of a sortable table buttons. A click sorts, numbers from the largest and words from
 * the first; a second turns the order round, a third restores the page's. Rows without a value stay
 * last. Without the script the table is whole, in the order of the points, and has no dead buttons.
 */
export const sortScript = `
'use strict';
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const body = table.querySelector('tbody');
  const original = [...body.children];
  const heads = [...table.querySelectorAll('thead tr:last-child > *')];
  heads.forEach((head, column) => {
    const values = new Map(original.map((row) => [row, row.children[column].dataset.sort]));
    const known = [...values.values()].filter((value) => value !== undefined);
    const numbers = known.every((value) => value !== '' && Number.isFinite(Number(value)));
    const orders = numbers ? ['descending', 'ascending', 'none'] : ['ascending', 'descending', 'none'];
    const ascending = (a, b) => (numbers ? a - b : a < b ? -1 : a > b ? 1 : 0);
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    head.setAttribute('aria-sort', 'none');
    button.addEventListener('click', () => {
      const sorted = head.getAttribute('aria-sort');
      const order = sorted === 'none' ? orders[0] : orders[orders.indexOf(sorted) + 1];
      for (const other of heads) other.setAttribute('aria-sort', 'none');
      head.setAttribute('aria-sort', order);
      const sign = order === 'descending' ? -1 : 1;
      const rows = original.slice();
      if (order !== 'none') {
        rows.sort((one, other) => {
          const a = values.get(one);
          const b = values.get(other);
          if (a === undefined || b === undefined) return (a === undefined) - (b === undefined);
          return sign * ascending(a, b);
        });
      }
      body.append(...rows);
    });
  });
}
`;
