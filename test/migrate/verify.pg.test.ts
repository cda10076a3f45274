import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { verifyMigrations } from '../../src/migrate/verify.js';
import type { AdviceReport } from '../../src/model/advice.js';
import { silentProgress } from '../../src/model/progress.js';
import { renderFindingsText } from '../../src/report/migrate/findings-text.js';
import { folderWith } from './folder.js';
import { scratchServer } from './scratch-server.js';

vi.setConfig({ testTimeout: 120_000 });

const fleet = (name: string) => fileURLToPath(new URL(`../../migrations/${name}`, import.meta.url));

async function verify(dir: string): Promise<AdviceReport> {
  return verifyMigrations({
    server: await scratchServer(),
    ...{ dirs: [dir], major: 18, ownSchema: 'steward', version: 'test', progress: silentProgress },
    ...{ signal: new AbortController().signal, now: () => new Date('2026-01-01T00:00:00Z') },
  });
}

/** `0001_t down-does-not-restore not-restored`. */
function named({ findings }: AdviceReport): readonly string[] {
  return findings.map(({ ruleId, class: kind, location }) => {
    const file = location?.file.split('/').at(-1)?.split('.')[0];
    return [file, ruleId, ...(kind === null ? [] : [kind])].join(' ');
  });
}

const ROUNDS = {
  '0001_t.up.sql': `CREATE TYPE mood AS ENUM ('good'); CREATE TABLE t (a int DEFAULT 1); CREATE INDEX t_by_a ON t (a)`,
  '0001_t.down.sql': 'DROP TABLE t',
  '0002_default.up.sql': 'ALTER TABLE t ALTER a SET DEFAULT 2',
  '0002_default.down.sql': 'ALTER TABLE t ALTER a SET DEFAULT 3',
  '0003_index.up.sql': 'DROP INDEX IF EXISTS t_by_a',
  '0003_index.down.sql': 'SELECT 1',
  '0004_column.up.sql': 'ALTER TABLE t ADD b int NOT NULL CHECK (b > 0)',
  '0004_column.down.sql': 'ALTER TABLE t DROP b',
  '0005_gone.up.sql': '-- pgsteward: irreversible the rows are gone\nDELETE FROM t',
  '0006_no_way.up.sql': '-- pgsteward: ignore missing-down it is a copy of 0007\nCREATE TABLE u (a int)',
  '0007_fails.up.sql': 'CREATE TABLE v (a int)',
  '0007_fails.down.sql': 'SELECT 1;\nDROP TABLE w',
  '0008_other.up.sql': 'CREATE TABLE IF NOT EXISTS log (a int)',
  '0008_other.down.sql': 'ALTER TABLE log ADD b int',
  '0009_concurrently.up.sql': 'CREATE INDEX CONCURRENTLY u_by_a ON u (a)',
  '0009_concurrently.down.sql': 'DROP INDEX CONCURRENTLY u_by_a',
  '0010_grant.up.sql': 'GRANT SELECT ON u TO "nobody ""here"""',
  '0010_grant.down.sql': 'REVOKE ALL ON u FROM "nobody ""here"""',
  '0011_drop.up.sql': 'ALTER TABLE t DROP a',
  '0011_drop.down.sql': 'ALTER TABLE t ADD a int DEFAULT 2',
  '0012_first.up.sql': 'CREATE TABLE w (a int)',
  '0012_first.down.sql': 'DROP TABLE w',
  '0012_second.up.sql': 'ALTER TABLE w ADD b int',
  '0012_second.down.sql': 'ALTER TABLE w DROP b',
  '0013_broken.up.sql': 'SELECT missing FROM w',
  '0013_broken.down.sql': 'SELECT 1',
  '0014_behind.up.sql': 'CREATE TABLE x (a int)',
  '0014_behind.down.sql': 'DROP TABLE x',
  '0015_no_way.up.sql': '-- pgsteward: ignore no-such-rule why not\nSELECT 1',
  '0016_note.sql': 'SELECT 1',
};

describe('verify', () => {
  it('is silent on the clean fleet', async () => {
    expect(await verify(fleet('fleet'))).toMatchObject({ findings: [], skippedRules: [], suppressed: [] });
  });

  it('names what a down file leaves behind, takes too much of or changes, past files that fail and versions that are claimed twice, and never blames the next file for it', async () => {
    const dir = await folderWith(ROUNDS);
    const report = await verify(dir);
    expect(named(report)).toEqual([
      '0001_t down-does-not-restore up-again-fails',
      '0001_t down-does-not-restore not-restored',
      '0002_default down-does-not-restore not-restored',
      '0003_index down-does-not-restore not-restored',
      '0007_fails down-does-not-restore down-fails',
      '0008_other down-does-not-restore not-restored',
      '0008_other down-does-not-restore not-repeated',
      '0012_second duplicate-version',
      '0013_broken fails-on-replay',
      '0015_no_way missing-down',
    ]);
    expect(report.suppressed).toMatchObject([{ ruleId: 'missing-down', reason: 'it is a copy of 0007' }]);
    expect(report.skippedRules.map(({ reason }) => reason.replace(`${dir}/`, ''))).toEqual([
      '0005_gone.up.sql cannot be taken back: the rows are gone',
      '0016_note.sql is not run: its name is not <version>_<name>.up.sql or .down.sql',
      '0015_no_way.up.sql:1 ignores a rule of this name, and there is none',
    ]);
    const texts = report.findings.flatMap(({ message, fix }) => [
      message,
      ...(fix?.sql ?? []).map(({ sql }) => `  ${sql}`),
    ]);
    expect(`\n${texts.join('\n').replaceAll(`${dir}/`, '')}\n`).toMatchInlineSnapshot(`
      "
      After 0001_t.down.sql, PostgreSQL says of 0001_t.up.sql: type "mood" already exists (SQLSTATE 42710). What the down file leaves behind, or takes too much of, stands in its way.
      After 0001_t.down.sql the schema is not what it was before 0001_t.up.sql: enum public.mood is left behind.
        DROP TYPE public.mood
      After 0002_default.down.sql the schema is not what it was before 0002_default.up.sql: column public.t.a: default was 1 and is 3.
      After 0003_index.down.sql the schema is not what it was before 0003_index.up.sql: index public.t_by_a is gone.
        CREATE INDEX t_by_a ON public.t USING btree (a)
      Right after 0007_fails.up.sql, on empty tables, PostgreSQL says of 0007_fails.down.sql: table "w" does not exist (SQLSTATE 42P01).
      After 0008_other.down.sql the schema is not what it was before 0008_other.up.sql: table public.log is left behind.
        DROP TABLE public.log
      After 0008_other.up.sql, 0008_other.down.sql and the up file again, the schema is not what it was after the first time: column public.log.b is there too.
      0012_first.up.sql and 0012_second.up.sql bear the version 0012. Give the one that is applied nowhere yet a version of its own, behind all others.
      On a database that the files before it have built, PostgreSQL says of 0013_broken.up.sql: column "missing" does not exist (SQLSTATE 42703). The files behind it were verified without it.
      Write 0015_no_way.down.sql, or say in the up file why there is no way back: "-- pgsteward: irreversible <reason>".
      "
    `);
    expect(renderFindingsText(report, { color: false })).toContain('10 findings (10 errors) in ');
  });
});
