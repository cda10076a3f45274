import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { AdviceReport } from '../../src/model/advice.js';
import type { Finding } from '../../src/model/finding.js';
import type { Session } from '../../src/postgres/session.js';
import { runAdvise } from '../advise/run-advise.js';
import { testDatabase } from '../postgres.js';
import { place } from '../program.js';
import { adviseOn } from './advise-on.js';
import { fillDepot } from './depot.js';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const LAST_EVENT =
  'SELECT a.name, (SELECT max(e.created_at) FROM events e WHERE e.agent_id = a.id) AS last_at FROM agents a';
const TOTALS = `SELECT a.name, (SELECT count(*) FROM events e WHERE e.agent_id = a.id AND e.severity = 'critical') AS critical,
  (SELECT sum(e.size_bytes) FROM events e WHERE e.agent_id = a.id) AS total FROM agents a WHERE a.status = 'online'`;
const OTHERS = 'SELECT a.id, (SELECT count(*) FROM jobs j WHERE j.priority <> a.id % 5) AS others FROM agents a';
const SILENT = [
  'SELECT a.name FROM agents a WHERE EXISTS (SELECT 1 FROM events e WHERE e.agent_id = a.id)',
  'SELECT a.name FROM agents a WHERE a.id NOT IN (SELECT e.agent_id FROM events e)',
  'SELECT a.name, (SELECT r.title FROM regions r WHERE r.code = a.region) FROM agents a WHERE a.id < 4',
  'SELECT a.name FROM agents a WHERE a.id > (SELECT avg(agent_id) FROM events)',
];

function adviseAbout(url: string, statements: readonly string[]): Promise<AdviceReport> {
  return adviseOn(
    url,
    statements.map((sql) => ({ sql })),
    ['correlated-subquery'],
  );
}

const prepare = (session: Session) => fillDepot(session);
const prepareIndexed = async (session: Session) => {
  await fillDepot(session);
  await session.query('CREATE INDEX events_by_agent ON events (agent_id)');
  await session.query('VACUUM ANALYZE events');
};

describe('a subquery that is run for each row', () => {
  let found: readonly Finding[];
  let statements: AdviceReport['statements'];
  beforeAll(async () => {
    const { url } = await testDatabase({ template: 'depot', prepare });
    ({ findings: found, statements } = await adviseAbout(url, [LAST_EVENT, OTHERS, ...SILENT]));
  });

  it('gets the index for it before any rewrite, and the message says what the join costs', () => {
    const [finding] = found.filter(({ title }) => title.includes('public.events'));
    expect(finding?.fix?.sql.map(({ sql }) => sql)).toEqual([
      'CREATE INDEX CONCURRENTLY events_agent_id_created_at_desc_idx ON public.events (agent_id, created_at DESC)',
    ]);
    expect(finding?.message).toMatchInlineSnapshot(
      `"The subquery on public.events is run about 20,000 times a call, which is 100 % of the planner cost of 56,205,728, as planned on twin 18.4. An index on public.events (agent_id, created_at DESC) lets each run read only its own rows: the cost falls to 10,228. Written with LEFT JOIN on GROUP BY it costs 3,673 without the index; it reads and groups all rows at every call, which a clock shows to be slower more often than a plan does: the statement may stay as it is."`,
    );
    expect(finding?.alternatives?.map(({ title, reason }) => `${title}: ${reason}`)).toMatchInlineSnapshot(`
      [
        "LEFT JOIN on GROUP BY: the gain over what is recommended is too small to change the statement",
        "LEFT JOIN LATERAL: it costs 1 times what the statement costs as it is",
      ]
    `);
  });

  it('gets no recommendation, with the reason, where it is tied by more than equalities', () => {
    const [finding] = found.filter(({ title }) => title.includes('public.jobs'));
    expect(finding).toMatchObject({ severity: 'info', fix: null });
    expect(finding?.message).toMatchInlineSnapshot(
      `"The subquery on public.jobs is run about 20,000 times a call, which is 100 % of the planner cost of 26,720,728, as planned on twin 18.4. No change is recommended: nothing that was tried costs half at most."`,
    );
  });

  it('is none where PostgreSQL joins, hashes or runs it once, or runs it for a few rows', () => {
    expect(found).toHaveLength(2);
  });

  it('has the reason in the report where PostgreSQL does well with what it leaves as a subquery', () => {
    const reasons = SILENT.map((sql) => statements.find(({ text }) => text === sql)?.subqueries);
    expect(reasons).toMatchInlineSnapshot(`
      [
        undefined,
        "PostgreSQL hashes its subqueries, once a call, and nothing that was tried costs half at most",
        "its subquery is run about 3 times a call, which is 31 % of its planner cost",
        undefined,
      ]
    `);
    const told = [LAST_EVENT, OTHERS].map((sql) => statements.find(({ text }) => text === sql)?.subqueries);
    expect(told).toEqual([undefined, undefined]);
  });
});

