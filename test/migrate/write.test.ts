import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMigrations } from '../../src/migrate/files.js';
import { writeIndexMigrations } from '../../src/migrate/write.js';
import { refusal } from './failed-run.js';
import { folderWith, migrationsWith } from './folder.js';
import { indexFinding } from './index-finding.js';

const ORIGIN = { now: new Date('2026-11-21T10:20:30Z'), toolVersion: '1.2.3' };
const SQL =
  'CREATE INDEX CONCURRENTLY agent_commands_status_sent_at_idx ON public.agent_commands USING btree (status, sent_at)';
const FINDING = indexFinding('missing-index:public.agent_commands(status,sent_at)', SQL);

const DROP = {
  ...FINDING,
  key: 'redundant-index:public.idx_t_a',
  fix: {
    kind: 'drop-index' as const,
    sql: [
      {
        sql: 'DROP INDEX CONCURRENTLY IF EXISTS public.idx_t_a',
        transactional: false,
        lockTimeoutMs: 3000,
        hazards: [],
      },
    ],
    undo: ['CREATE INDEX CONCURRENTLY idx_t_a ON public.t USING btree (a)'],
    rewrittenQuery: null,
    files: [],
  },
};

async function namesIn(dir: string): Promise<readonly string[]> {
  return (await readdir(dir)).sort();
}

