import { expect, it } from 'vitest';
import { generateFleet } from '../../src/fleet/generate.js';
import { installFleet } from '../../src/fleet/install.js';
import { runFleetWorkload } from '../../src/fleet/workload.js';
import { runAdvise } from '../advise/run-advise.js';
import { testDatabase } from '../postgres.js';
import { vacuumAll } from './vacuum-all.js';

/** What is true of the clean fleet all the same: three mistakes in its statements, and a job that nobody has scheduled yet. */
const KNOWN = [
  'error self-shadowed-subquery on public.agent_commands',
  'warn join-fan-out on public.current_package_state, public.update_version_history',
  'warn non-sargable-predicate on public.current_package_state',
  'warn unbounded-table on public.refresh_tokens',
];
/** Indexes and loops have tests of their own. */
const OTHERS = [
  'missing-index',
  'unused-index',
  'redundant-index',
  'unindexed-foreign-key',
  'n-plus-one',
  'row-by-row-dml',
];

it('tells nothing of the clean fleet’s statements and schema that is not so', async () => {
  const { url, session } = await testDatabase();
  await installFleet(session, 'clean');
  await generateFleet(session, { scale: 'tiny' });
  await session.query('CREATE EXTENSION pg_stat_statements');
  await runFleetWorkload(url, { rounds: 3, connections: 2 });
  await vacuumAll(session);
  const { findings, workload } = await runAdvise({ url, workload: ['pgss'] });
  expect(workload.statements).toBeGreaterThan(30);
  const told = findings
    .filter(({ severity, ruleId }) => severity !== 'info' && !OTHERS.includes(ruleId))
    .map(({ severity, ruleId, relations }) => `${severity} ${ruleId} on ${relations.join(', ')}`);
  expect(told.sort()).toEqual(KNOWN);
}, 180_000);
