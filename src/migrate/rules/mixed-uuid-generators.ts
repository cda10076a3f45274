import { mixedUuidGenerators as describe, mixedUuidRule } from '../../sql/schema-rules/mixed-uuid-generators.js';
import type { LintRule } from './rule.js';
import { locationOf, seen, startOf, statementsOf } from './wording.js';

/** Two functions make the keys of one schema. */
export const mixedUuidGenerators: LintRule = {
  ...mixedUuidRule,
  check: (context) => {
    const found = describe(context.final.uuidDefaults);
    if (found === null) return [];
    const maker = statementsOf(context).find(({ text }) => /\buuid_generate_v4\s*\(/i.test(text));
    return [
      {
        ...found,
        object: 'uuid',
        location: maker === undefined ? startOf(context.set.files[0]?.path ?? '') : locationOf(maker),
        proof: seen(context, 'the defaults of the finished schema'),
      },
    ];
  },
};