describe('writing index migrations', () => {
  it('writes an up and a down file with the evidence, and names them in the finding', async () => {
    const dir = join(await folderWith({}), 'new', 'folder');
    const [finding] = await writeIndexMigrations(dir, [FINDING], ORIGIN);
    const stem = '0001_add_agent_commands_status_sent_at_index';
    expect(await namesIn(dir)).toEqual([`${stem}.down.sql`, `${stem}.up.sql`]);
    expect(finding?.fix?.files).toEqual([join(dir, `${stem}.up.sql`), join(dir, `${stem}.down.sql`)]);
    expect(await readFile(join(dir, `${stem}.up.sql`), 'utf8')).toMatchInlineSnapshot(`
      "-- Adds the index public.agent_commands_status_sent_at_idx on public.agent_commands.
      -- pgsteward: no-transaction
      --
      -- key: missing-index:public.agent_commands(status,sent_at)
      -- rule: missing-index
      -- proof: planned, by twin 18.4
      -- statement 0123456789abcdef: 1234 calls, planner cost 4322 -> 8.46
      -- index size: 81920 bytes (estimated on twin 18.4)
      -- written by pgsteward 1.2.3, 2026-11-21T10:20:30.000Z
      --
      -- A build that is broken off leaves an INVALID index of this name. pgsteward migrate up drops and rebuilds it;
      -- elsewhere the statement below stops with "already exists", and this is to be run first:
      --   DROP INDEX CONCURRENTLY IF EXISTS public.agent_commands_status_sent_at_idx;

      -- The wait for older transactions stops nobody; a build that is broken off has to begin again.
      SET lock_timeout = '600000ms';
      SET statement_timeout = 0;
      CREATE INDEX CONCURRENTLY agent_commands_status_sent_at_idx ON public.agent_commands USING btree (status, sent_at);
      RESET statement_timeout;
      RESET lock_timeout;
      "
    `);
    expect(await readFile(join(dir, `${stem}.down.sql`), 'utf8')).toMatchInlineSnapshot(`
      "-- Drops the index public.agent_commands_status_sent_at_idx.
      -- pgsteward: no-transaction

      -- The wait for older transactions stops nobody; a build that is broken off has to begin again.
      SET lock_timeout = '600000ms';
      SET statement_timeout = 0;
      DROP INDEX CONCURRENTLY IF EXISTS public.agent_commands_status_sent_at_idx;
      RESET statement_timeout;
      RESET lock_timeout;
      "
    `);
  });

  it('writes what an index needs before it into the same file, and leaves that when the index goes', async () => {
    const dir = await folderWith({});
    const [extension, index] = [
      'CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public',
      'CREATE INDEX CONCURRENTLY t_a_gin_idx ON public.t USING gin (a public.gin_trgm_ops)',
    ];
    await writeIndexMigrations(dir, [indexFinding('missing-index:public.t(gin a)', extension, index)], ORIGIN);
    expect(await namesIn(dir)).toEqual(['0001_add_t_a_index.down.sql', '0001_add_t_a_index.up.sql']);
    const up = await readFile(join(dir, '0001_add_t_a_index.up.sql'), 'utf8');
    expect(up.indexOf(`${extension};`)).toBeGreaterThan(0);
    expect(up.indexOf(`${index};`)).toBeGreaterThan(up.indexOf(`${extension};`));
    expect(up).not.toContain('-- part:');
    expect(await readFile(join(dir, '0001_add_t_a_index.down.sql'), 'utf8')).not.toContain('EXTENSION');
  });

  it('writes what is to be run once an index stands behind it, each in the file of its own index', async () => {
    const dir = await folderWith({});
    const build = (name: string, key: string) => `CREATE INDEX CONCURRENTLY ${name} ON public.t USING btree (${key})`;
    const [computed, plain] = [build('t_expr_idx', '(lower(a))'), build('t_b_idx', 'b')];
    const sql = [computed, 'ANALYZE public.t', plain];
    const [finding] = await writeIndexMigrations(dir, [indexFinding('missing-index:public.t(a)', ...sql)], ORIGIN);
    const ups = finding?.fix?.files.filter((file) => file.endsWith('.up.sql')) ?? [];
    const [first = '', second = ''] = await Promise.all(ups.map((file) => readFile(file, 'utf8')));
    expect(first.indexOf('ANALYZE public.t;')).toBeGreaterThan(first.indexOf(`${computed};`));
    expect(second).toContain(`${plain};`);
    expect(second).not.toContain('ANALYZE');
  });

  it('writes nothing a second time, and still names the files', async () => {
    const dir = await folderWith({});
    const first = await writeIndexMigrations(dir, [FINDING], ORIGIN);
    const names = await namesIn(dir);
    const second = await writeIndexMigrations(dir, [FINDING], { ...ORIGIN, now: new Date() });
    expect(await namesIn(dir)).toEqual(names);
    expect(second).toEqual(first);
  });

  it('knows a migration again that stands in the set and not in the folder', async () => {
    const set = await folderWith({});
    await writeIndexMigrations(set, [FINDING], ORIGIN);
    const dir = await folderWith({});
    await writeIndexMigrations(dir, [FINDING], { ...ORIGIN, existing: await readMigrations([set]) });
    expect(await namesIn(dir)).toEqual([]);
  });

  it('writes one file for each index, since two cannot share one', async () => {
    const dir = await folderWith({});
    const two = indexFinding(
      'k',
      "CREATE INDEX CONCURRENTLY a ON t (created_at) WHERE status = 'pending'",
      'CREATE INDEX CONCURRENTLY b ON t (lower(name), sent_at DESC)',
    );
    await writeIndexMigrations(dir, [two], ORIGIN);
    const ups = (await namesIn(dir)).filter((name) => name.endsWith('.up.sql'));
    expect(ups).toEqual(['0001_add_t_created_at_partial_index.up.sql', '0002_add_t_expression_sent_at_index.up.sql']);
    const names = await namesIn(dir);
    await writeIndexMigrations(dir, [two], ORIGIN);
    expect(await namesIn(dir)).toEqual(names);
  });

  it.each([
    ['016_b', '017_add_agent_commands_status_sent_at_index.up.sql'],
    ['0160_b_c', '0161_add_agent_commands_status_sent_at_index.up.sql'],
    ['20250102030405_b', '20261121102030_add_agent_commands_status_sent_at_index.up.sql'],
    ['7_add-users', '8_add-agent-commands-status-sent-at-index.up.sql'],
  ])('takes up the numbering and the style of a set that ends with %s', async (last, expected) => {
    const dir = await folderWith({});
    const existing = await migrationsWith({ [`${last}.up.sql`]: 'SELECT 1' });
    await writeIndexMigrations(dir, [FINDING], { ...ORIGIN, existing });
    expect(await namesIn(dir)).toContain(expected);
  });

  it('lets nothing that people wrote leave its comment or reach the file', async () => {
    const dir = await folderWith({});
    const key = 'missing-index:x\n; DROP TABLE users; --\u2028SELECT 1';
    await writeIndexMigrations(dir, [indexFinding(key, SQL)], ORIGIN);
    const { migrations } = await readMigrations([dir]);
    const text = migrations[0]?.up.text ?? '';
    expect(text).toContain('-- key: missing-index:x ; DROP TABLE users; -- SELECT 1\n');
    expect(
      text.split(/[\n\r\u2028\u2029\v\f\u0085]/).filter((line) => /DROP TABLE/.test(line) && !line.startsWith('--')),
    ).toEqual([]);
    expect(text).not.toContain('ada@example.org');
  });

  it('drops an index going up and builds it again going down, with the evidence', async () => {
    const dir = await folderWith({});
    const found = { ...DROP, ruleId: 'redundant-index', queries: [] };
    await writeIndexMigrations(dir, [found], ORIGIN);
    const stem = '0001_drop_idx_t_a';
    expect(await namesIn(dir)).toEqual([`${stem}.down.sql`, `${stem}.up.sql`]);
    expect(await readFile(join(dir, `${stem}.up.sql`), 'utf8')).toMatchInlineSnapshot(`
      "-- Drops the index public.idx_t_a.
      -- pgsteward: no-transaction
      --
      -- key: redundant-index:public.idx_t_a
      -- rule: redundant-index
      -- proof: planned, by twin 18.4
      -- index size: 81920 bytes (estimated on twin 18.4)
      -- written by pgsteward 1.2.3, 2026-11-21T10:20:30.000Z

      -- The wait for older transactions stops nobody; a build that is broken off has to begin again.
      SET lock_timeout = '600000ms';
      SET statement_timeout = 0;
      DROP INDEX CONCURRENTLY IF EXISTS public.idx_t_a;
      RESET statement_timeout;
      RESET lock_timeout;
      "
    `);
    expect(await readFile(join(dir, `${stem}.down.sql`), 'utf8')).toMatchInlineSnapshot(`
      "-- Adds the index public.idx_t_a on public.t.
      -- pgsteward: no-transaction
      --
      -- A build that is broken off leaves an INVALID index of this name. pgsteward migrate up drops and rebuilds it;
      -- elsewhere the statement below stops with "already exists", and this is to be run first:
      --   DROP INDEX CONCURRENTLY IF EXISTS public.idx_t_a;

      -- The wait for older transactions stops nobody; a build that is broken off has to begin again.
      SET lock_timeout = '600000ms';
      SET statement_timeout = 0;
      CREATE INDEX CONCURRENTLY idx_t_a ON public.t USING btree (a);
      RESET statement_timeout;
      RESET lock_timeout;
      "
    `);
  });

  it('writes nothing for a note, for a fix that cannot be undone, and for a REINDEX', async () => {
    const dir = await folderWith({});
    const note = { ...DROP, severity: 'info' as const };
    const [final, rebuild] = [
      { ...DROP, fix: { ...DROP.fix, undo: [] } },
      indexFinding('k', 'REINDEX INDEX CONCURRENTLY public.broken'),
    ];
    expect(await writeIndexMigrations(dir, [note, final, rebuild], ORIGIN)).toEqual([note, final, rebuild]);
    expect(await namesIn(dir)).toEqual([]);
  });

  it('leaves findings without an index to build as they are', async () => {
    const dir = await folderWith({});
    const other = { ...FINDING, fix: null };
    expect(await writeIndexMigrations(dir, [other], ORIGIN)).toEqual([other]);
    expect(await namesIn(dir)).toEqual([]);
  });

  it('refuses a file in the folder’s place', async () => {
    const dir = await folderWith({});
    await writeFile(join(dir, 'file'), '');
    const error = await refusal(writeIndexMigrations(join(dir, 'file'), [FINDING], ORIGIN));
    expect(error.message).toMatch(/file cannot be written: something of this name is there already/);
  });
});
