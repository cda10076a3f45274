import { describe, expect, it } from 'vitest';
import { parseScript, type RunnableScript, ScriptFault } from '../../src/migrate/script.js';
import { migrationsWith } from './folder.js';

async function parse(sql: string): Promise<RunnableScript> {
  const [migration] = (await migrationsWith({ '1_a.up.sql': sql })).migrations;
  if (migration === undefined) throw new Error('no migration was read');
  return parseScript(migration, 'up', migration.up);
}

async function faultOf(sql: string): Promise<ScriptFault> {
  const thrown = await parse(sql).catch((error: unknown) => error);
  if (thrown instanceof ScriptFault) return thrown;
  throw new Error(`no ScriptFault but ${String(thrown)}`);
}

describe('a script', () => {
  it('is one transaction where nothing speaks against it', async () => {
    const script = await parse('CREATE TABLE a ();\n\nALTER TABLE a ADD b int;');
    expect(script.transactional).toBe(true);
    expect(script.statements.map(({ line }) => line)).toEqual([1, 3]);
  });

  it.each([
    'CREATE INDEX CONCURRENTLY a_b ON a (b)',
    'DROP INDEX CONCURRENTLY a_b',
    'REINDEX (CONCURRENTLY) TABLE a',
    'REINDEX SCHEMA public',
    'VACUUM a',
    'CREATE DATABASE d',
    'ALTER SYSTEM SET work_mem = 1',
    'ALTER TABLE a DETACH PARTITION b CONCURRENTLY',
    'CLUSTER',
    'DISCARD ALL',
  ])('runs statement by statement where it holds %s', async (sql) => {
    expect((await parse(`SELECT 1; ${sql};`)).transactional).toBe(false);
  });

  it.each([
    'ANALYZE a',
    'REINDEX (CONCURRENTLY false) TABLE a',
    'REFRESH MATERIALIZED VIEW CONCURRENTLY m',
    'CLUSTER a USING b',
    "SELECT 'CREATE INDEX CONCURRENTLY' -- VACUUM",
  ])('stays one transaction where it holds %s', async (sql) => {
    expect((await parse(sql)).transactional).toBe(true);
  });

  it('runs statement by statement where the directive says so', async () => {
    expect((await parse('-- pgsteward: no-transaction\nSELECT 1')).transactional).toBe(false);
  });

  it.each(['BEGIN', 'START TRANSACTION', 'COMMIT', 'END', 'ROLLBACK', "PREPARE TRANSACTION 'x'"])(
    'must not hold %s, whose line is named',
    async (sql) => expect((await faultOf(`SELECT 1;\n-- line 2\n${sql};`)).line).toBe(3),
  );

  it('may hold savepoints, and BEGIN inside a function', async () => {
    const script = await parse('SAVEPOINT s; ROLLBACK TO s; DO $$ BEGIN NULL; END $$');
    expect(script.statements).toHaveLength(3);
  });

  it('names the line of what is no SQL, counted as editors count', async () => {
    const fault = await faultOf('\uFEFFSELECT 1;\r\n-- ä😀\r\nCREATE TABL x;');
    expect([fault.line, fault.sqlState]).toEqual([3, '42601']);
  });

  it('says what a psql command, COPY data and an empty file are', async () => {
    expect((await faultOf('SELECT 1;\n\\i other.sql\n')).message).toBe('\\i is a command of psql, not SQL');
    expect((await faultOf('SELECT 1;\nCOPY a FROM stdin;\n1\t2\n\\.\n')).message).toMatch(/COPY with data/);
    expect((await faultOf('COPY a FROM stdin')).message).toMatch(/COPY with data/);
    expect((await faultOf('-- nothing\n')).message).toBe('the file holds no statement');
  });

  it('knows which settings outlive their statement', async () => {
    const script = await parse("SET lock_timeout = '1s'; SET LOCAL a.b = 1; RESET ALL; RESET work_mem");
    expect(script.statements.map(({ setting }) => setting)).toEqual([
      { name: 'lock_timeout', reset: false },
      null,
      { name: 'all', reset: true },
      { name: 'work_mem', reset: true },
    ]);
  });
});
