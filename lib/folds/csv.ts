import { UserError } from '../pipeline/errors.ts';

/** A line of a CSV file: where it begins (1-based), and its fields. */
export interface CsvRecord {
  readonly line: number;
  readonly fields: readonly string[];
}

/**
 * Reads comma-separated values as RFC 4180 has them: fields may stand in double quotes, within which
 * commas, line ends and doubled quotes are text. A byte order mark, LF for CRLF, and empty lines are
 * tolerated; spaces belong to the field.
 *
 * @param text the whole file
 * @param file its name, for errors
 * @throws UserError `bad-csv` for a quote within a bare field, text after a closing quote, or a
 *   quote that is never closed
 */
export function readCsv(text: string, file: string): readonly CsvRecord[] {
  const records: CsvRecord[] = [];
  let line = 1;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const record: CsvRecord & { readonly fields: string[] } = { line, fields: [] };
    for (;;) {
      const field =
        text[at] === '"' ? quotedField(text, at, line, file) : bareField(text, at, line, file);
      record.fields.push(field.value);
      line += field.lines;
      at = field.end;
      if (text[at] !== ',') break;
      at += 1;
    }
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line += 1;
    if (record.fields.length > 1 || record.fields[0] !== '') records.push(record);
  }
  return records;
}

interface Field {
  readonly value: string;
  /** Where the comma, the line end or the end of the file stands. */
  readonly end: number;
  /** How many line ends it holds. */
  readonly lines: number;
}

function bareField(text: string, start: number, line: number, file: string): Field {
  let end = start;
  while (end < text.length && text[end] !== ',' && !endsLine(text, end)) {
    if (text[end] === '"') {
      throw new UserError(
        'bad-csv',
        `${file}:${line}: a double quote within a field. Put the whole field in quotes and double those within.`,
      );
    }
    end += 1;
  }
  return { value: text.slice(start, end), end, lines: 0 };
}

function quotedField(text: string, start: number, line: number, file: string): Field {
  let value = '';
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) {
      throw new UserError(
        'bad-csv',
        `${file}:${line}: a double quote opens here and is never closed.`,
      );
    }
    value += text.slice(from, quote);
    from = quote + 1;
    if (text[from] !== '"') break;
    value += '"';
    from += 1;
  }
  if (from < text.length && text[from] !== ',' && !endsLine(text, from)) {
    throw new UserError(
      'bad-csv',
      `${file}:${line}: text after a closing double quote. A quote within a quoted field is written twice.`,
    );
  }
  return { value, end: from, lines: value.split('\n').length - 1 };
}

function endsLine(text: string, at: number): boolean {
  return text[at] === '\n' || text.startsWith('\r\n', at);
}
