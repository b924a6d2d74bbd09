/** The page's style: nothing is loaded from elsewhere, and no font is asked for by name alone. */
export const style = `
:root {
  color-scheme: light dark;
  --page: #fdfdfb; --text: #1c2126; --faint: #626b74; --rule: #d9dcd8; --wash: #f2f3ef;
  --accent: #0072b2; --on-accent: #ffffff; --link: #005a8d;
  --warn: #8f3d00; --warn-wash: #fdf1e4; --good: #00664a; --good-wash: #e6f4ee;
  --series-1: #0072b2; --series-2: #d98200; --series-3: #009e73; --series-4: #c4538f;
  --series-5: #3a9bd9; --series-6: #d55e00; --series-7: #a89b00; --series-8: #4d4d4d;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #14181c; --text: #e7e9e6; --faint: #9aa4ad; --rule: #343b42; --wash: #1d2328;
    --accent: #1f6fa8; --on-accent: #ffffff; --link: #7cc4f0;
    --warn: #ffb877; --warn-wash: #35240f; --good: #6fdcb2; --good-wash: #10302a;
    --series-1: #56b4e9; --series-2: #e69f00; --series-3: #1fc495; --series-4: #e08fbd;
    --series-5: #8ed0f5; --series-6: #f0803c; --series-7: #f0e442; --series-8: #c8ccd0;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--page); color: var(--text);
  font: 1rem/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
  overflow-wrap: break-word;
}
main, nav, footer { max-width: 76rem; margin: 0 auto; padding: 0 clamp(1rem, 4vw, 2.5rem); }
p, li { max-width: 46rem; }
h1 { font-size: clamp(1.5rem, 1.1rem + 1.8vw, 2.3rem); line-height: 1.2; margin: 0 0 1.2rem; letter-spacing: -0.015em; text-wrap: balance; max-width: 50rem; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 0 0 0.8rem; letter-spacing: -0.01em; }
h3 { font-size: 1.1rem; margin: 2rem 0 0.4rem; }
a { color: var(--link); text-underline-offset: 0.15em; }
code { font: 0.875em/1.4 ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }
small, .small { font-size: 0.875rem; color: var(--faint); }
section { border-top: 1px solid var(--rule); margin-top: 3rem; padding-top: 2rem; }
.notice { max-width: none; margin: 1.2rem 0 0; padding: 0.7rem 1rem; border-radius: 0.4rem; background: var(--warn-wash); color: var(--warn); font-weight: 600; }
.kicker { margin: 2rem 0 0.3rem; color: var(--faint); font-size: 0.85rem; font-weight: 600; letter-spacing: 0.06em; text-transform: uppercase; }
.hero { display: grid; grid-template-columns: minmax(0, 1.35fr) minmax(0, 1fr); gap: 1rem 3rem; align-items: start; margin-bottom: 1.5rem; }
.hero figure { margin: 0; }
.answer { font-size: clamp(1.1rem, 1rem + 0.5vw, 1.35rem); line-height: 1.45; margin-top: 0; }
.verdict { border-left: 4px solid; padding: 0.6rem 1rem; border-radius: 0 0.3rem 0.3rem 0; }
.unbeaten { border-color: var(--warn); background: var(--warn-wash); }
.beaten { border-color: var(--good); background: var(--good-wash); }
main nav { padding: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.2rem; list-style: none; margin: 0; padding: 0.8rem 0; border-top: 1px solid var(--rule); font-size: 0.9rem; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 20rem), 1fr)); gap: 1.6rem 2rem; align-items: start; margin: 1rem 0; }
.gallery.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); }
.gallery > * { min-width: 0; }
figure { margin: 0; }
figure svg { display: block; width: 100%; max-width: 30rem; height: auto; fill: currentColor; font-family: inherit; }
figure.pipeline svg { max-width: 52rem; }
svg text { white-space: pre; }
figcaption { font-size: 0.875rem; line-height: 1.45; color: var(--faint); margin-top: 0.4rem; max-width: 30rem; }
.scroll { overflow-x: auto; margin: 1rem 0; scrollbar-width: thin; }
.cell .scroll { margin: 0; }
.cell table { font-size: 0.85rem; }
.cell th, .cell td { padding-right: 0.6rem; }
@media (min-width: 52rem) { .broad { grid-column: span 2; } }
table { border-collapse: collapse; font-size: 0.9rem; line-height: 1.4; font-variant-numeric: tabular-nums; min-width: min(100%, 18rem); }
caption { text-align: left; font-weight: 600; padding: 0 0 0.5rem; }
caption span { display: inline-block; position: sticky; left: 0; max-width: calc(100vw - 2.5rem); }
th, td { text-align: left; vertical-align: baseline; padding: 0.35rem 0.9rem 0.35rem 0; border-bottom: 1px solid var(--rule); }
thead th { font-weight: 600; color: var(--faint); font-size: 0.8rem; vertical-align: bottom; }
thead th[scope='colgroup'] { text-align: right; border-bottom: 0; padding-bottom: 0; color: var(--text); white-space: nowrap; }
thead small { font-size: inherit; font-weight: 400; }
thead .n { white-space: normal; }
thead td { border-bottom: 0; }
tbody th { font-weight: 500; }
tfoot th, tfoot td { font-weight: 600; }
tfoot th { white-space: nowrap; }
.words { min-width: 15rem; }
tfoot tr:first-child > * { border-top: 2px solid var(--faint); }
.n { text-align: right; white-space: nowrap; padding-left: 0.5rem; }
.tag { font-size: 0.72rem; font-weight: 600; color: var(--warn); background: var(--warn-wash); border-radius: 0.25rem; padding: 0.05rem 0.3rem; }
.legend { display: flex; flex-wrap: wrap; gap: 0.15rem 1rem; list-style: none; margin: 0 0 0.4rem; padding: 0; font-size: 0.875rem; color: var(--text); }
.legend li { display: flex; align-items: center; gap: 0.4rem; }
.legend i { width: 0.8rem; height: 0.8rem; border-radius: 0.15rem; flex: none; }
.legend i.line { width: 1.6rem; height: 0; border-radius: 0; border-top: 3px solid currentColor; }
.legend i.dashed { border-top-style: dashed; }
.legend i.dotted { border-top-style: dotted; }
.warnings li { margin-bottom: 0.6rem; }
details { margin: 1rem 0; }
summary { cursor: pointer; font-weight: 600; color: var(--link); }
footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 3rem; font-size: 0.85rem; color: var(--faint); }
@media (max-width: 52rem) { .hero { grid-template-columns: minmax(0, 1fr); } }
@media print {
  body { font-size: 10pt; background: none; }
  main, nav, footer { max-width: none; padding: 0; }
  nav { display: none; }
  section { margin-top: 1.5rem; padding-top: 1rem; }
  figure, tr, .cell, .notice, .verdict { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
  .gallery { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1rem 1.5rem; }
  .gallery.wide { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  details::details-content { content-visibility: visible; block-size: auto; }
  summary { list-style: none; color: var(--text); }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
`.trim();
