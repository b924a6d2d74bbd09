import fs from 'node:fs';
import { z } from 'zod';
import { UserError } from '../pipeline/errors.ts';
import { visible } from './text.ts';

/** Of a report.json, what another command goes by. */
export type WrittenReport = z.infer<typeof schema>;

/** @throws UserError when the file is no report.json of this version, or cannot be read. */
export function readReport(file: string): WrittenReport {
  let text;
  try {
    if (!fs.statSync(file).isFile()) throw new Error('not a file');
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new UserError('unreadable', `${file} cannot be read (${code}).`, { cause: error });
  }
  const report = parseReport(text);
  if (report === undefined) {
    throw new UserError(
      'not-a-report',
      `${file} is not a report.json that this version reads: it should hold "format": "emotion-in-motion-report" and "version": 1, with stages, artifacts and packages.`,
    );
  }
  return report;
}

/** undefined for what is no report.json. */
export function parseReport(text: string): WrittenReport | undefined {
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

const name = z.string().regex(/^[a-z][a-z0-9-]*$/);
// What it says is shown: whatever would act on a terminal is replaced.
const text = z.string().transform(visible);
const shares = z.object({ wa: z.number(), uar: z.number() });

const schema = z.object({
  format: z.literal('emotion-in-motion-report'),
  version: z.literal(1),
  corpus: z.object({ name: text, files: z.record(text, z.number()) }),
  evaluations: z.array(
    z.object({
      name: text,
      models: z.array(z.object({ model: text, pooled: shares.nullable(), meanOverFolds: shares })),
    }),
  ),
  stages: z.array(
    z.object({
      name,
      use: name,
      params: z.record(z.string(), z.unknown()),
      needs: z.record(z.string(), z.array(name)),
    }),
  ),
  artifacts: z.array(
    z.object({
      stage: text,
      kind: text,
      instance: text,
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  packages: z.record(text, text),
});
