import fs from 'node:fs';
import { z } from 'zod';
import { UserError } from '../pipeline/errors.ts';

/** Of a report.json, what another command goes by. */
export type WrittenReport = z.infer<typeof schema>;

/** @throws UserError when the file is no report.json of this version, or cannot be read. */
export function readReport(file: string): WrittenReport {
  let text;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
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
const shares = z.object({ wa: z.number(), uar: z.number() });

const schema = z.object({
  format: z.literal('emotion-in-motion-report'),
  version: z.literal(1),
  corpus: z.object({ name: z.string(), files: z.record(z.string(), z.number()) }),
  evaluations: z.array(
    z.object({
      name: z.string(),
      models: z.array(
        z.object({ model: z.string(), pooled: shares.nullable(), meanOverFolds: shares }),
      ),
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
      stage: z.string(),
      kind: z.string(),
      instance: z.string(),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    }),
  ),
  packages: z.record(z.string(), z.string()),
});
