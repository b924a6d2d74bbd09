import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDescription, readDescription } from '../../lib/corpus/description.ts';

const message = (text: string): string => {
  try {
    parseDescription(text, 'corpus.yaml');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return 'no error';
};

describe('corpus.yaml', () => {
  it('says name, layout, whether it is synthetic, licence and citation', () => {
    const text =
      'name: Sample\nlayout: ravdess\nsynthetic: true\nlicence: CC0-1.0\ncitation: "Nobody (2026)"\n';
    expect(parseDescription(text, 'corpus.yaml')).toEqual({
      name: 'Sample',
      layout: 'ravdess',
      synthetic: true,
      licence: 'CC0-1.0',
      citation: 'Nobody (2026)',
    });
  });

  it('may be empty, and may be absent', async () => {
    const nothing = { synthetic: false, licence: '', citation: '' };
    expect(parseDescription('# nothing yet\n', 'corpus.yaml')).toEqual(nothing);
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'description-'));
    expect(await readDescription(folder)).toEqual(nothing);
    await fs.writeFile(path.join(folder, 'corpus.yaml'), 'name: There\n');
    expect((await readDescription(folder)).name).toBe('There');
    await fs.rm(folder, { recursive: true });
  });

  it.each([
    [
      'name: a\nlicense: b\n',
      'corpus.yaml:2:1: license is not known here; known: name, layout, synthetic, licence, citation.',
    ],
    ['name: a\nsynthetic: maybe\n', 'corpus.yaml:2:12: synthetic should be true or false.'],
    ['name: 3\n', 'corpus.yaml:1:7: name should be text.'],
    [
      '- name\n',
      'corpus.yaml:1:1: this should be a map of name, layout, synthetic, licence, citation.',
    ],
    ['name: "a\n', 'corpus.yaml:2:1: this is not valid YAML: Missing closing "quote.'],
    ['name: a\nname: b\n', 'corpus.yaml:2:1: this is not valid YAML: Map keys must be unique.'],
    [
      'name: &a x\nlicence: *a\n',
      'corpus.yaml:2:10: aliases are not used here: write the value out.',
    ],
  ])('refuses %j', (text, expected) => {
    expect(message(text)).toBe(expected);
  });
});
