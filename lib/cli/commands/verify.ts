import { stages as registry } from '../../../stages/registry.ts';
import { temporaryKinds } from '../../pipeline/store-contents.ts';
import { verify, type Finding, type Verified } from '../../pipeline/verify.ts';
import { exitStatus, type Invocation } from '../command.ts';
import { artifactsOf, workspaceAt } from '../places.ts';
import { countText, painter, sizeText, wantsColour, type Paint } from '../style.ts';

/** `verify`: reads everything in the store and holds it against its name. Changes nothing. */
export async function execute(invocation: Invocation): Promise<number> {
  const { root, options, answer, environment } = invocation;
  const workspace = workspaceAt(invocation, artifactsOf(invocation));
  const found = verify(workspace, await temporaryKinds(root, registry));
  const rebuilds = rebuildsOf(found);
  if (options.values['json'] === true) {
    answer.write(`${JSON.stringify({ ...found, rebuilds }, null, 2)}\n`);
  } else {
    const paint = painter(wantsColour(answer, environment));
    answer.write(`${verifyLines(found, rebuilds, paint).join('\n')}\n`);
  }
  return found.findings.length === 0 ? exitStatus.done : exitStatus.failed;
}

function rebuildsOf({ findings }: Verified): readonly string[] {
  return [...new Set(findings.flatMap((finding) => finding.rebuilds))];
}

function verifyLines(
  found: Verified,
  rebuilds: readonly string[],
  paint: Paint,
): readonly string[] {
  const { objects, bytes, records, latest, dropped, findings } = found;
  const counts = `${countText(objects, 'object')} (${sizeText(bytes)}), ${countText(records, 'record')}, ${countText(latest, 'latest result')}`;
  const lines = [
    ...dropped.map((one) => `  dropped by gc, as it may be: ${one.what}, ${sizeText(one.bytes)}`),
    ...findings.map((finding) => `  ${paint('red', findingText(finding))}`),
  ];
  if (lines.length > 0) lines.push('');
  if (findings.length === 0) return [...lines, `${counts}: all as they should be.`];
  lines.push(`${counts}: ${countText(findings.length, 'thing')} not as they should be.`);
  lines.push(
    rebuilds.length === 0
      ? 'No latest result is touched: what an earlier one needs is built again when it is asked for.'
      : `The next run that needs them sets them aside and builds again: ${rebuilds.join(', ')}.`,
  );
  return lines;
}

function findingText({ finding, name, what }: Finding): string {
  const whose = what === '' ? '' : ` (${what})`;
  switch (finding) {
    case 'object-damaged':
      return `object ${name}${whose}: its bytes are not what its name says`;
    case 'object-missing':
      return `object ${name}${whose}: a record names it, but it is not there`;
    case 'record-damaged':
      return `record ${name}${whose}: it is not whole`;
    case 'record-missing':
      return `record ${name}${whose}: the latest result is said to be it, but it is not there`;
    case 'latest-damaged':
      return `latest result of ${name}: its file is not whole`;
    case 'note-damaged':
      return `listing ${name}: its bytes are not what its name says; run again to have it anew`;
    case 'run-damaged':
      return `run ${name}: its record cannot be read`;
    case 'stranger':
      return `${name}: lies among the objects, but is none`;
    default:
      return finding satisfies never;
  }
}
