import { RIGHT_REWRITES } from '../../test/proof/equivalence/right-rewrites.js';
import { PAIR_SCHEMA, WRONG_REWRITES } from '../../test/proof/equivalence/wrong-rewrites.js';
import { REWRITE_CASES } from '../../test/sql/rewrite/rewrite-cases.js';
import { TRAP_CASES, TRAP_SCHEMA } from '../../test/sql/rewrite/trap-cases.js';
import { readSet } from '../unseen-rewrites/read-statements.js';

/** A schema with statements that are changed by chance. */
export interface World {
  readonly name: string;
  /** Makes its tables, without rows. */
  readonly schemaSql: string;
  readonly statements: readonly string[];
  /** How often it has its turn among the worlds. */
  readonly weight: number;
}

/** Gives the project’s own cases, and the statements that judge its advice, each with the schema that they are about. */
export async function readWorlds(): Promise<readonly World[]> {
  const pairs = [...RIGHT_REWRITES, ...WRONG_REWRITES].flatMap((pair) => [pair.original, pair.rewritten]);
  const files = [...(await readSet('a', [])), ...(await readSet('b', []))];
  const schemas = [...new Set(files.map(({ schema }) => schema))];
  return [
    {
      ...{ name: 'pairs', schemaSql: PAIR_SCHEMA, weight: 4 },
      statements: [...REWRITE_CASES.map(({ sql }) => sql), ...pairs],
    },
    { name: 'traps', schemaSql: TRAP_SCHEMA, statements: TRAP_CASES.map(({ sql }) => sql), weight: 10 },
    ...schemas.map((name) => {
      const own = files.filter(({ schema }) => schema === name);
      const statements = own.flatMap((file) =>
        file.statements.flatMap(({ sql, better }) => [sql, ...(better === null ? [] : [better.sql])]),
      );
      return { name, schemaSql: withoutRows(own[0]?.schemaSql ?? ''), statements, weight: 1 };
    }),
  ];
}

/** What fills the tables takes minutes and is of no interest here. */
function withoutRows(schemaSql: string): string {
  return schemaSql
    .split(/;\s*\n/)
    .filter((statement) => !/^(\s*--.*\n)*\s*(INSERT|UPDATE|DELETE|ANALYZE|SELECT)\b/i.test(statement))
    .join(';\n');
}
