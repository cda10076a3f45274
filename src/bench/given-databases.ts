import { StewardError } from '../errors.js';
import type { BeforeAfter } from '../model/before-after.js';
import type { BenchData } from '../model/bench.js';
import { openSession } from '../postgres/session.js';
import { rowDifferences } from './baseline.js';
import type { BenchDatabases } from './clone.js';
import { readData } from './data.js';

/** Takes two databases as they are: nothing is created, and what is written to them is rolled back. */
export async function useGivenDatabases(urls: {
  readonly beforeUrl: string;
  readonly afterUrl: string;
}): Promise<BenchDatabases> {
  const before = await describe(urls.beforeUrl);
  const after = await describe(urls.afterUrl);
  if (before.identity === after.identity) {
    throw new StewardError('configuration', `--before-url and --after-url name one database, "${before.name}"`, {
      hint: 'give the database without the migrations and the one with them',
    });
  }
  requireSameRows({ before, after });
  return {
    ...urls,
    beforeName: before.name,
    afterName: after.name,
    migration: null,
    drop: async () => undefined,
  };
}

interface Described {
  readonly name: string;
  readonly identity: string;
  readonly data: BenchData;
}

async function describe(url: string): Promise<Described> {
  const session = await openSession(url, { applicationName: 'pgsteward bench', readOnly: true });
  try {
    const { rows } = await session.query<{ name: string; identity: string }>(
      `SELECT pg_catalog.current_database() AS name,
              pg_catalog.concat_ws(' ', pg_catalog.inet_server_addr(), pg_catalog.inet_server_port(),
                pg_catalog.pg_postmaster_start_time(), d.oid) AS identity
         FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()`,
    );
    return { name: rows[0]?.name ?? '', identity: rows[0]?.identity ?? '', data: await readData(session) };
  } finally {
    await session.close();
  }
}

function requireSameRows({ before, after }: BeforeAfter<Described>): void {
  const shared = (data: BenchData, other: BenchData): BenchData => ({
    ...data,
    rowsEstimate: Object.fromEntries(
      Object.entries(data.rowsEstimate).filter(([table]) => Object.hasOwn(other.rowsEstimate, table)),
    ),
  });
  const differences = rowDifferences(shared(before.data, after.data), shared(after.data, before.data));
  if (differences.length === 0) return;
  throw new StewardError(
    'configuration',
    `"${before.name}" and "${after.name}" do not hold the same rows: ${differences.join('; ')}`,
    { hint: 'make the second a copy of the first before it is migrated, and ANALYZE both' },
  );
}
