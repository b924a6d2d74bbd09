import type { ReportData } from './data.ts';
import { documentHtml } from './document.ts';
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
import type { Section } from './sections/section.ts';
import { visible } from './text.ts';
import { warnings } from './warnings.ts';

/** The report as one HTML page that loads nothing and runs nothing. */
export function reportPage(facts: ReportData): string {
  const data = onOneLine(facts);
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
  return documentHtml({
    title: `${data.corpus.name} · Emotion in Motion`,
    top: overview(data, found),
    sections,
    footer:
      'Made by the pipeline Emotion in Motion. The same inputs give the same bytes of this page on any machine; report.json beside it holds its numbers for machines.',
  });
}

/** What stands in plots, which would break a name with a line's end in it into several lines. */
function onOneLine(data: ReportData): ReportData {
  return {
    ...data,
    classes: data.classes.map(visible),
    clips: data.clips.map((clip) => ({ ...clip, speaker: visible(clip.speaker) })),
  };
}
