import { beforeAll, describe, expect, it } from 'vitest';
import { proveSettings } from '../../src/advise/prove-settings.js';
import type { SettingTrial } from '../../src/advisors/advisor.js';
import type { Finding } from '../../src/model/finding.js';
import { silentProgress } from '../../src/model/progress.js';
import { testDatabase } from '../postgres.js';
import { finding, fixStatement } from '../report/advice-report.js';

const PLACE = "SELECT id FROM parcels WHERE city = 'c7' AND region = 'r7' AND zone = 'z7'";
const STATISTICS = [
  'CREATE STATISTICS parcels_stat (dependencies, mcv) ON city, region, zone FROM parcels',
  'ANALYZE parcels',
];
const SORT = 'SELECT * FROM parcels ORDER BY region, id DESC';

describe('fixes that change statistics or settings', () => {
  let scratchUrl: string;
  let query: (sql: string) => Promise<readonly unknown[]>;

  beforeAll(async () => {
    const { url, session } = await testDatabase();
    scratchUrl = url;
    query = async (sql) => (await session.query(sql)).rows;
    await session.script(`
      CREATE TABLE parcels (id int, city text, region text, zone text) WITH (autovacuum_enabled = off);
      INSERT INTO parcels SELECT n, 'c' || n % 20, 'r' || n % 20, 'z' || n % 20 FROM generate_series(1, 40000) AS n; ANALYZE parcels`);
  });

  /** What becomes of a finding with a fix of these statements; where it is withheld, why. */
  async function proved(steps: readonly string[], trial: Omit<SettingTrial, 'bindings'>, sql = PLACE) {
    const found: Finding = finding({
      ...{ key: 'k', message: 'It is so.' },
      fix: {
        ...{ kind: 'setting', undo: [], rewrittenQuery: null, files: [] },
        sql: steps.map((each) => fixStatement(each)),
      },
    });
    const settingTrials = new Map([['k', { ...trial, bindings: [{ sql, share: 1 }] }]]);
    const { findings, withheld = [] } = await proveSettings(
      { findings: [found], skippedRules: [], settingTrials },
      {
        ...{ scratchUrl, targetUrl: null, statementTimeoutMs: 10_000 },
        ...{ progress: silentProgress, signal: new AbortController().signal },
      },
    );
    return findings[0] ?? withheld[0]?.reason;
  }

  it('are executed where the planner then expects what is given, and are taken back', async () => {
    const found = await proved(STATISTICS, { kind: 'rows', rowsGiven: 2000 });
    expect(found).toMatchObject({ proof: { grade: 'executed' } });
    expect(found).toMatchObject({
      message: expect.stringMatching(
        /^It is so\. Tried: on scratch 18\.\d+ the planner expects 5 rows before the fix and [12],\d{3} with it\.$/,
      ),
    });
    expect(await query("SELECT FROM pg_statistic_ext WHERE stxname = 'parcels_stat'")).toEqual([]);
  });

  it('are taken away where they do not help, and that is said', async () => {
    const found = await proved(['ANALYZE parcels'], { kind: 'rows', rowsGiven: 2000 });
    expect(found).toMatchObject({ fix: null, proof: { grade: 'suspected' } });
    expect(found).toMatchObject({ message: expect.stringContaining('That was tried, and does not help: on scratch') });
  });

  it('stay as they are where they cannot be run, with the reason', async () => {
    const found = await proved(['ANALYZE nothing'], { kind: 'rows', rowsGiven: 2000 });
    expect(found).toMatchObject({
      message: 'It is so. It was not tried: relation "nothing" does not exist.',
      fix: { kind: 'setting' },
    });
  });

  it('give a sort the memory with which it writes no temporary file', async () => {
    const settings = [{ name: 'work_mem', value: '256kB' }];
    const found = await proved(["SET LOCAL work_mem = '64MB'"], { kind: 'memory', settings }, SORT);
    expect(found).toMatchObject({ proof: { grade: 'executed' } });
    expect(found).toMatchObject({
      message: expect.stringMatching(/writes [\d,]+ kB to temporary files as it is and 0 kB with the fix\.$/),
    });
  });

  it('are not enough where files are written all the same', async () => {
    const settings = [{ name: 'work_mem', value: '64kB' }];
    const found = await proved(["SET LOCAL work_mem = '128kB'"], { kind: 'memory', settings }, SORT);
    expect(found).toMatchObject({ message: expect.stringContaining('That was tried, and is not enough: on scratch') });
  });

  it('are withheld where no file is written in the first place', async () => {
    const settings = [{ name: 'work_mem', value: '64MB' }];
    const found = await proved(["SET LOCAL work_mem = '128MB'"], { kind: 'memory', settings }, SORT);
    expect(found).toMatch(/^k is withheld: on scratch 18\.\d+ a call writes 0 kB/);
  });
});
