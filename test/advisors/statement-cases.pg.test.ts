import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { AdviceReport } from '../../src/model/advice.js';
import { fingerprint } from '../../src/sql/fingerprint.js';
import { testDatabase } from '../postgres.js';
import { adviseOn } from './advise-on.js';
import { fillBureau } from './cases/bureau.js';
import { STATEMENT_CASES } from './cases/statements.js';

// One run of advice over all of them; each rewrite is run on hundreds of databases.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const RULES = [
  ...['non-sargable-predicate', 'self-shadowed-subquery', 'join-fan-out', 'implicit-cross-join', 'unused-join'],
  ...['distinct-over-fan-out', 'deep-offset', 'paging-count', 'random-order'],
];

let report: AdviceReport;

beforeAll(async () => {
  const { url, session } = await testDatabase();
  await fillBureau(session);
  report = await adviseOn(
    url,
    STATEMENT_CASES.flatMap(([, cases]) => cases),
    RULES,
  );
});

it('plans every statement', () => {
  expect(report.workload.skipped).toEqual([]);
});

describe.each(STATEMENT_CASES)('what is said of %s', (_, cases) => {
  it.each(cases)('is right for $name', ({ sql, finds }) => {
    const own = report.findings.filter(({ queries }) =>
      queries.some((query) => query.fingerprint === fingerprint(sql)),
    );
    const told = own.map(
      ({ key, ruleId }) => `${ruleId}${key.slice(`${ruleId}:${fingerprint(sql)}`.length).replace(':', ' ')}`,
    );
    expect(told).toEqual(finds);
  });
});

it('shows no page by the last row where all rows are counted beside it', () => {
  const found = report.findings.find(({ ruleId }) => ruleId === 'deep-offset');
  expect(found?.alternatives ?? []).toEqual([]);
});