describe('a list that rows must not be in', () => {
  it('is looked into for each row where it would be read as a whole for a few', async () => {
    const { url } = await testDatabase({ template: 'indexed', prepare: prepareIndexed });
    const sql =
      'SELECT a.name FROM agents a WHERE a.id < 4 AND a.id NOT IN (SELECT e.agent_id FROM events e WHERE e.agent_id IS NOT NULL)';
    const { findings } = await adviseAbout(url, [sql]);
    expect(findings.map(({ title }) => title)).toEqual([
      'A subquery on public.events is read as a whole for each call',
    ]);
    expect(findings[0]?.fix?.rewrittenQuery).toContain('NOT (EXISTS');
    expect(findings[0]?.message).toContain('is hashed, and looked up about 2 times a call');
  });
});

describe('a subquery of which a logged plan tells', () => {
  it('is told of with what it took there, though the planner expects little of it', async () => {
    const { url } = await testDatabase({ template: 'depot', prepare });
    const sql = 'SELECT a.name, (SELECT max(j.id) FROM jobs j WHERE j.priority > a.id) FROM agents a WHERE a.id < 4';
    const scan = { 'Node Type': 'Seq Scan', 'Relation Name': 'jobs', 'Actual Loops': 900, 'Actual Total Time': 2 };
    const subPlan = { ...scan, 'Parent Relationship': 'SubPlan', 'Shared Hit Blocks': 990 };
    const Plan = {
      ...scan,
      'Relation Name': 'agents',
      'Actual Loops': 1,
      'Actual Total Time': 2000,
      'Shared Hit Blocks': 1000,
    };
    const plan = JSON.stringify({ 'Query Text': sql, Plan: { ...Plan, Plans: [subPlan] } });
    const line = { timestamp: '2026-06-01 00:00:00.000 UTC', session_id: 'a.1', line_num: 1, error_severity: 'LOG' };
    const log = join(place(), 'shop.json');
    writeFileSync(log, `${JSON.stringify({ ...line, message: `duration: 2000.000 ms  plan:\n${plan}` })}\n`);
    const { findings } = await runAdvise({ url, workload: [`log:${log}`], rules: ['correlated-subquery'] });
    expect(findings[0]?.message).toMatchInlineSnapshot(
      `"The subquery on public.jobs is run about 3 times a call, which is 14 % of the planner cost of 10, as planned on twin 18.4. In the slowest call whose plan was logged, the subquery on jobs was run 900 times and took 90 % of the time and 99 % of the buffers of the call. No change is recommended: nothing that was tried costs half at most."`,
    );
    expect(findings[0]?.evidence.filter(({ source }) => source === 'auto_explain')).toMatchObject([
      { name: 'runs of the subquery a call, measured', value: 900 },
      { name: 'share of the time, measured', value: 0.9 },
      { name: 'share of the buffers, measured', value: 0.99 },
    ]);
  });
});

describe('a subquery that an index serves already', () => {
  it('is rewritten as one join that costs half at most and gives the same', async () => {
    const { url, session } = await testDatabase({ template: 'indexed', prepare: prepareIndexed });
    const [finding] = (await adviseAbout(url, [TOTALS])).findings;
    expect(finding?.fix?.kind).toBe('rewrite');
    expect(finding?.fix?.rewrittenQuery).toMatchInlineSnapshot(`
      "SELECT
        a.name,
        COALESCE(per_key.value_2, 0) AS critical,
        per_key.value AS total
      FROM agents AS a
      LEFT JOIN ( SELECT
        e.agent_id AS key,
        sum(e.size_bytes) AS value,
        count(*) FILTER (WHERE e.severity = 'critical') AS value_2
      FROM events AS e
      GROUP BY
        e.agent_id ) AS per_key ON per_key.key = a.id
      WHERE
        a.status = 'online'"
    `);
    expect(finding?.proof.detail).toMatchInlineSnapshot(
      `"the statement, 3 rewrites of it and the workload's indexes were planned; for LEFT JOIN on GROUP BY no counterexample in 600 generated databases, on 506 of which the statement gave or changed rows (seed 1); for LEFT JOIN on GROUP BY of the selected keys alone no counterexample in 600 generated databases, on 506 of which the statement gave or changed rows (seed 1)"`,
    );
    const rewritten = finding?.fix?.rewrittenQuery ?? '';
    const rows = async (sql: string) => (await session.queryTexts(sql)).rows.map((row) => JSON.stringify(row)).sort();
    expect(await rows(rewritten)).toEqual(await rows(TOTALS));
  });
});
