import { expect, test } from 'vitest';
import { reportMarkdown } from '../../lib/report/markdown.ts';
import { reportData } from './fixture.ts';

test('the Markdown is as it was', async () => {
  const data = reportData({ withAuthors: true });
  await expect(reportMarkdown(data)).toMatchFileSnapshot('report.expected.txt');
});

test('names with markup stay text, and stay in their cell', () => {
  const text = reportMarkdown(
    reportData({ synthetic: false, corpusName: '<b>*bold*</b> | [x](y)\n# z' }),
  );
  expect(text).toContain('## &lt;b&gt;\\*bold\\*&lt;/b&gt; \\| \\[x\\](y)\ufffd\\# z: which');
  expect(text).not.toContain('<b>');
});
