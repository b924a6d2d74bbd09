import { CST, Lexer } from 'yaml';

/** More than any pipeline or corpus needs. */
const MAX_LEVELS = 100;
const MAX_PARTS = 100_000;

/**
 * Finds where a YAML text is nested deeper, or has more parts, than anything written for this project: the
 * parser calls itself for each level, and would run out of stack. Goes over the text once and without
 * recursion, by the parser's own lexer.
 *
 * @returns where and why it is too much; undefined for a text that may be parsed
 */
export function tooMuchYaml(
  text: string,
): { readonly offset: number; readonly reason: string } | undefined {
  /** The columns at which the open maps and lists outside braces and brackets began. */
  const open: number[] = [];
  let flow = 0;
  let offset = 0;
  let lineStart = 0;
  let parts = 0;
  /** Only marks have come in this line: `- - - a` opens a list for each. */
  let onlyMarks = true;
  for (const token of new Lexer().lex(text)) {
    if (CONTROLS.has(token)) continue;
    const type = CST.tokenType(token);
    parts += 1;
    if (type === 'flow-map-start' || type === 'flow-seq-start') flow += 1;
    else if (type === 'flow-map-end' || type === 'flow-seq-end') flow = Math.max(0, flow - 1);
    else if (flow === 0 && onlyMarks && type !== null && !BLANK.has(type)) {
      const column = offset - lineStart;
      while ((open.at(-1) ?? -1) > column) open.pop();
      if ((open.at(-1) ?? -1) < column) open.push(column);
      onlyMarks = MARKS.has(type);
    }
    if (flow + open.length > MAX_LEVELS) {
      return { offset, reason: `more than ${MAX_LEVELS} levels within each other` };
    }
    if (parts > MAX_PARTS) return { offset, reason: `more than ${MAX_PARTS} words and marks` };
    offset += token.length;
    const end = token.lastIndexOf('\n');
    if (end < 0) continue;
    lineStart = offset - (token.length - end - 1);
    onlyMarks = true;
  }
  return undefined;
}

const MARKS: ReadonlySet<string> = new Set(['seq-item-ind', 'explicit-key-ind', 'map-value-ind']);
const BLANK: ReadonlySet<string> = new Set(['space', 'newline', 'comment', 'byte-order-mark']);

/** What the lexer says beside the text itself. */
const CONTROLS: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);
