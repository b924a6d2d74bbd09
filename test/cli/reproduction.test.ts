import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { pipelineOf, type AtHand } from '../../lib/cli/reproduction.ts';
import { ContentMemory } from '../../lib/pipeline/content.ts';
import type { WrittenReport } from '../../lib/report/reader.ts';
import { temporaryFolder } from '../helpers/toy.ts';

const list = 'clip,fold,position\na,1,0\n';
const hash = createHash('sha256').update(list).digest('hex');

/** A report whose folds came from a list, and a home without anything in it. */
function setting(wishes: { readonly use?: string; readonly last?: string } = {}): {
  report: WrittenReport;
  atHand: AtHand;
  home: string;
} {
  const home = temporaryFolder();
  const params = { folds: 1, by: 'list', list: `sha256:${hash}` };
  const report: WrittenReport = {
    format: 'emotion-in-motion-report',
    version: 1,
    corpus: { name: 'Any', files: { kept: 3 } },
    evaluations: [],
    stages: [
      { name: 'dealt', use: wishes.use ?? 'split', params, needs: { clips: ['decode'] } },
      { name: 'train', use: 'train', params: { lambda: 0.5 }, needs: { folds: ['dealt'] } },
      { name: 'page', use: wishes.last ?? 'report', params: {}, needs: {} },
    ],
    artifacts: [],
    packages: {},
  };
  const atHand: AtHand = {
    root: path.resolve(import.meta.dirname, '../..'),
    memory: new ContentMemory(path.join(home, 'content.json')),
    corpus: undefined,
    files: new Map(),
    homes: [home],
    listingOf: () => undefined,
  };
  return { report, atHand, home };
}

function written(folder: string, name: string, text: string): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

describe('the pipeline that a report names', () => {
  it('has its stages, with a file of the same content where the report has a hash', async () => {
    const { report, atHand, home } = setting();
    written(home, 'experiments/another.csv', 'clip,fold,position\n');
    const file = written(home, 'experiments/mine.csv', list);
    expect(await pipelineOf(report, atHand)).toEqual({
      stages: {
        dealt: {
          use: 'split',
          needs: { clips: ['decode'] },
          params: { folds: 1, by: 'list', list: file },
        },
        train: {
          use: 'train',
          needs: { folds: ['dealt'] },
          foreach: 'fold',
          params: { lambda: 0.5 },
        },
        page: { use: 'report', needs: {}, params: {} },
      },
    });
  });

  it('takes the file that the user gives, if it is the one', async () => {
    const { report, atHand, home } = setting();
    const file = written(home, 'elsewhere.csv', list);
    const given = { ...atHand, files: new Map([['dealt.list', file]]) };
    const { stages } = await pipelineOf(report, given);
    expect(stages['dealt']).toMatchObject({ params: { list: file } });
    const other = written(home, 'other.csv', 'clip,fold\n');
    await expect(
      pipelineOf(report, { ...atHand, files: new Map([['dealt.list', other]]) }),
    ).rejects.toThrow(`${other} is not the file that the report has as dealt.list.`);
  });

  it('asks for a file that is not at hand', async () => {
    const { report, atHand } = setting();
    await expect(pipelineOf(report, atHand)).rejects.toThrow(
      `The report was made with a file that is not at hand (dealt.list, content ${hash.slice(0, 12)}). Say where it is: --file dealt.list=FILE.`,
    );
  });

  it('refuses a stage that this checkout does not have, and a report that leaves itself out', async () => {
    const unknown = setting({ use: 'splitt' });
    await expect(pipelineOf(unknown.report, unknown.atHand)).rejects.toThrow(
      'The report was made with a stage splitt, which this checkout does not have; did you mean split?',
    );
    const headless = setting({ last: 'train' });
    written(headless.home, 'experiments/mine.csv', list);
    await expect(pipelineOf(headless.report, headless.atHand)).rejects.toThrow(
      'The report does not say how it was made itself: the last of its stages should use `report`.',
    );
  });
});
