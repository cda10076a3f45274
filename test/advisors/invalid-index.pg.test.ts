import { expect, it } from 'vitest';
import { invalidIndex } from '../../src/advisors/invalid-index.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { detectOn, findingsOn, indexDefinitions, runFix } from './index-hygiene/detect-on.js';

const broken = () => testDatabase({ template: 'broken', prepare: breakBuilds });

async function breakBuilds(session: Session): Promise<void> {
  await session.script(`
    CREATE TABLE twice (a int, b int); INSERT INTO twice SELECT 1, n FROM generate_series(1, 5000) n;
    CREATE TABLE leftover (a int); CREATE INDEX a_idx ON leftover (a); CREATE INDEX a_idx_ccnew1 ON leftover (a);
    CREATE TABLE double (a int, b int); CREATE INDEX good ON double (a, b); CREATE INDEX bad ON double (a);
    CREATE TABLE parted (a int) PARTITION BY LIST (a); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1);
    CREATE INDEX waits_for_parts ON ONLY parted (a);
    UPDATE pg_index SET indisvalid = false WHERE indexrelid IN ('a_idx_ccnew1'::regclass, 'bad'::regclass)`);
  // Duplicates break off the build as a broken connection would.
  await expect(session.query('CREATE UNIQUE INDEX CONCURRENTLY once ON twice (a)')).rejects.toThrow('unique');
}

const key = (name: string) => `invalid-index:public.${name}`;

it('finds what a broken build left, and says what it costs and whether it can go', async () => {
  const { session } = await broken();
  const found = await findingsOn(session, invalidIndex);
  expect([...found.keys()]).toEqual([key('once'), key('a_idx_ccnew1'), key('bad')]);
  expect(found.get(key('once'))?.message).toMatchInlineSnapshot(
    `"public.once (a) is not valid: a build of it was broken off, and no statement reads it. Writes do not enter it either. Rebuilding it makes it usable."`,
  );
  expect(found.get(key('a_idx_ccnew1'))?.message).toMatchInlineSnapshot(
    `"public.a_idx_ccnew1 (a) is not valid: a build of it was broken off, and no statement reads it. Every insert into its table still writes it; it takes 8 kB. By its name it is a copy that REINDEX CONCURRENTLY was making, so it can be dropped and the REINDEX run again."`,
  );
  expect(found.get(key('bad'))?.message).toMatchInlineSnapshot(
    `"public.bad (a) is not valid: a build of it was broken off, and no statement reads it. Every insert into its table still writes it; it takes 8 kB. The valid index public.good does its work already, so it can be dropped."`,
  );
  expect([...found.values()].map(({ fix }) => [fix?.kind, fix?.sql[0]?.sql, fix?.sql[0]?.transactional])).toEqual([
    ['create-index', 'REINDEX INDEX CONCURRENTLY public.once', false],
    ['drop-index', 'DROP INDEX CONCURRENTLY IF EXISTS public.a_idx_ccnew1', false],
    ['drop-index', 'DROP INDEX CONCURRENTLY IF EXISTS public.bad', false],
  ]);
});

it('has nothing more to say once its fixes are run', async () => {
  const { session } = await broken();
  const found = [...(await findingsOn(session, invalidIndex)).values()];
  await session.query('DELETE FROM twice WHERE b > 1');
  for (const each of found) await runFix(session, each, 'sql');
  expect(await detectOn(session, invalidIndex)).toEqual([]);
  expect(Object.values(await indexDefinitions(session, 'once'))).toEqual([
    'CREATE UNIQUE INDEX once ON public.twice USING btree (a)',
  ]);
});

it('waits with an index that is being built, also where the role may not see which', async () => {
  const { session, url } = await testDatabase();
  const role = `watcher_${process.pid}`;
  const [holder, builder] = [await openSession(url), await openSession(url)];
  await session.script(`CREATE TABLE growing (a int); INSERT INTO growing VALUES (1); CREATE ROLE ${role}`);
  // The build waits for this transaction, which is older than it.
  await holder.script('BEGIN; LOCK TABLE growing IN ROW EXCLUSIVE MODE');
  const build = builder.query('CREATE INDEX CONCURRENTLY slowly ON growing (a)');
  try {
    await until(async () => (await indexDefinitions(session, 'slowly'))['slowly'] !== undefined);
    const reason = 'public.slowly is being built at the moment, so it is not valid yet';
    expect(await detectOn(session, invalidIndex)).toEqual([{ kind: 'skipped', reason }]);
    await session.query(`SET ROLE ${role}`);
    expect(await detectOn(session, invalidIndex)).toEqual([{ kind: 'skipped', reason }]);
  } finally {
    await session.query('RESET ROLE');
    await holder.query('COMMIT');
    await build;
    await session.query(`DROP ROLE ${role}`);
    await Promise.all([holder.close(), builder.close()]);
  }
  expect(await detectOn(session, invalidIndex)).toEqual([]);
});

/** Asks until the answer is yes; the test's own time limit ends it otherwise. */
async function until(answer: () => Promise<boolean>): Promise<void> {
  if (!(await answer())) return until(answer);
}
