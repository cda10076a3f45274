import { describe, expect, it } from 'vitest';
import { testDatabase } from '../postgres.js';
import { adviseOn } from './advise-on.js';

const ENTRIES = [{ sql: 'SELECT n FROM marks WHERE n = $1' }];

async function bloated(changes: string): Promise<readonly string[]> {
  const { url, session } = await testDatabase();
  await session.script(`CREATE TABLE marks (n int, note text) WITH (autovacuum_enabled = off); ${changes}`);
  await session.query('VACUUM (ANALYZE)');
  const { findings } = await adviseOn(url, ENTRIES, ['bloated-index']);
  return findings.map(({ key, message }) => `${key}: ${message.replace(/\d+\.\d/g, 'N')}`);
}

describe('a bloated index', () => {
  it('is one of mostly empty pages', async () => {
    const found = await bloated(
      'CREATE INDEX by_n ON marks (n); INSERT INTO marks SELECT generate_series(1, 700000); DELETE FROM marks WHERE n % 20 <> 0',
    );
    expect(found).toEqual([
      'bloated-index:public.by_n: public.by_n (n) takes N MB; for the rows that public.marks had at its last ANALYZE a fresh one would take about N MB. Rebuilding it would give about N MB back.',
    ]);
  }, 60_000);

  it('is none where keys came in no order, nor where it is to be loose, nor where little could be had back', async () => {
    const found = await bloated(`
      CREATE INDEX by_n ON marks (n);
      INSERT INTO marks SELECT hashint4(g) FROM generate_series(1, 500000) AS g;
      CREATE INDEX loose ON marks (n) WITH (fillfactor = 20);
      CREATE INDEX small ON marks (note); UPDATE marks SET note = 'x' WHERE n % 50 = 0`);
    expect(found).toEqual([]);
  }, 60_000);
});
