import { createHash } from 'node:crypto';
import { type Section, sectionHtml } from './sections/section.ts';
import { style } from './style.ts';
import { html } from './text.ts';

/** A page: what stands at its top, then its sections, with a table of contents between. */
export interface Document {
  readonly title: string;
  /** Markup, escaped by the caller, as those of the sections. */
  readonly top: string;
  readonly sections: readonly Section[];
  readonly footer: string;
  /** Beside the style of every page. */
  readonly style?: string;
  /** The one script that the page may run. It must not hold `</script`. */
  readonly script?: string;
}

/** One HTML page that loads nothing, and runs nothing but the script that it names by its hash. */
export function documentHtml(page: Document): string {
  const { sections, script } = page;
  const links = sections.map(({ id, title }) => `<li><a href="#${id}">${html(title)}</a></li>`);
  const scripts =
    script === undefined
      ? ''
      : `; script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:${scripts}">
<title>${html(page.title)}</title>
<style>
${style}${page.style === undefined ? '' : `\n${page.style}`}
</style>
</head>
<body>
<main>
${page.top}
<nav aria-label="Contents"><ul>${links.join('')}</ul></nav>
${sections.map(sectionHtml).join('\n')}
</main>
<footer>
<p>${html(page.footer)}</p>
</footer>${script === undefined ? '' : `\n<script>${script}</script>`}
</body>
</html>
`;
}
