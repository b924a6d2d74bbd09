const settings = {
  type: 'object',
  minProperties: 1,
  propertyNames: { pattern: '^[^.=\\s]+\\.[^.=\\s]+$' },
} as const;

const range = {
  anyOf: [
    { type: 'array', minItems: 1, description: 'drawn from this list' },
    {
      type: 'object',
      additionalProperties: false,
      required: ['from', 'to'],
      properties: {
        from: { type: 'number' },
        to: { type: 'number' },
        scale: { enum: ['linear', 'log'], description: 'drawn evenly, or evenly in its logarithm' },
        whole: { type: 'boolean', description: 'rounded to whole numbers' },
      },
    },
  ],
} as const;

/** The JSON Schema of `sweeps:`, for editors; what a command accepts is in definition.ts. */
export const sweepsSchema = {
  type: 'object',
  description: 'many points of this pipeline, compared: npm run sweep -- NAME',
  propertyNames: { pattern: '^[a-z][a-z0-9-]{0,63}$' },
  additionalProperties: {
    type: 'object',
    additionalProperties: false,
    properties: {
      grid: {
        ...settings,
        additionalProperties: { type: 'array', minItems: 1, uniqueItems: true },
        description: 'every combination of the values of each stage.key',
      },
      points: { type: 'array', minItems: 1, items: settings, description: 'these points' },
      random: {
        type: 'object',
        additionalProperties: false,
        required: ['draws', 'ranges'],
        properties: {
          draws: { type: 'integer', minimum: 1, description: 'how many points are drawn' },
          seed: { type: 'integer', minimum: 0, description: 'seed of the draws (default: 1)' },
          ranges: { ...settings, additionalProperties: range },
        },
      },
      seeds: {
        type: 'integer',
        minimum: 1,
        description: 'how often each point is run, each time with the next seed (default: 1)',
      },
      seed: {
        type: 'string',
        description: 'the parameter that seeds count (default: seed of the stage that trains)',
      },
      baseline: {
        ...settings,
        description:
          "the point that others are tested against (default: the pipeline's own values, or the first)",
      },
      select: {
        enum: ['test', 'nested'],
        description:
          'what chooses the best point: the test folds, or folds within the training part (default: test)',
      },
      evaluate: {
        type: 'string',
        description: 'the stage whose scores are compared, where there are several',
      },
    },
    oneOf: [{ required: ['grid'] }, { required: ['points'] }, { required: ['random'] }],
  },
} as const;
