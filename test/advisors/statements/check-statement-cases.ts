import { beforeAll, describe, expect, it, vi } from 'vitest';
import { analyzeWorkload } from '../../../src/advise/analyze-workload.js';
import type { Advisor, AnalyzedStatement } from '../../../src/advisors/advisor.js';
import type { Equivalence } from '../../../src/model/equivalence.js';
import type { Planner } from '../../../src/model/planner.js';
import { silentProgress } from '../../../src/model/progress.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import type { WorkloadStatement } from '../../../src/model/workload.js';
import { buildTwin } from '../../../src/planner/twin/build.js';
import { createEmptySchema } from '../../../src/planner/twin/empty-schema.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { openEquivalence } from '../../../src/proof/equivalence.js';
import { fingerprint } from '../../../src/sql/fingerprint.js';
import { afterFile, oncePerFile } from '../../per-file.js';
import { testDatabase } from '../../postgres.js';
import { twinServer } from '../../twin-server.js';
import { type Found, noWorkload } from '../index-hygiene/detect-on.js';
import { fillBazaar } from './bazaar.js';

/** A statement, alone in its workload, with what one rule is to find in it. */
export interface StatementCase {
  readonly name: string;
  readonly sql: string;
  /** Values of `$1`, `$2` …. */
  readonly parameters?: readonly unknown[];
  /** Rows that a call gives, as pg_stat_statements would count them. */
  readonly rows?: number;
  /** Other statements of the workload. */
  readonly beside?: readonly string[];
  /** What stands behind the fingerprint in the keys of its findings; the empty string where nothing does. */
  readonly finds: readonly string[];
}

/** A filled database, its twin, and what compares rewrites on its schema. */
interface TwinOfDatabase {
  readonly snapshot: Snapshot;
  readonly planner: Planner;
  readonly equivalence: Equivalence;
}

/** The twin of one filled database, for all cases of a file. */
const bazaar = oncePerFile(() => twinOf(fillBazaar));

/** Fills a database, and opens what rules about statements ask; all is closed after the file. */
export async function twinOf(
  fill: (session: Session) => Promise<unknown>,
  /** On which each rewrite is run; as many as the program takes where not given. */
  databases?: number,
): Promise<TwinOfDatabase> {
  const { session } = await testDatabase();
  await fill(session);
  const snapshot = await readSnapshot(session, silentProgress);
  const server = await twinServer();
  const { catalog } = snapshot;
  const equivalence = openEquivalence({
    catalog,
    server: async () => server,
    define: createEmptySchema,
    ...(databases === undefined ? {} : { databases }),
  });
  const planner = await buildTwin(snapshot, { server });
  afterFile(async () => {
    await equivalence.close();
    await planner.close();
  });
  return { snapshot, planner, equivalence };
}

/** Expects what the rule finds in each statement. */
export function checkStatementCases(advisor: Advisor, cases: readonly StatementCase[]): void {
  // Rewrites are run on hundreds of databases.
  vi.setConfig({ testTimeout: 120_000 });
  describe(advisor.id, () => {
    beforeAll(bazaar, 120_000);

    it.each(cases)('$name', async (each) => {
      const found = await findingsIn(advisor, each);
      const own = `${advisor.id}:${fingerprint(each.sql)}`;
      const keys = found.filter(({ key }) => key.startsWith(own)).map(({ key }) => key.slice(own.length + 1));
      expect(keys).toEqual(each.finds);
    });
  });
}

/** What the rule finds in a statement, as its reader sees it. */
export async function findingsIn(
  advisor: Advisor,
  each: Omit<StatementCase, 'name' | 'finds'>,
): Promise<readonly Found[]> {
  const { snapshot, planner, equivalence } = await bazaar();
  const statements = await analyzed(each);
  const { catalog, statistics } = snapshot;
  const detections = await advisor.detect({ ...noWorkload, catalog, statistics, planner, equivalence, statements });
  return detections.flatMap((detection) => (detection.kind === 'finding' ? [detection] : []));
}

async function analyzed({
  sql,
  parameters,
  rows,
  beside = [],
}: Omit<StatementCase, 'name' | 'finds'>): Promise<readonly AnalyzedStatement[]> {
  const { snapshot, planner } = await bazaar();
  const own = { ...statementOf(sql, parameters), rows: rows === undefined ? null : rows * CALLS };
  const workload = { sources: [], statements: [own, ...beside.map((each) => statementOf(each))], skipped: [] };
  const { statements, skipped } = await analyzeWorkload({ snapshot, workload, planner }, silentProgress);
  expect(skipped).toEqual([]);
  return statements;
}

const CALLS = 1000;

/** Gives a statement of a workload that tells nothing but how often it is called. */
export function statementOf(sql: string, parameters?: readonly unknown[]): WorkloadStatement {
  return {
    fingerprint: fingerprint(sql),
    text: sql,
    name: null,
    calls: CALLS,
    totalTimeMs: null,
    rows: null,
    sharedBuffers: null,
    parameterSamples: parameters === undefined ? [] : [parameters],
    location: null,
  };
}
