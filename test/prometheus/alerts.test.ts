import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createMetrics } from '../../src/worker/metrics.js';
import { workerOf } from '../worker/http/worker.js';

const RULES = new URL('../../docs/prometheus/alerts.yml', import.meta.url).pathname;
const CASES = new URL('alerts.yml', import.meta.url).pathname;
const promtool = process.env['PGSTEWARD_PROMTOOL'] ?? 'promtool';
const hasPromtool = spawnSync(promtool, ['--version']).status === 0;
if (!hasPromtool)
  process.stderr.write(
    'alerts.test.ts checks no rule: no promtool found; install the package prometheus or set PGSTEWARD_PROMTOOL\n',
  );

interface Rules {
  readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[];
}

describe('the alert rules', () => {
  it('ask only for metrics that a worker has', async () => {
    const exposition = await createMetrics().render(workerOf());
    const known = new Set([...exposition.matchAll(/^# TYPE (\w+)/gm)].map(([, name]) => name));
    const rules = (parse(readFileSync(RULES, 'utf8')) as Rules).groups.flatMap((group) => group.rules);
    const asked = rules.flatMap(({ expr }) => expr.match(/pgsteward_\w+/g) ?? []);
    expect(asked.length).toBeGreaterThan(9);
    expect(asked.filter((name) => !known.has(name))).toEqual([]);
  });

  it.skipIf(!hasPromtool)(
    'fire when they should and not before',
    () => {
      const tested = spawnSync(promtool, ['test', 'rules', CASES], { encoding: 'utf8' });
      expect([tested.status, tested.status === 0 ? '' : tested.stdout + tested.stderr]).toEqual([0, '']);
      // Its hours are reckoned through at full speed, which on a busy machine takes its time.
    },
    120_000,
  );
});
