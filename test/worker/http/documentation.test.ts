import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { createMetrics } from '../../../src/worker/metrics.js';
import { workerOf } from './worker.js';

const page = readFileSync(new URL('../../../docs/http.md', import.meta.url), 'utf8');

it('names every metric of the worker', async () => {
  const exposition = await createMetrics().render(workerOf());
  const names = [...exposition.matchAll(/^# TYPE pgsteward_(\w+)/gm)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => name !== 'build_info' && !page.includes(name))).toEqual([]);
});
