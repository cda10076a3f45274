import { describe, expect, it } from 'vitest';
import { migrateDown } from '../../src/migrate/down.js';
import { readMigrations } from '../../src/migrate/files.js';
import { migrateUp } from '../../src/migrate/up.js';
import { writeIndexMigrations } from '../../src/migrate/write.js';
import { testDatabase } from '../postgres.js';
import { folderWith } from './folder.js';
import { indexFinding } from './index-finding.js';

const ORIGIN = { now: new Date('2026-11-21T10:20:30Z'), toolVersion: '1.2.3' };

describe('a written migration', () => {
  it('builds its index, is taken back, and rebuilds after a broken build', async () => {
    const { url, session } = await testDatabase();
    await session.script(`CREATE SCHEMA "My ""Schema"""; SET search_path TO "My ""Schema""";
      CREATE TABLE "Commands" (status text, "sent AT" timestamptz);
      INSERT INTO "Commands" SELECT 'sent', now() FROM generate_series(1, 100)`);
    const definitions = async () =>
      (
        await session.query(
          'SELECT indexdef, indisvalid FROM pg_indexes, pg_index WHERE indexrelid = to_regclass(\'"My ""Schema""".\' || quote_ident(indexname)) AND schemaname LIKE \'My%\'',
        )
      ).rows;
    const dir = await folderWith({});
    const sql = `CREATE INDEX CONCURRENTLY "Odd ""idx""" ON "My ""Schema"""."Commands" USING btree (status, "sent AT") WHERE (status = 'sent'::text)`;
    await writeIndexMigrations(dir, [indexFinding('k', sql)], ORIGIN);
    const folder = await readMigrations([dir]);

    await migrateUp(url, folder);
    const built = [{ indexdef: sql.replace(' CONCURRENTLY', ''), indisvalid: true }];
    expect(await definitions()).toEqual(built);
    await migrateDown(url, folder, { steps: 1 });
    expect(await definitions()).toEqual([]);

    // What a build leaves that was broken off: the index, marked as not valid.
    await session.query(sql);
    await session.query(
      `UPDATE pg_index SET indisvalid = false WHERE indexrelid = '"My ""Schema"""."Odd ""idx"""'::regclass`,
    );
    await migrateUp(url, folder);
    expect(await definitions()).toEqual(built);
    expect((await session.query('SHOW lock_timeout')).rows).toEqual([{ lock_timeout: '0' }]);
  });

  it('drops its index, and brings it back as it was', async () => {
    const { url, session } = await testDatabase();
    await session.script(
      'CREATE TABLE t (a int, b text); CREATE UNIQUE INDEX "Gone" ON t (a DESC, b) WHERE b IS NOT NULL',
    );
    const definitions = async () => (await session.query("SELECT indexdef FROM pg_indexes WHERE tablename = 't'")).rows;
    const before = await definitions();
    const finding = indexFinding('k');
    const sql = [
      {
        sql: 'DROP INDEX CONCURRENTLY IF EXISTS public."Gone"',
        transactional: false,
        lockTimeoutMs: 3000,
        hazards: [],
      },
    ];
    const undo = ['CREATE UNIQUE INDEX CONCURRENTLY "Gone" ON public.t USING btree (a DESC, b) WHERE (b IS NOT NULL)'];
    const dir = await folderWith({});
    await writeIndexMigrations(
      dir,
      [{ ...finding, fix: { kind: 'drop-index', sql, undo, rewrittenQuery: null, files: [] } }],
      ORIGIN,
    );
    const folder = await readMigrations([dir]);
    await migrateUp(url, folder);
    expect(await definitions()).toEqual([]);
    await migrateDown(url, folder, { steps: 1 });
    expect(await definitions()).toEqual(before);
  });
});
