import type { ReportData } from '../data.ts';
import { pipelinePlot } from '../plots/pipeline.ts';
import { methods } from '../sentences.ts';
import { head, tableHtml, text } from '../tables.ts';
import { html, listed, nameHtml, proseHtml, valueText } from '../text.ts';
import type { Warning } from '../warnings.ts';
import type { Section } from './section.ts';

/** What a reader must know before quoting a number. */
export function warningSection(found: readonly Warning[]): Section {
  const items = found.map((warning) => `<li>${proseHtml(warning.text)}</li>`);
  return {
    id: 'warnings',
    title: 'Read with care',
    body:
      items.length === 0
        ? '<p>Nothing to warn of.</p>'
        : `<ul class="warnings">\n${items.join('\n')}\n</ul>`,
  };
}

/** What each stage reads, drawn. */
export function pipelineSection(data: ReportData): Section {
  return {
    id: 'pipeline',
    title: 'What made it',
    body: `<figure class="pipeline"><div class="scroll">${pipelinePlot('pipeline-plot', data)}</div><figcaption>The stages from left to right. A line leads from what a stage wrote to those that read it; × counts the folds of a stage that runs once for each.</figcaption></figure>`,
  };
}

/** Parameters of every stage. */
export function parameterSection(data: ReportData): Section {
  const tables = data.stages.map((stage) => {
    const rows = Object.entries(stage.params).map(([key, value]) => [
      head(`<code>${html(key)}</code>`),
      text(`<code>${nameHtml(valueText(value))}</code>`),
    ]);
    const use = stage.use === stage.name ? '' : ` (uses ${html(stage.use)})`;
    const name = `${html(stage.name)}${use}`;
    return rows.length === 0
      ? `<div class="cell"><p><b>${name}</b> has no parameters.</p></div>`
      : `<div class="cell">${tableHtml({ caption: name, heads: [text('Parameter'), text('Value')], rows })}</div>`;
  });
  return {
    id: 'parameters',
    title: 'Parameters',
    body: `<p>Everything that was set, defaults included. A parameter that names a file or a folder stands as the hash of its content.</p>\n<div class="gallery">${tables.join('\n')}</div>`,
  };
}

/** Hashes, versions, backend. */
export function identitySection(data: ReportData): Section {
  const backends = [
    ...new Set(
      data.evaluations.flatMap(({ histories }) => histories.map(({ backend }) => backend)),
    ),
  ];
  const artifacts = tableHtml({
    caption: 'SHA-256 of every artifact that this report was made from',
    heads: [text('Stage'), text('Artifact'), text('SHA-256')],
    rows: data.artifacts.map((artifact) => [
      head(nameHtml(artifact.stage)),
      text(html([artifact.kind, artifact.instance].filter((part) => part !== '').join(', '))),
      text(`<code>${html(artifact.sha256)}</code>`),
    ]),
  });
  const packages = tableHtml({
    caption: 'Packages that computed',
    heads: [text('Package'), text('Version')],
    rows: data.packages.map(({ name, version }) => [
      head(`<code>${html(name)}</code>`),
      text(html(version)),
    ]),
  });
  return {
    id: 'identity',
    title: 'Hashes and versions',
    body: `<p>Trained with the backend ${backends.length === 0 ? '(none was recorded)' : `<b>${html(listed(backends))}</b>`}.</p>\n${artifacts}\n${packages}`,
  };
}

/** A paragraph to quote. */
export function methodsSection(data: ReportData): Section {
  const [headline] = data.evaluations;
  return {
    id: 'methods',
    title: 'Methods, in a paragraph',
    body: `<p>${proseHtml(methods(data, headline))}</p>`,
  };
}

/** How to get the same bytes again. */
export function rebuildSection(data: ReportData): Section {
  const corpus = data.corpus.synthetic ? '' : ' -- --corpus DIR';
  return {
    id: 'rebuild',
    title: 'Rebuild it',
    body: `<ol>
<li>Check out the version of the project whose lock file has the packages above, and run <code>npm ci</code>.</li>
<li>Put the parameters above into the pipeline’s YAML file${data.corpus.synthetic ? '' : ', have the corpus at hand,'} and run <code>npm run pipeline${corpus}</code>.</li>
<li>Compare: with a backend that promises the same bits (wasm, tfjs-wasm), every SHA-256 above comes out again, and this page and report.json byte for byte.</li>
</ol>`,
  };
}
