/** What the page of a comparison needs beside the style of every page. */
export const comparisonStyle = `
th button { all: unset; cursor: pointer; font: inherit; color: inherit; }
th button:hover { color: var(--link); text-decoration: underline; }
th button:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 0.15rem; }
th[aria-sort='ascending'] button::after { content: ' ▲'; }
th[aria-sort='descending'] button::after { content: ' ▼'; }
.points td, .points th { padding-right: 0.6rem; }
.points .n { padding-left: 0.3rem; }
.value { white-space: nowrap; }
.better { color: var(--good); font-weight: 600; white-space: nowrap; }
.worse { color: var(--warn); font-weight: 600; white-space: nowrap; }
.same { color: var(--faint); white-space: nowrap; }
.tag.good { color: var(--good); background: var(--good-wash); }
.tag { white-space: nowrap; }
.points .tag { display: block; width: fit-content; font-size: 0.8em; }
.hero .gallery { grid-template-columns: minmax(0, 1fr); margin-top: 0; }
.message { white-space: pre-wrap; max-width: 34rem; }
@media print {
  th button::after { content: none !important; }
  .points table { font-size: 6.5pt; }
  .points thead th { font-size: 6.5pt; }
  .points td, .points th { padding-right: 0.3rem; }
}
`.trim();
