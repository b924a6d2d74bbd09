import type { Evaluation, ReportData } from './data.ts';
import { foldScores } from './scores.ts';
import { byCodeUnit, count, counted, listed, percent } from './text.ts';

/** Something that a reader must know before believing a number. */
export interface Warning {
  /** Kebab-case, stable: `speakers-shared`. */
  readonly code: string;
  readonly text: string;
}

/** Fewer test clips of a class in a fold than this, and its recall there is mostly luck. */
const fewClips = 10;
/** The gap between the last epoch and the best on the test fold that is worth a word: 2 points. */
const notableGap = 0.02;
/** The backends that promise the same bits on every machine. */
const deterministicBackends: readonly string[] = ['wasm', 'tfjs-wasm'];

/** All warnings, the gravest first. */
export function warnings(data: ReportData): Warning[] {
  return [
    ...corpusWarnings(data),
    ...splitWarnings(data),
    ...data.evaluations.flatMap((evaluation) => trainingWarnings(data, evaluation)),
    ...fileWarnings(data),
  ];
}

function corpusWarnings({ corpus }: ReportData): Warning[] {
  if (!corpus.synthetic) return [];
  return [
    {
      code: 'synthetic-corpus',
      text: 'The corpus is synthetic. It exercises the pipeline; no number here says anything about people.',
    },
  ];
}

function splitWarnings(data: ReportData): Warning[] {
  const found: Warning[] = [];
  const shared = data.split.speakersShared;
  if (shared > 0) {
    found.push({
      code: 'speakers-shared',
      text: `${counted(shared, 'speaker')} ${shared === 1 ? 'has' : 'have'} clips in more than one fold: the network is tested on voices that it was trained on, and will do worse on new ones. Splitting by speaker avoids this.`,
    });
  }
  const scarce: string[] = [];
  for (let fold = 1; fold <= data.split.folds; fold++) {
    data.classes.forEach((name, label) => {
      const clips = data.clips.filter(
        (clip) => clip.label === label && data.folds.get(clip.clip) === fold,
      ).length;
      if (clips < fewClips) scarce.push(`${name} in fold ${String(fold)} (${String(clips)})`);
    });
  }
  if (scarce.length > 0) {
    const shown =
      scarce.length > 8 ? [...scarce.slice(0, 7), `${count(scarce.length - 7)} more`] : scarce;
    found.push({
      code: 'few-clips',
      text: `Classes with fewer than ${String(fewClips)} test clips in a fold: ${listed(shown)}. One clip more or less moves such a recall by over ${String(100 / fewClips)} points.`,
    });
  }
  return found;
}

function trainingWarnings(data: ReportData, evaluation: Evaluation): Warning[] {
  const of = data.evaluations.length > 1 ? ` (${evaluation.name})` : '';
  const found: Warning[] = [];
  const collapsed = foldScores(evaluation, 'network').filter((score) => score.collapsed);
  if (collapsed.length > 0) {
    const folds = listed(collapsed.map((score) => String(score.fold)));
    found.push({
      code: 'collapsed-folds',
      text: `The network collapsed in fold ${folds}${of}: it gave every test clip the same class, and learned nothing there.`,
    });
  }
  const behind = evaluation.histories.flatMap(({ fold, epochs }) => {
    const last = epochs.at(-1);
    if (last === undefined) return [];
    const best = epochs.reduce((a, b) => (b.testUar > a.testUar ? b : a), last);
    return best.testUar - last.testUar < notableGap ? [] : [{ fold, best, last }];
  });
  if (behind.length > 0) {
    const cases = behind.map(
      ({ fold, best, last }) =>
        `fold ${String(fold)} ${percent(last.testUar)} (${percent(best.testUar)} after epoch ${String(best.epoch)})`,
    );
    found.push({
      code: 'last-epoch-not-best',
      text: `The last epoch counts, though an earlier one did better on the test fold${of}: ${listed(cases)}. Choosing that one would tune on the test fold; read the curves as a hint, not as a result.`,
    });
  }
  const backends = [...new Set(evaluation.histories.map((history) => history.backend))];
  const loose = backends
    .filter((backend) => !deterministicBackends.includes(backend))
    .sort(byCodeUnit);
  if (loose.length > 0) {
    found.push({
      code: 'backend-not-deterministic',
      text: `Trained with the backend ${listed(loose)}${of}, which does not promise the same bits on another machine: rebuilding there may move every number that follows from training.`,
    });
  }
  return found;
}

function fileWarnings({ clips }: ReportData): Warning[] {
  const found: Warning[] = [];
  const short = clips.filter((clip) => clip.fate === 'short').length;
  if (short > 0) {
    found.push({
      code: 'short-clips',
      text: `${counted(short, 'clip')} of the wanted emotions ${short === 1 ? 'was' : 'were'} too short for the cut and left out.`,
    });
  }
  const broken = clips.filter((clip) => clip.fate === 'broken').length;
  if (broken > 0) {
    found.push({
      code: 'broken-files',
      text: `${counted(broken, 'file')} could not be read and ${broken === 1 ? 'was' : 'were'} skipped; the list is under “Corpus”.`,
    });
  }
  const lossy = clips.filter((clip) => clip.lossy && clip.fate === 'kept').length;
  if (lossy > 0) {
    found.push({
      code: 'lossy-files',
      text: `${counted(lossy, 'clip')} ${lossy === 1 ? 'is' : 'are'} stored with lossy compression, which decodes to other bits with another decoder: the hashes below hold for the decoder that was used.`,
    });
  }
  return found;
}
