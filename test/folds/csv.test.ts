import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv } from '../../lib/folds/csv.ts';
import { UserError } from '../../lib/pipeline/errors.ts';

const fields = (text: string) => readCsv(text, 'list.csv').map((record) => record.fields);

describe('CSV', () => {
  test('gives the fields of each line with its number, whatever ends the lines', () => {
    const expected = [
      { line: 1, fields: ['clip', 'fold'] },
      { line: 2, fields: ['a', '1'] },
    ];
    for (const text of ['clip,fold\na,1', 'clip,fold\r\na,1\r\n', '\uFEFFclip,fold\na,1\n']) {
      expect(readCsv(text, 'list.csv')).toEqual(expected);
    }
  });

  test('keeps commas, quotes and line ends within quotes, and counts those lines', () => {
    expect(readCsv('"a,b","say ""hi"""\n"two\r\nlines",x\n\nlast,', 'list.csv')).toEqual([
      { line: 1, fields: ['a,b', 'say "hi"'] },
      { line: 2, fields: ['two\r\nlines', 'x'] },
      { line: 5, fields: ['last', ''] },
    ]);
  });

  test('reads back any fields that were quoted', () => {
    const table = fc.array(fc.array(fc.string(), { minLength: 2, maxLength: 4 }));
    fc.assert(
      fc.property(table, fc.constantFrom('\n', '\r\n'), (rows, end) => {
        const quote = (field: string) => `"${field.replaceAll('"', '""')}"`;
        expect(fields(rows.map((row) => row.map(quote).join(',')).join(end))).toEqual(rows);
      }),
    );
  });

  test.each([
    [
      'a,b\nx"y,1\n',
      'list.csv:2: a double quote within a field. Put the whole field in quotes and double those within.',
    ],
    ['a,b\nx,"1\n2\n', 'list.csv:2: a double quote opens here and is never closed.'],
    [
      'a,b\n"x"y,1\n',
      'list.csv:2: text after a closing double quote. A quote within a quoted field is written twice.',
    ],
  ])('names the line of a wrong quote: %j', (text, message) => {
    expect(() => fields(text)).toThrow(new UserError('bad-csv', message));
  });

  test('of an empty file is empty', () => {
    expect(fields('')).toEqual([]);
    expect(fields('\uFEFF\n\r\n')).toEqual([]);
  });
});
