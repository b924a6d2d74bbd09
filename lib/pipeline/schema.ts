import { z } from 'zod';
import { loadDeclaration } from './load.ts';

/**
 * The JSON Schema (draft 2020-12) of pipeline.yaml, made from the stages' own schemas, so that an
 * editor completes and checks what the engine will accept.
 *
 * @param sweeps the schema of `sweeps:`, which the engine itself does not read
 */
export async function pipelineSchema(
  root: string,
  registry: Readonly<Record<string, string>>,
  sweeps: unknown,
): Promise<unknown> {
  const names = Object.keys(registry);
  const definitions: Record<string, unknown> = {};
  const uses: unknown[] = [];
  const properties: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(registry)) {
    const declaration = await loadDeclaration(root, entry);
    const { $schema: _, ...params } = z.toJSONSchema(declaration.parameters(), { io: 'input' });
    definitions[`${name}.params`] = params;
    properties[name] = stageSchema(name, declaration.summary, declaration.foreach);
    uses.push({
      if: { properties: { use: { const: name } }, required: ['use'] },
      then: { properties: { params: { $ref: `#/$defs/${name}.params` } } },
    });
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Emotion in Motion pipeline',
    type: 'object',
    additionalProperties: false,
    properties: {
      extends: {
        type: 'string',
        description: 'another pipeline that this one changes; relative to this file',
      },
      corpus: { type: 'string', description: 'the folder of recordings; relative to this file' },
      stages: {
        type: 'object',
        description: 'the stages, by name; a stage set to null is dropped',
        properties,
        additionalProperties: { $ref: '#/$defs/named' },
      },
      sweeps,
    },
    $defs: {
      needs: {
        description: 'the stages whose results it reads: a list, or role by role',
        anyOf: [
          { type: 'array', items: { type: 'string' } },
          {
            type: 'object',
            additionalProperties: {
              anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
            },
          },
        ],
      },
      named: {
        description: 'a stage under a name of your own: say which stage file it uses',
        type: ['object', 'null'],
        additionalProperties: false,
        required: ['use'],
        properties: {
          use: { enum: names },
          needs: { $ref: '#/$defs/needs' },
          foreach: { type: 'string' },
          params: { type: 'object' },
        },
        allOf: uses,
      },
      ...definitions,
    },
  };
}

function stageSchema(name: string, summary: string, axis: string | undefined): unknown {
  return {
    description: summary,
    type: ['object', 'null'],
    additionalProperties: false,
    properties: {
      use: { const: name },
      needs: { $ref: '#/$defs/needs' },
      ...(axis === undefined ? {} : { foreach: { const: axis } }),
      params: { $ref: `#/$defs/${name}.params` },
    },
  };
}
