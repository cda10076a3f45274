import { describe, expect, it } from 'vitest';
import { migrateUp } from '../../src/migrate/up.js';
import { testDatabase } from '../postgres.js';
import { refusal } from './failed-run.js';
import { migrationsWith } from './folder.js';

const FILES = {
  '001_things.up.sql': 'CREATE TABLE things (id int PRIMARY KEY);',
  '002_names.up.sql': 'ALTER TABLE things ADD name text;',
  '003_more.up.sql': 'CREATE TABLE more (id int PRIMARY KEY);',
};
const GOLANG = 'CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL);';

describe('migrate up where another runner has kept the database', () => {
  it.each([
    ['golang-migrate', `${GOLANG} INSERT INTO schema_migrations VALUES (2, false)`, 'schema_migrations'],
    [
      'Flyway',
      `CREATE TABLE flyway_schema_history (installed_rank int PRIMARY KEY, version varchar, description varchar, type varchar, script varchar, success boolean);
       INSERT INTO flyway_schema_history VALUES (1, '1', 'things', 'SQL', 'V1__things.sql', true), (2, '1.1', 'names', 'SQL', 'V1.1__names.sql', true)`,
      'flyway_schema_history',
    ],
    [
      'a list of file names',
      `CREATE TABLE migrations (id serial PRIMARY KEY, filename text); INSERT INTO migrations (filename) VALUES ('001_things.sql'), ('002_names.sql')`,
      'migrations',
    ],
  ])('is refused by the name of the ledger of %s, with the way out', async (_, sql, table) => {
    const { url, session } = await testDatabase();
    await session.script(sql);
    const folder = await migrationsWith(FILES);
    for (const dryRun of [false, true]) {
      const { message, hint, exitStatus } = await refusal(migrateUp(url, folder, { dryRun }));
      expect(message).toMatch(
        new RegExp(`^public\\.${table} is .+ and says that these files are applied: 001_things, 002_names$`),
      );
      expect(hint).toContain(`pgsteward migrate baseline --from-ledger ${table} takes over`);
      expect(exitStatus).toBe(2);
    }
    expect((await session.query(`SELECT to_regclass('things') AS t, to_regnamespace('steward') AS s`)).rows).toEqual([
      { t: null, s: null },
    ]);
    const { done } = await migrateUp(url, folder, { besideLedgers: [`public.${table}`] });
    expect(done).toHaveLength(3);
  });

  it('is refused where that runner was broken off', async () => {
    const { url, session } = await testDatabase();
    await session.script(`${GOLANG} INSERT INTO schema_migrations VALUES (7, true)`);
    const { message, hint } = await refusal(migrateUp(url, await migrationsWith(FILES)));
    expect(message).toContain('public.schema_migrations says that version 7 was broken off');
    expect(hint).toContain('--beside-ledger public.schema_migrations');
  });

  it('warns of a ledger that names none of the files, and passes an empty one by', async () => {
    const { url, session } = await testDatabase();
    await session.script(`${GOLANG} CREATE TABLE migrations (name text); INSERT INTO migrations VALUES ('2019_other')`);
    const { warnings, done } = await migrateUp(url, await migrationsWith(FILES));
    expect(warnings).toEqual([
      'public.migrations is a list of migrations that another runner keeps and names none of these files; it is not looked at any more once a migration is applied here',
    ]);
    expect(done).toHaveLength(3);
  });

  it('takes no notice of it any more once a ledger of its own says what is applied', async () => {
    const { url, session } = await testDatabase();
    const folder = await migrationsWith(FILES);
    await migrateUp(url, folder, { to: '001' });
    await session.script(`${GOLANG} INSERT INTO schema_migrations VALUES (2, false)`);
    expect((await migrateUp(url, folder)).done.map(({ version }) => version)).toEqual(['002', '003']);
  });

  it('warns where its role may not read it', async () => {
    const { url, session } = await testDatabase();
    const role = `besides_${session.backendPid}`;
    await session.script(`${GOLANG} INSERT INTO schema_migrations VALUES (2, false); CREATE ROLE ${role} LOGIN;
      GRANT CREATE ON SCHEMA public TO ${role}; GRANT CREATE ON DATABASE "${new URL(url).pathname.slice(1)}" TO ${role}`);
    const asRole = new URL(url);
    asRole.username = role;
    const { warnings } = await migrateUp(asRole.href, await migrationsWith(FILES));
    expect(warnings.join()).toContain(
      'public.schema_migrations is the ledger of golang-migrate, which this role may not read',
    );
    await session.script(`DROP OWNED BY ${role} CASCADE; DROP ROLE ${role}`);
  });
});
