import type { BenchScenarioQuery } from '../scenario.js';
import { type ExportedFile, requireDistinctNames } from './exported-file.js';
import { K6_METRICS, k6Name } from './k6-results.js';

/**
 * Gives a scenario as a k6 script with its statements beside it. Requests arrive at a constant rate whatever the
 * database answers (an open loop); the summary holds one trend and two counters for each query.
 */
export function exportK6(
  queries: readonly BenchScenarioQuery[],
  { rate }: { readonly rate: number },
): readonly ExportedFile[] {
  requireDistinctNames(queries.map(({ name }) => k6Name(name)));
  const scenario = queries.map(({ name, text, parameterSets, weight, writes = false }) => ({
    ...{ name: k6Name(name), text: text.replace(/[;\s]+$/, ''), weight, writes },
    parameterSets: parameterSets.length === 0 ? [[]] : parameterSets,
  }));
  return [
    { name: 'script.js', text: script(rate) },
    { name: 'scenario.json', text: `${JSON.stringify(scenario, null, 2)}\n` },
  ];
}

function script(rate: number): string {
  return `// Usage: k6 run -e DATABASE_URL=postgres://… [-e RATE=${rate}] [-e DURATION=60s] script.js
// Needs k6 with the extension xk6-sql and its driver for PostgreSQL.
// summary.json is read by: pgsteward bench compare BEFORE.json AFTER.json
import sql from 'k6/x/sql';
import driver from 'k6/x/sql/driver/postgres';
import { Counter, Trend } from 'k6/metrics';

const scenario = JSON.parse(open('./scenario.json'));
const total = scenario.reduce((sum, query) => sum + query.weight, 0);
const metrics = {};
for (const { name } of scenario) {
  metrics[name] = {
    latency: new Trend('${K6_METRICS.latency}' + name, true),
    requests: new Counter('${K6_METRICS.requests}' + name),
    errors: new Counter('${K6_METRICS.errors}' + name),
  };
}
const database = sql.open(driver, __ENV.DATABASE_URL);

export const options = {
  summaryTrendStats: ['avg', 'med', 'p(95)', 'p(99)', 'max'],
  scenarios: {
    mix: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE || ${rate}),
      timeUnit: '1s',
      duration: __ENV.DURATION || '60s',
      preAllocatedVUs: 16,
      maxVUs: 256,
    },
  },
};

export default function () {
  const query = drawn();
  const sets = query.parameterSets;
  const values = sets[Math.floor(Math.random() * sets.length)];
  const metric = metrics[query.name];
  const startedAt = Date.now();
  metric.requests.add(1);
  try {
    // A statement that writes is undone, so that each call meets the same rows.
    if (query.writes) database.exec('BEGIN');
    database.query(query.text, ...values);
    metric.latency.add(Date.now() - startedAt);
  } catch (error) {
    metric.errors.add(1);
  } finally {
    if (query.writes) database.exec('ROLLBACK');
  }
}

export function teardown() {
  database.close();
}

export function handleSummary(summary) {
  return { 'summary.json': JSON.stringify(summary, null, 2) };
}

function drawn() {
  let left = Math.random() * total;
  for (const query of scenario) {
    left -= query.weight;
    if (left < 0) return query;
  }
  return scenario[scenario.length - 1];
}
`;
}
