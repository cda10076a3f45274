import { expect, it } from 'vitest';
import { renderAdviceJson } from '../../src/report/advice/json.js';
import { adviseOn } from '../advisors/advise-on.js';
import { fillDepot } from '../advisors/depot.js';
import { testDatabase } from '../postgres.js';

const WORKLOAD = [
  { sql: 'SELECT id, kind FROM commands WHERE agent_id = $1 ORDER BY created_at DESC LIMIT 20', calls: 5000 },
  {
    sql: "SELECT id FROM commands WHERE status = 'pending' AND created_at < now() - interval '30 minutes'",
    calls: 288,
  },
  { sql: 'SELECT name, kind FROM agents JOIN commands ON agent_id = agents.id WHERE region = $1', calls: 100 },
  { sql: 'SELECT agent_id, max(created_at) FROM events WHERE agent_id = ANY($1) GROUP BY agent_id', calls: 1000 },
  { sql: 'SELECT id FROM jobs WHERE claimed_at IS NULL AND queue = $1 ORDER BY run_at LIMIT 1', calls: 9000 },
  { sql: 'UPDATE jobs SET claimed_at = now() WHERE id = $1', calls: 9000 },
  { sql: 'INSERT INTO events SELECT * FROM events WHERE id = $1', calls: 20_000 },
];

it('the same database and workload give the same report, byte by byte but for the places of files', async () => {
  const { url } = await testDatabase({ template: 'depot', prepare: fillDepot });
  const first = renderAdviceJson(await adviseOn(url, WORKLOAD));
  const second = renderAdviceJson(await adviseOn(url, WORKLOAD));
  expect(JSON.parse(first).findings.length).toBeGreaterThan(3);
  expect(withoutFolder(second)).toBe(withoutFolder(first));
}, 120_000);

function withoutFolder(json: string): string {
  return json.replaceAll(/pgsteward-workload-\w+/g, 'workload');
}
