import type { LintRule } from './rule.js';
import { listed, locationOf, seen, startOf, statementsOf } from './wording.js';

/** Two functions make the keys of one schema. */
export const mixedUuidGenerators: LintRule = {
  id: 'mixed-uuid-generators',
  title: 'Random keys are made by two functions',
  severity: 'info',
  docs: {
    what: 'Defaults of the finished schema that make random UUIDs by uuid_generate_v4() beside others by gen_random_uuid().',
    why: 'Both give the same, but one needs the extension uuid-ossp, which a restore, a new server or a managed one may lack.',
    limits: 'uuidv7() and uuid_generate_v1() give other keys than these and are passed by.',
    sources: ['https://www.postgresql.org/docs/current/functions-uuid.html'],
  },
  check: (context) => {
    const { uuidDefaults } = context.final;
    const old = uuidDefaults.filter(({ generator }) => generator === 'uuid_generate_v4');
    const modern = uuidDefaults.filter(({ generator }) => generator === 'gen_random_uuid' || generator === 'uuidv4');
    const [first] = old;
    if (first === undefined || modern.length === 0) return [];
    const maker = statementsOf(context).find(({ text }) => /\buuid_generate_v4\s*\(/i.test(text));
    return [
      {
        title: `${old.length} keys come from uuid_generate_v4(), ${modern.length} from gen_random_uuid()`,
        message: `${listed(old.map(({ table, column }) => `${table}.${column}`))} use uuid_generate_v4() of the extension uuid-ossp, while ${modern.length} others use gen_random_uuid(), which PostgreSQL has itself. Set the default of these to gen_random_uuid(): keys that are there stay as they are.`,
        object: 'uuid',
        relations: old.map(({ table }) => table),
        location: maker === undefined ? startOf(context.set.files[0]?.path ?? '') : locationOf(maker),
        proof: seen(context, 'the defaults of the finished schema'),
        fix: {
          kind: 'migration',
          sql: old.map(({ table, column }) => ({
            sql: `ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT gen_random_uuid()`,
            transactional: true,
            lockTimeoutMs: 3000,
            hazards: [],
          })),
          undo: old.map(
            ({ table, column }) => `ALTER TABLE ${table} ALTER COLUMN ${column} SET DEFAULT uuid_generate_v4()`,
          ),
          rewrittenQuery: null,
          files: [],
        },
      },
    ];
  },
};
