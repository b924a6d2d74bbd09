import { styleText } from 'node:util';
import type { Command } from './command.ts';
import { commands } from './commands.ts';
import { commonOptions, type OptionSpec } from './options.ts';

const EXIT = 'Exit status: 0 done, 1 a stage failed, 2 the input is wrong, 130 interrupted.';

/** The help of the whole program. */
export function programHelp(colour: boolean): string {
  const width = Math.max(...commands.map(({ name, words }) => `${name} ${words}`.length));
  const rows = commands.map(
    ({ name, words, summary }) => `  ${`${name} ${words}`.padEnd(width)}  ${summary}`,
  );
  return [
    'Emotion in Motion: from a folder of emotional speech to a report that can be rebuilt to the byte.',
    '',
    heading('Use', colour),
    '  npm run COMMAND -- [WORDS] [OPTIONS]     (options go behind `--`, or npm keeps them)',
    '  npx emotion COMMAND [WORDS] [OPTIONS]',
    '',
    heading('Commands', colour),
    ...rows,
    '',
    heading('Options of most commands', colour),
    ...optionRows(commonOptions),
    '',
    'All options of one: npm run COMMAND -- --help',
    EXIT,
    '',
  ].join('\n');
}

export function commandHelp(command: Command, colour: boolean): string {
  return [
    `npm run ${command.name} -- ${[command.words, '[OPTIONS]'].filter(Boolean).join(' ')}`,
    `  ${command.summary}`,
    '',
    heading('Options', colour),
    ...optionRows(command.options),
    '',
    heading('Examples', colour),
    ...command.examples.map((example) => `  ${example}`),
    '',
    EXIT,
    '',
  ].join('\n');
}

function heading(text: string, colour: boolean): string {
  return colour ? styleText('bold', text, { validateStream: false }) : text;
}

function optionRows(options: Readonly<Record<string, OptionSpec>>): readonly string[] {
  const rows = Object.entries(options).map(([name, { argument, help }]): [string, string] => [
    argument === undefined ? `--${name}` : `--${name} ${argument}`,
    help,
  ]);
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
