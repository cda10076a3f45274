import type { Session } from '../../postgres/session.js';
import { bodyQueriesOf } from '../../sql/plpgsql-body.js';
import type { BrokenBody, StatementError } from './observation.js';
import { statementErrorOf } from './statement-error.js';

interface Routine {
  readonly routine: string;
  readonly name: string;
  readonly language: string;
  readonly definition: string;
  readonly parameters: readonly string[];
  /** The table whose trigger calls it, as SQL; null for none. */
  readonly table: string | null;
  /** Names that triggers give to tables of changed rows. */
  readonly transitions: readonly string[];
}

/** Prepares each query within each function where the function stands, and gives those that the server refuses. */
export async function readBrokenBodies(session: Session): Promise<readonly BrokenBody[]> {
  const broken: BrokenBody[] = [];
  await session.query('BEGIN');
  try {
    for (const routine of await readRoutines(session)) broken.push(...(await judge(session, routine)));
  } finally {
    await session.query('ROLLBACK');
  }
  return broken;
}

async function judge(session: Session, routine: Routine): Promise<readonly BrokenBody[]> {
  const { definition, parameters, table, language } = routine;
  const queries =
    language === 'sql'
      ? [{ line: 1, sql: definition }]
      : bodyQueriesOf(definition, { rowType: table, parameters }).map(({ line, sql }) => ({
          line,
          sql: `PREPARE pgsteward_body AS ${sql}`,
        }));
  for (const { line, sql } of queries) {
    const error = await refusal(session, sql);
    if (error === null || !isAboutNames(error, routine)) continue;
    // One reason is enough: the others may follow from it.
    return [{ routine: routine.routine, name: routine.name, bodyLine: line, reason: error.message }];
  }
  return [];
}

async function refusal(session: Session, sql: string): Promise<StatementError | null> {
  await session.query('SAVEPOINT pgsteward_body');
  try {
    await session.query(sql);
    return null;
  } catch (thrown) {
    return statementErrorOf(thrown);
  } finally {
    await session.query('ROLLBACK TO SAVEPOINT pgsteward_body');
  }
}

/** A table that the body makes itself, or that a trigger hands it, is not there while nobody calls it. */
function isAboutNames({ sqlState, message }: StatementError, { definition, transitions }: Routine): boolean {
  if (sqlState === '42703') return message.startsWith('column ');
  const [, relation] = /^relation "([^"]+)" does not exist/.exec(message) ?? [];
  if (sqlState !== '42P01' || relation === undefined || transitions.includes(relation)) return false;
  return !new RegExp(`\\bcreate\\b[^;]*\\btable\\b[^;]*\\b${relation.replaceAll(/\W/g, '.')}\\b`, 'i').test(definition);
}

async function readRoutines(session: Session): Promise<readonly Routine[]> {
  const { rows } = await session.query<Routine>(
    `SELECT pg_catalog.format('%I.%I', namespace.nspname, routine.proname) AS routine, routine.proname AS name,
            language.lanname AS language, pg_catalog.pg_get_functiondef(routine.oid) AS definition,
            coalesce(routine.proargnames, '{}') AS parameters,
            (SELECT pg_catalog.min(tgrelid::pg_catalog.regclass::text) FROM pg_catalog.pg_trigger
             WHERE tgfoid = routine.oid
             -- Rows of several tables differ: which one NEW is, nobody knows before it is called.
             HAVING pg_catalog.count(DISTINCT tgrelid) = 1) AS table,
            ARRAY(SELECT pg_catalog.unnest(ARRAY[tgnewtable, tgoldtable])::text FROM pg_catalog.pg_trigger
                  WHERE tgfoid = routine.oid AND coalesce(tgnewtable, tgoldtable) IS NOT NULL) AS transitions
     FROM pg_catalog.pg_proc AS routine
     JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = routine.pronamespace
     JOIN pg_catalog.pg_language AS language ON language.oid = routine.prolang
     WHERE routine.oid >= 16384 AND language.lanname IN ('sql', 'plpgsql') AND routine.prokind IN ('f', 'p')
       AND routine.proconfig IS NULL
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS depend
                       WHERE depend.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND depend.objid = routine.oid
                         AND depend.deptype = 'e')
     ORDER BY routine.oid`,
  );
  return rows;
}
