import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { AdviceReport } from '../../src/model/advice.js';
import { BY_CUSTOMER, shopDatabase } from '../cli/shop.js';
import { place } from '../program.js';
import { runAdvise } from './run-advise.js';

// A twin is built for each.
vi.setConfig({ testTimeout: 60_000 });

async function adviseWith(scratchSql: string): Promise<AdviceReport> {
  const { url } = await shopDatabase();
  const { url: scratchUrl, session } = await shopDatabase();
  await session.script(scratchSql);
  const spec = join(place(), 'a.sql');
  writeFileSync(spec, BY_CUSTOMER);
  return runAdvise({ url, scratchUrl, workload: [`sql:${spec}`] });
}

it('a finding whose index lowers real buffers is executed and bears what was measured', async () => {
  const { findings, skippedRules } = await adviseWith('SELECT 1');
  expect(skippedRules).toEqual([]);
  expect(findings.map(({ proof }) => proof)).toMatchObject([
    {
      grade: 'executed',
      method: expect.stringMatching(/^scratch 18/),
      detail: expect.stringMatching(/^1 statement run/),
    },
  ]);
  const measured = new Map(findings[0]?.evidence.map(({ name, value }) => [name, value]));
  const of = (state: string) => measured.get(`buffers of a call, ${state}`) ?? Number.NaN;
  expect(of('before')).toBeGreaterThan(10 * of('after'));
  expect(of('with the rest of the set alone')).toBeGreaterThan(10 * of('after'));
});

it('a finding whose index lowers nothing is withheld, and no index is advised', async () => {
  const { findings, indexSet, skippedRules, withheld } = await adviseWith('TRUNCATE orders');
  expect({ findings, create: indexSet.create, sizeBytes: indexSet.sizeBytes }).toEqual({
    findings: [],
    create: [],
    sizeBytes: 0,
  });
  expect(indexSet.workloadCostAfter).toBeCloseTo(indexSet.workloadCostBefore);
  expect(skippedRules).toEqual([]);
  expect(withheld).toEqual([
    {
      ruleId: 'missing-index',
      key: 'missing-index:public.orders(customer_id)',
      reason: expect.stringMatching(
        /^missing-index:public\.orders\(customer_id\) is withheld: measured on scratch \S+, a call takes \d+ buffers and \S+ ms with the index and \d+ buffers and \S+ ms without$/,
      ),
    },
  ]);
});

it('a finding that cannot be measured stays planned, with the reason', async () => {
  const { findings, skippedRules } = await adviseWith('DROP TABLE orders');
  expect(findings.map(({ proof }) => proof.grade)).toEqual(['planned']);
  expect(skippedRules).toEqual([
    {
      ruleId: 'missing-index',
      reason: expect.stringMatching(/could not be measured on scratch .*"public.orders" does not exist/),
    },
  ]);
});
