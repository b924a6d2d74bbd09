import { z } from 'zod';

/** What holds for every clip of both mel artifacts. */
export const melFacts = () =>
  z.strictObject({
    frames: z.int().min(0),
    bands: z.int().min(1),
    /** Lower and upper edge of the mel bank, Hz. */
    fmin: z.number().min(0),
    fmax: z.number().min(0),
    hopSeconds: z.number().positive(),
    /** Frame t is centred on t x hopSeconds; otherwise it begins there. */
    centred: z.boolean(),
  });

export type MelFacts = z.output<ReturnType<typeof melFacts>>;
