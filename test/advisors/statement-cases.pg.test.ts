import { beforeAll, describe, expect, it, vi } from 'vitest';
import { analyzeWorkload } from '../../src/advise/analyze-workload.js';
import { detect } from '../../src/advise/detect.js';
import type { Finding } from '../../src/model/finding.js';
import { silentProgress } from '../../src/model/progress.js';
import { fingerprint } from '../../src/sql/fingerprint.js';
import { fillBureau } from './cases/bureau.js';
import { STATEMENT_CASES } from './cases/statements.js';
import { noWorkload } from './index-hygiene/detect-on.js';
import { statementOf, twinOf } from './statements/check-statement-cases.js';

// All of them are one workload; each rewrite is run on hundreds of databases.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const RULES = [
  ...['non-sargable-predicate', 'self-shadowed-subquery', 'join-fan-out', 'implicit-cross-join', 'unused-join'],
  ...['distinct-over-fan-out', 'deep-offset', 'paging-count', 'random-order'],
];

let findings: readonly Finding[];
let skipped: readonly unknown[];

beforeAll(async () => {
  const { snapshot, planner, equivalence } = await twinOf(fillBureau, 200);
  const cases = STATEMENT_CASES.flatMap(([, each]) => each);
  const workload = {
    sources: [],
    statements: cases.map(({ sql, parameters }) => statementOf(sql, parameters)),
    skipped: [],
  };
  const analyzed = await analyzeWorkload({ snapshot, workload, planner }, silentProgress);
  const { catalog, statistics } = snapshot;
  const evidence = { ...noWorkload, workload, catalog, statistics, planner, equivalence };
  const detected = await detect({ ...evidence, statements: analyzed.statements }, { rules: RULES, ignore: [] });
  ({ findings } = detected);
  ({ skipped } = analyzed);
});

it('plans every statement', () => {
  expect(skipped).toEqual([]);
});

describe.each(STATEMENT_CASES)('what is said of %s', (_, cases) => {
  it.each(cases)('is right for $name', ({ sql, finds }) => {
    const identity = fingerprint(sql);
    const own = findings.filter(({ queries }) => queries.some((query) => query.fingerprint === identity));
    const told = own.map(
      ({ key, ruleId }) => `${ruleId}${key.slice(`${ruleId}:${identity}`.length).replace(':', ' ')}`,
    );
    expect(told).toEqual(finds);
  });
});

it('shows no page by the last row where all rows are counted beside it', () => {
  const found = findings.find(
    ({ ruleId, queries }) => ruleId === 'deep-offset' && queries[0]?.text.includes('OVER ()'),
  );
  expect([found?.title !== undefined, found?.alternatives ?? []]).toEqual([true, []]);
});

it('names quoted columns as they are in the page by the last row', () => {
  const found = findings.find(({ ruleId, queries }) => ruleId === 'deep-offset' && queries[0]?.text.includes('"Id"'));
  expect(found?.alternatives?.map(({ sql }) => sql.replaceAll(/\s+/g, ' '))).toEqual([
    'SELECT "Id" FROM "Order" WHERE "Order"."Id" > $1 ORDER BY "Id" LIMIT 20',
  ]);
});

it('keeps the condition beside wider bounds, where a day is as long as the clocks make it', () => {
  const found = findings.find(({ queries }) => queries[0]?.text.includes("created_at + interval '1 day'"));
  const cured = found?.fix?.rewrittenQuery?.replaceAll(/\s+/g, ' ');
  expect(cured).toMatch(/created_at <= .* \+ '26 hours'::interval\) AND \(created_at \+ '1 day'::interval\) < /);
});
