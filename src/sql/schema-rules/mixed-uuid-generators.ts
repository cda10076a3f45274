import type { Fix } from '../../model/finding.js';
import type { Rule } from '../../model/rule.js';
import { listed } from '../listed.js';
import { quoteIdentifier } from '../quote.js';

/** What the rule says of itself, for migrations and for a database alike. */
export const mixedUuidRule: Rule = {
  id: 'mixed-uuid-generators',
  title: 'Random keys are made by two functions',
  severity: 'info',
  docs: {
    what: 'Defaults of the schema that make random UUIDs by uuid_generate_v4() beside others by gen_random_uuid().',
    why: 'Both give the same, but one needs the extension uuid-ossp, which a restore, a new server or a managed one may lack.',
    limits: 'uuidv7() and uuid_generate_v1() give other keys than these and are passed by.',
    sources: ['https://www.postgresql.org/docs/current/functions-uuid.html'],
  },
};

/** A column whose default makes a UUID. */
export interface UuidDefault {
  /** Schema-qualified, quoted where SQL wants that. */
  readonly table: string;
  /** Unquoted. */
  readonly column: string;
  /** The function's name without its schema. */
  readonly generator: string;
  /** The default as it is printed; a bare call of the generator where not given. */
  readonly expression?: string;
}

/** Gives the function by which a default makes UUIDs, without its schema; null for any other default. */
export function uuidGeneratorOf(expression: string | null): string | null {
  return /^(?:[\w"]+\.)?(uuid_generate_v[14]|gen_random_uuid|uuidv4|uuidv7)\(\)$/.exec(expression ?? '')?.[1] ?? null;
}

/** Says which defaults use which function where two of one meaning are in use, else null. */
export function mixedUuidGenerators(defaults: readonly UuidDefault[]) {
  const old = defaults.filter(({ generator }) => generator === 'uuid_generate_v4');
  const modern = defaults.filter(({ generator }) => generator === 'gen_random_uuid' || generator === 'uuidv4');
  if (old.length === 0 || modern.length === 0) return null;
  return {
    title: `${old.length} keys come from uuid_generate_v4(), ${modern.length} from gen_random_uuid()`,
    message: `${listed(old.map(({ table, column }) => `${table}.${column}`))} use uuid_generate_v4() of the extension uuid-ossp, while ${modern.length === 1 ? 'one other uses' : `${modern.length} others use`} gen_random_uuid(), which PostgreSQL has itself. Set the default of these to gen_random_uuid(): keys that are there stay as they are.`,
    relations: old.map(({ table }) => table),
    fix: fixOf(old),
  };
}

function fixOf(old: readonly UuidDefault[]): Fix {
  const alter = ({ table, column }: UuidDefault, expression: string) =>
    `ALTER TABLE ${table} ALTER COLUMN ${quoteIdentifier(column)} SET DEFAULT ${expression}`;
  return {
    kind: 'migration',
    sql: old.map((each) => ({
      sql: alter(each, 'gen_random_uuid()'),
      transactional: true,
      lockTimeoutMs: 3000,
      hazards: [],
    })),
    undo: old.map((each) => alter(each, each.expression ?? 'uuid_generate_v4()')),
    rewrittenQuery: null,
    files: [],
  };
}
