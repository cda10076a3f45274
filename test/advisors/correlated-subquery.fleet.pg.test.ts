import { beforeAll, expect, it, vi } from 'vitest';
import { generateFleet } from '../../src/fleet/generate.js';
import { installFleet } from '../../src/fleet/install.js';
import { fleetStatement, fleetStatements } from '../../src/fleet/statements.js';
import type { Finding } from '../../src/model/finding.js';
import { testDatabase } from '../postgres.js';
import { adviseOn } from './advise-on.js';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let fleet: Awaited<ReturnType<typeof testDatabase>>;
let last: readonly Finding[];

beforeAll(async () => {
  fleet = await testDatabase();
  await installFleet(fleet.session, 'flawed');
  await generateFleet(fleet.session, { scale: 'tiny' });
  const { sql } = fleetStatement('last-scan-per-agent');
  last = (await adviseOn(fleet.url, [{ sql, calls: 50 }], ['correlated-subquery'])).findings;
});

it('the last scan of each agent gets its index, and the message says why the join is no better', () => {
  const [finding] = last;
  expect(finding?.fix?.sql.map(({ sql }) => sql)).toMatchInlineSnapshot(`
    [
      "CREATE INDEX CONCURRENTLY update_events_agent_id_created_at_desc_idx ON public.update_events (agent_id, created_at DESC)",
    ]
  `);
  expect(finding?.message).toMatchInlineSnapshot(
    `"The subquery on public.update_events is run about 10 times a call, which is 85 % of the planner cost of 8, as planned on twin 18.4. It reads in order until it meets a row of its own; where there is none it reads all, at a cost of 381 a run. An index on public.update_events (agent_id, created_at DESC) lets each run read only its own rows: the cost falls to 5. Written with LEFT JOIN on GROUP BY it costs 263 without the index, 55 times as much, since it reads and groups all rows at every call: the statement may stay as it is."`,
  );
  expect(finding?.alternatives?.map(({ title, reason }) => `${title}: ${reason}`)).toMatchInlineSnapshot(`
    [
      "LEFT JOIN LATERAL: it costs 1 times what the statement costs as it is",
      "LEFT JOIN on GROUP BY: it costs 31 times what the statement costs as it is",
      "LEFT JOIN on DISTINCT ON: it costs 93 times what the statement costs as it is",
    ]
  `);
});

it('no other statement of the fleet is found to run a subquery for each row', async () => {
  const others = fleetStatements.filter(({ name }) => name !== 'last-scan-per-agent').map(({ sql }) => ({ sql }));
  const { findings } = await adviseOn(fleet.url, others, ['correlated-subquery']);
  expect(findings.map(({ title }) => title)).toEqual([]);
});
