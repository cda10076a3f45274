import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import type { AdviceReport } from '../../src/model/advice.js';
import type { Session } from '../../src/postgres/session.js';
import { fillDepot } from '../advisors/depot.js';
import { vacuumAll } from '../advisors/vacuum-all.js';
import { testDatabase } from '../postgres.js';
import { place } from '../program.js';
import { runAdvise } from './run-advise.js';

vi.setConfig({ testTimeout: 120_000 });

const DEPOT = { template: 'indexed depot', prepare: fillIndexed };

async function fillIndexed(session: Session): Promise<void> {
  await fillDepot(session);
  await session.script('CREATE INDEX ON events (severity); CREATE INDEX ON events (size_bytes)');
  await vacuumAll(session);
}

async function advised(sql: string): Promise<AdviceReport> {
  const { url } = await testDatabase(DEPOT);
  const { url: scratchUrl } = await testDatabase(DEPOT);
  const spec = join(place(), 'a.sql');
  writeFileSync(spec, `${sql};\n`);
  const rules = ['all-rows-for-extremes'];
  return runAdvise({ url, scratchUrl, workload: [`sql:${spec}`], rules });
}

it('the few values of a column are stepped to over its index, and that is measured', async () => {
  const { findings } = await advised('SELECT DISTINCT severity FROM events');
  expect(findings.map(({ key, proof }) => [key.split(':').at(-1), proof.grade])).toEqual([['few values', 'executed']]);
  expect(findings[0]?.message).toMatch(/a step over the index from each value to the next/);
  expect(findings[0]?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
    `"WITH RECURSIVE keys AS ((SELECT events.severity AS key FROM events ORDER BY events.severity LIMIT 1) UNION ALL SELECT (SELECT events.severity AS key FROM events WHERE events.severity > keys.key ORDER BY events.severity LIMIT 1) FROM keys WHERE keys.key IS NOT NULL) SELECT keys.key AS severity FROM keys WHERE keys.key IS NOT NULL"`,
  );
});

it('they are counted so, too', async () => {
  const { findings } = await advised("SELECT count(DISTINCT severity) FROM events WHERE created_at > '2026-01-02'");
  expect(findings.map(({ key, proof }) => [key.split(':').at(-1), proof.grade])).toEqual([['few values', 'executed']]);
});

it('many values are not stepped to', async () => {
  const { findings, withheld = [] } = await advised('SELECT DISTINCT size_bytes FROM events');
  expect([findings, withheld]).toEqual([[], []]);
});
