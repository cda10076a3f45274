import { compareSchemas } from '../../src/migrate/schema/compare.js';
import { asOfOneMoment, observeInTransaction } from '../../src/migrate/schema/observe.js';
import type { ObservedSchema } from '../../src/model/drift.js';
import type { Session } from '../../src/postgres/session.js';

/** How many files the chain has. */
const CHAIN_LENGTH = 30;

/** Files of every kind, each of which leaves one mark for each time that one of its statements ran; `long` ones sleep long. */
export function chainFiles(long: readonly string[] = []): Readonly<Record<string, string>> {
  const files = Array.from({ length: CHAIN_LENGTH }, (_, place) => {
    const version = String(place + 1).padStart(4, '0');
    const sleepSeconds = long.includes(version) ? 0.5 : 0.03;
    return [`${version}_step.up.sql`, stepSql(place + 1, { version, sleepSeconds })] as const;
  });
  return Object.fromEntries(files);
}

const MARKS = 'CREATE TABLE marks (id bigint GENERATED ALWAYS AS IDENTITY, version text NOT NULL, place int NOT NULL);';

function stepSql(number: number, { version, sleepSeconds }: { version: string; sleepSeconds: number }): string {
  const mark = (place: number) =>
    `INSERT INTO marks (version, place) VALUES ('${version}', ${place}), ('${version}', ${-place});`;
  const pause = `SELECT pg_sleep(${sleepSeconds});`;
  if (number === 1)
    return `${MARKS}\n${mark(1)}\nCREATE TABLE base AS SELECT g AS id, g % 100 AS v FROM generate_series(1, 20000) AS g;`;
  if (number % 5 === 0) {
    const table = number % 10 === 0 ? `t${number - 1}` : 'base';
    return `CREATE INDEX CONCURRENTLY i${number}_a ON ${table} (v);\nCREATE INDEX CONCURRENTLY i${number}_b ON ${table} (id, v);`;
  }
  if (number % 7 === 0) {
    return `-- pgsteward: no-transaction\n${mark(1)}\n${pause}\nVACUUM base;\nCREATE TABLE t${number} (id int, v int);\n${mark(2)}`;
  }
  return `CREATE TABLE t${number} (id int PRIMARY KEY, v int);\n${mark(1)}\n${pause}\nALTER TABLE base ADD COLUMN c${number} int DEFAULT ${number};\n${mark(2)}`;
}

/** Reads the schema, without the runner's own. */
export async function schemaOf(session: Session): Promise<ObservedSchema> {
  return asOfOneMoment(session, () => observeInTransaction(session, 'steward'));
}

/** Says in what a database is not as if nothing had disturbed its migrations; none where it is. */
export async function faultsOf(session: Session, undisturbed: ObservedSchema): Promise<readonly string[]> {
  const read = async (sql: string) => (await session.query<{ fault: string }>(sql)).rows.map(({ fault }) => fault);
  const differences = compareSchemas(undisturbed, await schemaOf(session));
  return [
    ...differences.map(({ object, attribute }) => `${object}: ${attribute}`),
    ...(await read(`SELECT format('%s mark %s: %s times', version, place, count(*)) AS fault FROM marks
                    GROUP BY version, place HAVING count(*) <> 1`)),
    ...(await read(
      `SELECT 'ledger: ' || count(*) AS fault FROM steward.schema_migrations HAVING count(*) <> ${CHAIN_LENGTH}`,
    )),
    ...(await read(`SELECT version || ': ' || event || ' ' || count(*) AS fault FROM steward.schema_migration_attempts
                    WHERE event = 'succeeded' GROUP BY version, event HAVING count(*) <> 1`)),
    ...(await read(`SELECT version || ': applied, and no attempt succeeded' AS fault FROM steward.schema_migrations AS ledger
                    WHERE NOT EXISTS (SELECT FROM steward.schema_migration_attempts AS attempt
                      WHERE attempt.version = ledger.version AND attempt.event = 'succeeded')`)),
    // Each end has a beginning before it in its own run.
    ...(await read(`SELECT version || ': ' || event || ' without a start' AS fault
                    FROM steward.schema_migration_attempts AS ending
                    WHERE event IN ('succeeded', 'failed') AND NOT EXISTS (
                      SELECT FROM steward.schema_migration_attempts AS beginning
                      WHERE beginning.event = 'started' AND beginning.version = ending.version
                        AND beginning.run_id = ending.run_id AND beginning.attempt_id < ending.attempt_id)`)),
  ];
}
