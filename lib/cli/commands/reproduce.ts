import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { stages as registry } from '../../../stages/registry.ts';
import { sha256, type Sha256 } from '../../pipeline/canonical.ts';
import type { Listing } from '../../pipeline/content.ts';
import { UserError } from '../../pipeline/errors.ts';
import { loadPipeline } from '../../pipeline/load-pipeline.ts';
import { Survey } from '../../pipeline/plan.ts';
import type { Workspace } from '../../pipeline/workspace.ts';
import { readReport } from '../../report/reader.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { userPath } from '../options.ts';
import { perform } from '../perform.ts';
import { homeOf, workspaceAt } from '../places.ts';
import { compare, comparedLines, hashesOf, hashesOfRun, surroundings } from '../reproduced.ts';
import { pipelineOf, type AtHand } from '../reproduction.ts';
import { recordBeside } from '../run-view.ts';
import { painter, wantsColour } from '../style.ts';
import { failureParagraphs } from '../summary.ts';

/** `reproduce REPORT.json`: runs again what a report names, and holds every hash against it. */
export async function execute(invocation: Invocation): Promise<number> {
  const { root, folder, options, talk, answer, environment } = invocation;
  const [word] = options.words;
  if (word === undefined || options.words.length > 1) {
    throw new UserError(
      'no-report',
      'Name one report: npm run reproduce -- artifacts/report/report.json',
    );
  }
  const json = options.values['json'] === true;
  const paint = painter(wantsColour(talk, environment));
  const file = userPath(word, folder);
  const report = readReport(file);
  const made = recordBeside(file);
  const here = workspaceAt(invocation, path.join(homeOf(invocation), 'artifacts'));
  const environmentDiffers = await surroundings(report, made, here);
  for (const line of environmentDiffers) talk.write(`${paint('yellow', `differs: ${line}`)}\n`);

  const pipeline = await pipelineOf(report, atHand(invocation, here, file));
  const { artifacts, own } = workFolder(invocation);
  const workspace = workspaceAt(invocation, artifacts);
  const config = path.join(artifacts, 'reproduce.yaml');
  fs.mkdirSync(artifacts, { recursive: true });
  fs.writeFileSync(config, `${JSON.stringify(pipeline, null, 2)}\n`);
  const graph = await loadPipeline({
    root,
    registry,
    file: config,
    folder,
    say: (line) => {
      talk.write(`${line}\n`);
    },
  });
  const selection = { targets: [], only: false, force: false };
  const { outcome, status, record } = await perform(
    invocation,
    new Survey(workspace, graph),
    config,
    selection,
  );
  if (status !== exitStatus.done) {
    for (const paragraph of failureParagraphs(outcome, options.values['debug'] === true)) {
      process.stderr.write(`\n${paint('red', 'error')} ${paragraph}\n`);
    }
    if (own) fs.rmSync(artifacts, { recursive: true, force: true });
    return status;
  }

  const compared = compare(hashesOf(file, report, made), hashesOfRun(record, workspace));
  const same = compared.every((one) => one.expected === one.got);
  const kept = same && own ? null : artifacts;
  if (json) {
    const text = { same, differs: environmentDiffers, artifacts: compared, folder: kept };
    answer.write(`${JSON.stringify(text, null, 2)}\n`);
  } else {
    answer.write(`\n${comparedLines(compared, kept, paint).join('\n')}\n`);
  }
  if (kept === null) fs.rmSync(artifacts, { recursive: true, force: true });
  return same ? exitStatus.done : exitStatus.failed;
}

/** A fresh folder to work in; our own goes when all came out the same. */
function workFolder({ options, folder }: Invocation): { artifacts: string; own: boolean } {
  const asked = options.values['artifacts'] as string | undefined;
  if (asked === undefined) {
    return { artifacts: fs.mkdtempSync(path.join(os.tmpdir(), 'emotion-reproduce-')), own: true };
  }
  const artifacts = userPath(asked, folder);
  if (fs.existsSync(artifacts) && fs.readdirSync(artifacts).length > 0) {
    throw new UserError(
      'not-empty',
      `${artifacts} is not empty: what is made again is made in a folder that holds nothing yet.`,
    );
  }
  return { artifacts, own: false };
}

function atHand(invocation: Invocation, { root, memory }: Workspace, report: string): AtHand {
  const { options, folder } = invocation;
  const { corpus, file = [] } = options.values as { corpus?: string; file?: string[] };
  const files = file.map((text): [string, string] => {
    const [, what, given] = /^([a-z0-9-]+\.\w+)=(.+)$/i.exec(text) ?? [];
    if (what === undefined || given === undefined) {
      throw new UserError(
        'bad-option',
        `Write --file stage.key=FILE, such as --file split.list=folds.csv, not ${text}.`,
      );
    }
    return [what, userPath(given, folder)];
  });
  const home = homeOf(invocation);
  const stores = [path.dirname(path.dirname(report)), path.join(home, 'artifacts')].map(
    (artifacts) => workspaceAt(invocation, artifacts).store,
  );
  return {
    root,
    memory,
    corpus: corpus === undefined ? undefined : userPath(corpus, folder),
    files: new Map(files),
    homes: [...new Set([home, root])],
    listingOf: (hash) => {
      const [text] = stores.flatMap((store) => store.note(hash) ?? []);
      return text === undefined || sha256(text) !== hash ? undefined : listingOf(text);
    },
  };
}

function listingOf(text: string): Listing {
  return Object.fromEntries(JSON.parse(text) as [string, Sha256][]);
}
