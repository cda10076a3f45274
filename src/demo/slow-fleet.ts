import type { BenchScenarioQuery } from '../bench/scenario.js';
import type { EmbeddedServer } from '../embedded/server.js';
import { generateFleet } from '../fleet/generate.js';
import { installFleet } from '../fleet/install.js';
import { sampleFleet } from '../fleet/sample.js';
import { fleetStatements } from '../fleet/statements.js';
import { runFleetWorkload } from '../fleet/workload.js';
import type { Progress } from '../model/progress.js';
import { openSession } from '../postgres/session.js';
import { fingerprint } from '../sql/fingerprint.js';

/** Parameter sets per query: enough that one lucky value does not decide. */
const PARAMETER_SETS = 8;
const SEED = 1;

/** Makes the fleet as its audit found it, lets its server work for a while, and gives the database's URL. */
export async function makeSlowFleet(
  server: EmbeddedServer,
  database: string,
  { scale, progress }: { readonly scale: 'small' | 'full'; readonly progress: Progress },
): Promise<string> {
  await server.createDatabase(database);
  const url = server.url(database);
  const session = await openSession(url);
  try {
    await installFleet(session, 'flawed');
    await generateFleet(session, { scale, seed: SEED, progress });
    await session.query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements');
    await session.query(
      'SELECT pg_stat_statements_reset(0, oid, 0) FROM pg_database WHERE datname = current_database()',
    );
  } finally {
    await session.close();
  }
  await runFleetWorkload(url, { seed: SEED, progress });
  return url;
}

/** Gives the fleet's hot statements with values from its own rows. */
export async function hotQueries(url: string): Promise<readonly BenchScenarioQuery[]> {
  const session = await openSession(url, { readOnly: true });
  try {
    const sample = await sampleFleet(session, SEED);
    return fleetStatements
      .filter((statement) => statement.hot)
      .map((statement) => ({
        name: statement.name,
        text: statement.sql,
        fingerprint: fingerprint(statement.sql),
        parameterSets: Array.from({ length: PARAMETER_SETS }, () => statement.parameters(sample)),
        weight: 1,
      }));
  } finally {
    await session.close();
  }
}
