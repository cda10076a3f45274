import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { makeClones } from '../../src/bench/clone.js';
import { runBench } from '../../src/bench/run.js';
import { readSource } from '../../src/bench/source.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { byKey, commandsDatabase, migrationOf, sweep } from './commands.js';

// Cloning and measuring share the machine with the other test files.
vi.setConfig({ testTimeout: 120_000 });

const nothing = migrationOf('SELECT 1');

async function onDatabase<Value>(url: string, work: (session: Session) => Promise<Value>): Promise<Value> {
  const session = await openSession(url);
  try {
    return await work(session);
  } finally {
    await session.close();
  }
}

async function exists(url: string, database: string): Promise<boolean> {
  const { rows } = await onDatabase(url, (session) =>
    session.query('SELECT FROM pg_database WHERE datname = $1', [database]),
  );
  return rows.length > 0;
}

/** The names of the clones, seen from the migration that runs on one of them. */
function watchClones(work: (url: string) => Promise<void> = async () => undefined) {
  const seen: string[] = [];
  const apply = async (url: string) => {
    const name = await onDatabase(url, async (session) => {
      const { rows } = await session.query<{ name: string }>('SELECT current_database() AS name');
      return rows[0]?.name ?? '';
    });
    seen.push(name, name.replace(/after$/, 'before'));
    await work(url);
  };
  return { seen, migrations: { names: ['001_watch.up.sql'], apply } };
}

describe('makeClones', () => {
  it('gives two databases with the same statistics that differ by the migration', async () => {
    const url = await commandsDatabase();
    const clones = await makeClones({
      url,
      source: await readSource(url),
      migrations: migrationOf('CREATE INDEX late ON commands (sent_at)'),
    });
    try {
      const read = (clone: string) =>
        onDatabase(clone, async (session) => ({
          statistics: (
            await session.query('SELECT * FROM pg_stats WHERE tablename = $1 ORDER BY attname', ['commands'])
          ).rows,
          indexes: (
            await session.query<{ n: string }>(
              `SELECT indexname AS n FROM pg_indexes WHERE tablename = 'commands' ORDER BY 1`,
            )
          ).rows.map((row) => row.n),
        }));
      const before = await read(clones.beforeUrl);
      const after = await read(clones.afterUrl);
      expect(after.statistics).toEqual(before.statistics);
      expect(before.indexes).toEqual(['commands_pkey']);
      expect(after.indexes).toEqual(['commands_pkey', 'late']);
    } finally {
      await clones.drop();
    }
    expect(await exists(url, clones.beforeName)).toBe(false);
    expect(await exists(url, clones.afterName)).toBe(false);
  });

  it('takes over what ALTER DATABASE set', async () => {
    const url = await commandsDatabase();
    await onDatabase(url, async (session) => {
      const { rows } = await session.query<{ name: string }>('SELECT current_database() AS name');
      await session.query(`ALTER DATABASE ${rows[0]?.name} SET work_mem = '7MB'`);
      await session.query(`ALTER DATABASE ${rows[0]?.name} SET search_path = public, "odd schema"`);
    });
    const clones = await makeClones({ url, source: await readSource(url), migrations: nothing });
    try {
      for (const clone of [clones.beforeUrl, clones.afterUrl]) {
        const { rows } = await onDatabase(clone, (session) =>
          session.query(`SELECT current_setting('work_mem') AS memory, current_setting('search_path') AS path`),
        );
        expect(rows).toEqual([{ memory: '7MB', path: 'public, "odd schema"' }]);
      }
    } finally {
      await clones.drop();
    }
  });

  it('analyzes both when a migration makes statistics that columns do not have', async () => {
    const url = await commandsDatabase();
    const clones = await makeClones({
      url,
      source: await readSource(url),
      migrations: migrationOf('CREATE STATISTICS both_of (dependencies) ON agent_id, status FROM commands'),
    });
    try {
      const { rows } = await onDatabase(clones.afterUrl, (session) =>
        session.query('SELECT stxddependencies IS NOT NULL AS known FROM pg_statistic_ext_data'),
      );
      expect(rows).toEqual([{ known: true }]);
    } finally {
      await clones.drop();
    }
  });

  it('names who is connected to the source', async () => {
    const url = await commandsDatabase();
    const guest = await openSession(url, { applicationName: 'billing' });
    try {
      const clones = makeClones({ url, source: await readSource(url), migrations: nothing });
      await expect(clones).rejects.toMatchObject({
        message: expect.stringMatching(
          /^database "test_\w+" cannot be cloned while others are connected to it: "billing" of role postgres \(pid \d+, connected for \d+ s\)$/,
        ),
        hint: 'close these connections, or give the bench a restored copy of the database',
        exitStatus: 3,
      });
    } finally {
      await guest.close();
    }
  });

  it('refuses a role that may not create databases and says how it may', async () => {
    const url = await commandsDatabase();
    const role = `reader_${randomUUID().replaceAll('-', '')}`;
    await onDatabase(url, (session) => session.query(`CREATE ROLE ${role} LOGIN`));
    try {
      const asRole = url
        .replace('postgres://postgres', `postgres://${role}`)
        .replace('postgresql://postgres', `postgresql://${role}`);
      expect(asRole).not.toBe(url);
      await expect(readSource(asRole)).rejects.toMatchObject({
        message: `role "${role}" may not create databases, and the bench needs two`,
        hint: expect.stringContaining(`ALTER ROLE "${role}" CREATEDB`),
        exitStatus: 2,
      });
    } finally {
      await onDatabase(url, (session) => session.query(`DROP ROLE ${role}`));
    }
  });
});

