/**
 * What the paper's Figure 4 says (Gans, Theodores, Rusu: Emotion in Motion, 2020): five folds of
 * RAVDESS, one run. Only what is known is here: the means, and the two collapsed folds, whose mean
 * recall follows from their predictions being of a single class out of four.
 */
export const paper = {
  citation: 'Gans, Theodores, Rusu: Emotion in Motion. Brown University, 2020',
  figure: 'Figure 4',
  classes: 4,
  /** Means over the folds. */
  wa: 0.512,
  uar: 0.419,
  folds: 5,
  collapsed: [
    { fold: 3, wa: 0.363, uar: 0.25 },
    { fold: 5, wa: 0.275, uar: 0.25 },
  ],
} as const;

/** What the paper reports of a fold, as far as it is known. */
export function paperFold(fold: number): { wa: number; uar: number } | undefined {
  return paper.collapsed.find((known) => known.fold === fold);
}

/** Which column of the paper is which. */
export const naming =
  'WA (weighted accuracy) is plain accuracy; UAR (unweighted average recall) is the mean of the classes’ recalls, and guessing gives one part in the number of classes. The paper names them the other way round: its “unweighted” accuracy is WA here, and its “weighted” accuracy is UAR.';

/** For a corpus that is not the paper's. */
export const otherCorpus =
  'The paper’s numbers are on RAVDESS and stand here for orientation only: this corpus is another.';

/** Why the table stands beside the figure and is not matched fold by fold. */
export const otherFolds =
  'The folds in the authors’ repository are not those behind Figure 4: its collapsed folds scored 36.3 % and 27.5 %, 37 and 28 clips of 102, and no class has 37 clips in that repository’s fold 3 or 28 in its fold 5. So the columns stand beside each other and cannot be matched fold by fold. Of the figure, the means and the two collapsed folds are known here; the other folds are left open (–), and a collapsed fold’s UAR of 25.0 follows from its single class.';
