import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { AdviceReport } from '../../src/model/advice.js';
import { fillDepot } from '../advisors/depot.js';
import { testDatabase } from '../postgres.js';
import { place } from '../program.js';
import { runAdvise } from './run-advise.js';

vi.setConfig({ testTimeout: 120_000 });

const DEPOT = { template: 'depot', prepare: fillDepot };
const LAST_EVENT =
  'SELECT a.name, (SELECT max(e.created_at) FROM events e WHERE e.agent_id = a.id) AS last_at FROM agents a';

async function adviseWith(sql: string, scratchSql: string, rule = 'correlated-subquery'): Promise<AdviceReport> {
  const { url } = await testDatabase(DEPOT);
  const { url: scratchUrl, session } = await testDatabase(DEPOT);
  await session.query(scratchSql);
  const spec = join(place(), 'a.sql');
  writeFileSync(spec, `${sql};\n`);
  return runAdvise({
    ...{ url, scratchUrl, workload: [`sql:${spec}`] },
    ...{ rules: [rule], statementTimeoutMs: 1_000 },
  });
}

it('a subquery’s index and rewrites are run on the copy, and what is fastest there is recommended', async () => {
  const { findings, skippedRules } = await adviseWith(LAST_EVENT, 'SELECT 1');
  expect(skippedRules).toEqual([]);
  const [finding] = findings;
  expect(finding).toMatchObject({ severity: 'warn', proof: { grade: 'executed' } });
  expect(finding?.message).toMatch(
    /Measured on scratch 18\.\d+: stopped at the time limit as it is, .* with an index for it, .* with LEFT JOIN on GROUP BY/,
  );
  const names = finding?.evidence.map(({ name }) => name);
  expect(names).toContain('execution time with LEFT JOIN on GROUP BY');
  // What was stopped has saved its limit at least, and its buffers are not known.
  expect(names).toContain('time saved');
  expect(names).not.toContain('buffers saved');
  expect(finding?.alternatives?.length).toBeGreaterThan(0);
});

it('it is withheld, and that is told with what it took of the call, where nothing is faster on the copy', async () => {
  const { findings, skippedRules, withheld } = await adviseWith(
    `${LAST_EVENT} WHERE a.id <= 20`,
    'CREATE INDEX ON events (agent_id, created_at)',
  );
  expect(findings).toEqual([]);
  expect(skippedRules).toEqual([]);
  expect(withheld?.map(({ reason }) => reason)).toEqual([
    expect.stringMatching(
      /^correlated-subquery:\w+ is withheld: nothing that was tried is 1\.4 times as fast, and 0\.3 ms faster or an index that reads less\. On scratch 18\.\d+ the subquery on public\.events was run 20 times and took \d+ % of the time and \d+ % of the buffers of the call\. Measured/,
    ),
  ]);
});

it('for a dear statement a form is run that the planner takes for dearer', async () => {
  const joined =
    'SELECT a.id, a.name, sum(e.size_bytes) AS bytes FROM agents a JOIN events e ON e.agent_id = a.id WHERE a.id IN (1, 2) GROUP BY a.id';
  const { withheld, findings } = await adviseWith(joined, 'SELECT 1', 'join-before-grouping');
  const told = [...findings.map(({ message }) => message), ...(withheld ?? []).map(({ reason }) => reason)];
  expect(told).toEqual([expect.stringMatching(/Measured on scratch .* with a subquery for each row/)]);
});
