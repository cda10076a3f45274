import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { collect } from '../../src/advise/collect.js';
import { silentProgress as progress } from '../../src/model/progress.js';
import { buildTwin } from '../../src/planner/twin/build.js';
import { testDatabase } from '../postgres.js';

describe('comparisons of two columns', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pgsteward-comparisons-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('are measured on a sample, alone and together, and indexes that hold what meets them have its size', async () => {
    const { url, session } = await testDatabase();
    await session.script(`
      CREATE TABLE parcels (id int, due int, sent int, got int);
      INSERT INTO parcels SELECT n, 50, n % 100, n % 90 FROM generate_series(1, 100000) AS n`);
    await session.query('ANALYZE');
    await writeFile(join(folder, 'a.sql'), 'SELECT id FROM parcels WHERE sent > due AND due < got AND id = $1');
    const { snapshot } = await collect({ url, workload: [`sql:${folder}`], statementTimeoutMs: 5000, progress });
    const { comparisons = [] } = snapshot.statistics;
    expect(comparisons.map(({ sql }) => sql)).toEqual([['due < got'], ['due < sent'], ['due < got', 'due < sent']]);
    const shares = comparisons.map(({ share }) => share);
    for (const [place, truth] of [39 / 90, 49 / 100, 0.21].entries())
      expect(Math.abs((shares[place] ?? 0) - truth)).toBeLessThan(0.05);

    const twin = await buildTwin(snapshot);
    try {
      const key = { column: 'id', sql: 'id', descending: false, nullsFirst: false, opclass: null, collation: null };
      const table = { schema: 'public', name: 'parcels' };
      const shape = { table, method: 'btree' as const, keys: [key], include: [], unique: false };
      const { rowsEstimate } = await twin.size({ ...shape, predicate: '(due < got) AND (due < sent)' });
      expect(Math.abs(rowsEstimate / 100_000 - (shares[2] ?? 0))).toBeLessThan(0.01);
    } finally {
      await twin.close();
    }
  }, 60_000);
});