describe('the clones of a bench', () => {
  const base = { budgetMs: 6_000_000, effort: { blocksMax: 2, sliceMs: 10 }, seed: 1, driver: 'pg' as const };

  it('are gone after success', async () => {
    const url = await commandsDatabase();
    const { seen, migrations } = watchClones();
    await runBench({ ...base, url, queries: [byKey], migrations });
    expect(seen).toHaveLength(2);
    for (const name of seen) expect(await exists(url, name)).toBe(false);
  });

  it('are gone after a statement that fails', async () => {
    const url = await commandsDatabase();
    const { seen, migrations } = watchClones();
    const wrong = { ...byKey, text: 'SELECT 1 / 0', parameterSets: [] };
    await expect(runBench({ ...base, url, queries: [wrong], migrations })).rejects.toThrow(/division by zero/);
    for (const name of seen) expect(await exists(url, name)).toBe(false);
  });

  it('are gone after a migration that fails, which is named', async () => {
    const url = await commandsDatabase();
    const { seen, migrations } = watchClones(async () => {
      throw new Error('001_watch.up.sql: relation "agents" does not exist');
    });
    await expect(runBench({ ...base, url, queries: [byKey], migrations })).rejects.toMatchObject({
      message: 'the migrations stop on the clone: 001_watch.up.sql: relation "agents" does not exist',
      exitStatus: 3,
    });
    expect(seen).toHaveLength(2);
    for (const name of seen) expect(await exists(url, name)).toBe(false);
  });

  it.each(['migrating', 'explaining', 'http', 'pg'] as const)(
    'are gone after an interruption while %s',
    async (moment) => {
      const url = await commandsDatabase();
      const stopper = new AbortController();
      const { seen, migrations } = watchClones(async (clone) => {
        if (moment !== 'migrating') return;
        setImmediate(() => stopper.abort());
        await onDatabase(clone, (session) => session.query('SELECT pg_sleep(600)'));
      });
      const progress = {
        step: (title: string) => {
          const stop = () => setImmediate(() => stopper.abort());
          if (moment === 'explaining' && title.startsWith('reading plans')) stop();
          if (title === `comparing before with after over ${moment}`) stop();
          return { update: () => undefined, end: () => undefined };
        },
      };
      const queries =
        moment === 'explaining' ? [{ ...sweep, text: 'SELECT pg_sleep(600)', parameterSets: [] }] : [sweep];
      const driver = moment === 'http' ? 'http' : 'pg';
      const bench = runBench({ ...base, driver, url, queries, migrations, progress, signal: stopper.signal });
      await expect(bench).rejects.toMatchObject({
        message: 'the bench was stopped before its end; its clones are dropped',
        exitStatus: 3,
      });
      expect(seen).toHaveLength(2);
      for (const name of seen) expect(await exists(url, name)).toBe(false);
    },
  );
});
