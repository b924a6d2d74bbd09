import { stages as registry } from '../../../stages/registry.ts';
import { collect, remove, type Collection, type Removal } from '../../pipeline/gc.ts';
import { temporaryKinds, totalBytes } from '../../pipeline/store-contents.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { positiveInteger } from '../options.ts';
import { artifactsOf, workspaceAt } from '../places.ts';
import { columns, countText, painter, sizeText, wantsColour, type Paint } from '../style.ts';

/** `gc`: says what nothing reaches any more, and removes it with --yes. */
export async function execute(invocation: Invocation): Promise<number> {
  const { root, options, answer, environment } = invocation;
  const { values } = options;
  const workspace = workspaceAt(invocation, artifactsOf(invocation));
  const found = collect(workspace, {
    keepRuns: positiveInteger(values['keep-runs'] as string | undefined, 'keep-runs', 10),
    dropTemporary: values['drop-temporary'] === true,
    temporary: await temporaryKinds(root, registry),
    nowMs: Date.now(),
  });
  const yes = values['yes'] === true;
  if (yes) remove(workspace, found);
  if (values['json'] === true) {
    answer.write(`${JSON.stringify({ ...found, removed: yes }, null, 2)}\n`);
  } else {
    const paint = painter(wantsColour(answer, environment));
    answer.write(`${gcLines(found, yes, paint).join('\n')}\n`);
  }
  return exitStatus.done;
}

function gcLines(found: Collection, yes: boolean, paint: Paint): readonly string[] {
  const { removals, kept, young } = found;
  const stays = `${countText(kept.objects, 'object')} (${sizeText(kept.bytes)}) and ${countText(kept.runs, 'run')} stay${young === 0 ? '' : `; ${young} unreached but younger than an hour stay for now`}.`;
  if (removals.length === 0) return [`Nothing to remove. ${stays}`];
  const rows = removals.map((one) => [
    `  ${one.what}`,
    one.name.length > 40 ? one.name.slice(0, 12) : one.name,
    one.of,
    paint('dim', sizeText(one.bytes)),
    reasonWords(one.reason),
  ]);
  const sum = `${countText(removals.length, 'thing')}, ${sizeText(totalBytes(removals))}`;
  return [
    ...columns(rows),
    '',
    yes ? `Removed ${sum}.` : `Would remove ${sum}: npm run gc -- --yes`,
    stays,
  ];
}

function reasonWords(reason: Removal['reason']): string {
  switch (reason) {
    case 'older-run':
      return 'an older run, and not pinned';
    case 'unreached':
      return 'no latest result, kept run or pin reaches it';
    case 'temporary':
      return 'temporary: built again when it is needed';
    case 'set-aside':
      return 'set aside, since it was damaged';
    case 'left-by-a-dead-process':
      return 'left half-done by a process that is gone';
    default:
      return reason satisfies never;
  }
}
