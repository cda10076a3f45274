import { beforeAll, describe, expect, it, vi } from 'vitest';
import { advisors } from '../../../src/advisors/index.js';
import { generateFleet } from '../../../src/fleet/generate.js';
import { type FleetVariant, installFleet } from '../../../src/fleet/install.js';
import type { Session } from '../../../src/postgres/session.js';
import { testDatabase } from '../../postgres.js';
import { findingsOn } from './detect-on.js';

vi.setConfig({ hookTimeout: 120_000 });

const sessions = new Map<FleetVariant, Session>();

beforeAll(async () => {
  for (const variant of ['clean', 'flawed'] as const) {
    const { session } = await testDatabase();
    await installFleet(session, variant);
    await generateFleet(session, { scale: 'tiny' });
    sessions.set(variant, session);
  }
});

/** What a rule finds without a workload: `warn public.orders(customer)`. */
async function found(variant: FleetVariant, ruleId: string): Promise<readonly string[]> {
  const advisor = advisors.find(({ id }) => id === ruleId);
  const session = sessions.get(variant);
  if (advisor === undefined || session === undefined) throw new RangeError(`no rule ${ruleId}`);
  return [...(await findingsOn(session, advisor)).values()].map(
    ({ key, severity = advisor.severity }) => `${severity} ${key.replace(`${ruleId}:public.`, '')}`,
  );
}

describe('the fleet as it should be', () => {
  it.each(['invalid-index', 'redundant-index', 'unindexed-foreign-key', 'unreachable-partial-index'])(
    'has nothing for %s',
    async (ruleId) => {
      expect(await found('clean', ruleId)).toEqual([]);
    },
  );

  it('has no unused index but by counters that say nothing yet', async () => {
    expect((await found('clean', 'unused-index')).filter((each) => !each.startsWith('info'))).toEqual([]);
  });
});

describe('the fleet as its audit found it', () => {
  it('has an index that begins a constraint’s', async () => {
    expect(await found('flawed', 'redundant-index')).toEqual(['warn idx_current_package_state_agent_id']);
    expect(await found('flawed', 'invalid-index')).toEqual([]);
    expect(await found('flawed', 'unreachable-partial-index')).toEqual([]);
  });

  it('has foreign keys without an index, of which those on large tables are warnings', async () => {
    const keys = await found('flawed', 'unindexed-foreign-key');
    expect(keys.filter((key) => key.startsWith('warn'))).toEqual([
      'warn agent_commands(retried_from_id)',
      'warn agent_commands(key_id)',
      'warn update_logs(update_package_id)',
    ]);
    expect(keys.filter((key) => key.startsWith('info'))).toHaveLength(11);
  });
});
