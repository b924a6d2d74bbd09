import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { noise, wavFile } from '../audio/wav.ts';
import { Project, type Said } from '../helpers/project.ts';
import { hostileTokens, mutatedText, randomOf } from './mutate.ts';

let project: Project;

beforeAll(() => {
  project = new Project();
});

/** Nothing that acts on a terminal, no stack, no word of the machine's. */
function isForPeople({ stdout, stderr }: Said): void {
  for (const text of [stdout, stderr]) {
    expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
    expect(text).not.toMatch(/\n\s+at |Internal error|TypeError|RangeError|\[object/);
  }
}

it('files of a corpus that are named to act on a terminal are listed as text, and none is run', async () => {
  const sound = wavFile({ rateHz: 8000, samples: noise(100, 1) });
  const names = [
    '\x1b[2J\x1b]0;x\x07',
    '$(touch owned)',
    'two\nlines',
    '<script>',
    '\u202eesrever',
  ];
  for (const [index, name] of names.entries()) {
    project.write(`odd/Actor_${name}/03-01-0${index + 1}-01-01-01-01.wav`, sound);
    project.write(`odd/${name}.wav`, sound);
  }
  const corpus = ['--corpus', path.join(project.root, 'odd'), '--set', 'decode.layout=ravdess'];
  const refused = await project.emotion(['pipeline', 'decode', ...corpus]);
  isForPeople(refused);
  expect(refused.stderr + refused.stdout).toContain('\\u001b[2J\\u001b]0;x\\u0007.wav');
  expect(refused.status).not.toBe(0);
  const skipped = await project.emotion([
    ...['pipeline', 'decode', ...corpus, '--set', 'decode.onBadFile=skip'],
    ...[
      '--set',
      'decode.duplicates=allow',
      '--set',
      'decode.emotions=[neutral, calm, happy, sad, angry]',
    ],
    ...['--set', 'decode.short=pad', '--set', 'decode.offset=0'],
  ]);
  isForPeople(skipped);
  expect(skipped.status, skipped.stderr).toBe(0);
  expect(fs.existsSync(path.join(project.root, 'owned'))).toBe(false);
});

it('mutated pipelines, runs and reports are refused in words, with the status of wrong input', async () => {
  const yaml = fs.readFileSync(path.join(project.root, 'pipeline.yaml'), 'utf8');
  for (let mutation = 0; mutation < 6; mutation += 1) {
    const text = mutatedText(randomOf(81, mutation), [yaml], hostileTokens);
    const file = project.write('mutated.yaml', `${text}\n\x1b[2J: 1\n`);
    const said = await project.emotion(['status', '--config', file]);
    isForPeople(said);
    expect(said.status, said.stderr).toBe(2);
  }
  const report = project.write('report.json', '{"format":"\x1b[2J"}');
  const said = await project.emotion(['reproduce', report]);
  isForPeople(said);
  expect(said.status).toBe(2);
});

it('a store full of strangers is verified, listed and collected in words', async () => {
  const artifacts = path.join(project.root, 'artifacts');
  for (const [place, name] of [
    ['store/objects/00', '\x1b[2J'],
    ['store/records/00', '\x1b[2J.json'],
    ['store/notes', '\u202enote'],
    ['store/tmp', '\x07'],
    ['store/processes', '...json'],
    ['latest', '\x1b[2J'],
    ['pins', '\x1b[2J'],
  ] as const) {
    fs.mkdirSync(path.join(artifacts, place), { recursive: true });
    fs.writeFileSync(path.join(artifacts, place, name), '\x1b[2J');
    fs.utimesSync(path.join(artifacts, place, name), 1, 1);
  }
  for (const words of [
    ['verify'],
    ['runs'],
    ['gc'],
    ['gc', '--yes'],
    ['status'],
    ['verify', '--json'],
  ]) {
    const said = await project.emotion(words);
    isForPeople(said);
    expect([0, 1, 2], words.join(' ')).toContain(said.status);
  }
  expect(fs.existsSync(path.join(artifacts, 'store/objects'))).toBe(true);
});
