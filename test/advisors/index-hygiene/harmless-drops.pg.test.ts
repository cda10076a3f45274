import { describe, expect, it, vi } from 'vitest';
import type { Session } from '../../../src/postgres/session.js';
import { testDatabase } from '../../postgres.js';
import { adviseOn } from '../advise-on.js';

vi.setConfig({ testTimeout: 60_000 });

/** Counting by the narrow index reads half the pages that the wide one has. */
async function fill(session: Session): Promise<void> {
  await session.script(`
    CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL, b text NOT NULL, c text);
    INSERT INTO t SELECT n, n % 100, 'value ' || n * 7919 % 50000, repeat('c', 60) FROM generate_series(1, 50000) AS n;
    CREATE INDEX narrow ON t (a)`);
  await session.query('CHECKPOINT');
  await session.query('VACUUM (ANALYZE)');
}

const COUNT = 'SELECT count(*) FROM t WHERE a BETWEEN 10 AND 40';
const LOOK = 'SELECT c FROM t WHERE a = 7 ORDER BY b LIMIT 5';
const filled = () => testDatabase({ template: 'filled', prepare: fill });

describe('an index that another one could stand in for', () => {
  it('stays where a statement would cost more by the other one, with the reason', async () => {
    const { url, session } = await filled();
    await session.query('CREATE INDEX wide ON t (a, b)');
    const { findings, skippedRules } = await adviseOn(url, [{ sql: COUNT }, { sql: LOOK }], ['redundant-index']);
    expect(findings).toEqual([]);
    expect(skippedRules).toEqual([
      {
        ruleId: 'redundant-index',
        reason: expect.stringMatching(
          /^public\.narrow stays beside public\.wide: without it a call would rise from a planner cost of [\d,]+ to [\d,]+: SELECT count/,
        ),
      },
    ]);
  });

  it('goes where no statement costs more by the other one', async () => {
    const { url, session } = await filled();
    await session.query('CREATE INDEX wide ON t (a, b)');
    const { findings } = await adviseOn(url, [{ sql: LOOK }], ['redundant-index']);
    expect(findings.map(({ key, proof }) => [key, proof.detail])).toEqual([
      [
        'redundant-index:public.narrow',
        'the definitions of public.narrow and public.wide were compared; of 1 statement planned without it none costs more',
      ],
    ]);
  });

  it('is dropped by the selection for a new one under the same condition', async () => {
    const { url } = await filled();
    const set = async (...sql: readonly string[]) => {
      const { indexSet, findings } = await adviseOn(
        url,
        sql.map((text) => ({ sql: text })),
        ['missing-index'],
      );
      return { ...indexSet, message: findings[0]?.message };
    };
    const alone = await set(LOOK);
    expect(alone).toMatchObject({
      create: ['CREATE INDEX t_a_b_idx ON public.t (a, b)'],
      drop: ['DROP INDEX public.narrow'],
    });
    const both = await set(LOOK, COUNT);
    expect(both).toMatchObject({ create: alone.create, drop: [] });
    expect(both.message).not.toContain('narrow');
  });
});
