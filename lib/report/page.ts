import type { ReportData } from './data.ts';
import { attentionSection } from './sections/attention.ts';
import { corpusSection } from './sections/corpus.ts';
import { foldSection } from './sections/folds.ts';
import { overview } from './sections/overview.ts';
import {
  identitySection,
  methodsSection,
  parameterSection,
  pipelineSection,
  rebuildSection,
  warningSection,
} from './sections/provenance.ts';
import { confusionSection, curveSection } from './sections/results.ts';
import { type Section, sectionHtml } from './sections/section.ts';
import { style } from './style.ts';
import { html } from './text.ts';
import { warnings } from './warnings.ts';

/** The report as one HTML page that loads nothing and runs nothing. */
export function reportPage(data: ReportData): string {
  const found = warnings(data);
  const sections: Section[] = [
    foldSection(data),
    confusionSection(data),
    curveSection(data),
    attentionSection(data),
    corpusSection(data),
    warningSection(found),
    pipelineSection(data),
    parameterSection(data),
    identitySection(data),
    methodsSection(data),
    rebuildSection(data),
  ];
  const links = sections.map(({ id, title }) => `<li><a href="#${id}">${html(title)}</a></li>`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${html(data.corpus.name)} · Emotion in Motion</title>
<style>
${style}
</style>
</head>
<body>
<main>
${overview(data, found)}
<nav aria-label="Contents"><ul>${links.join('')}</ul></nav>
${sections.map(sectionHtml).join('\n')}
</main>
<footer>
<p>Made by the pipeline Emotion in Motion. The same inputs give the same bytes of this page on any machine; report.json beside it holds its numbers for machines.</p>
</footer>
</body>
</html>
`;
}
