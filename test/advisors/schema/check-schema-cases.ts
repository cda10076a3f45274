import { beforeAll, describe, expect, it } from 'vitest';
import { analyzeWorkload } from '../../../src/advise/analyze-workload.js';
import type { Advisor } from '../../../src/advisors/advisor.js';
import type { Planner } from '../../../src/model/planner.js';
import { silentProgress } from '../../../src/model/progress.js';
import type { WorkloadStatement } from '../../../src/model/workload.js';
import { openTarget } from '../../../src/planner/target.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { fingerprint } from '../../../src/sql/fingerprint.js';
import { parseStatements } from '../../../src/sql/parse.js';
import { testDatabase } from '../../postgres.js';
import type { WorkloadEntry } from '../advise-on.js';
import { detectOn, type Found, runFix } from '../index-hygiene/detect-on.js';

/** A schema with the findings that one rule is to have of it. */
export interface SchemaCase {
  /** Ends the sentence "finds …", or says why nothing is found. */
  readonly name: string;
  readonly sql: string;
  readonly workload?: readonly WorkloadEntry[];
  /** Keys without the rule; the severity in front: `warn public.orders`. */
  readonly finds: readonly string[];
}

/** Runs each case in an empty schema, and expects what the rule finds. */
export function checkSchemaCases(advisor: Advisor, cases: readonly SchemaCase[]): void {
  describe(`${advisor.id}`, () => {
    let database: Awaited<ReturnType<typeof testDatabase>>;
    beforeAll(async () => {
      database = await testDatabase();
    });

    it.each(cases)('$name', async ({ sql, workload = [], finds }) => {
      await emptied(database.session);
      const found = await findingsOf(advisor, { ...database, sql, workload });
      expect(
        found.map(({ key, severity }) => `${severity ?? advisor.severity} ${key.replace(`${advisor.id}:`, '')}`),
      ).toEqual(finds);
      // What is proposed can be done, and taken back.
      for (const each of found) await runFix(database.session, each, 'sql');
      for (const each of found) await runFix(database.session, each, 'undo');
    });
  });
}

async function emptied(session: Session): Promise<void> {
  await session.script('DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public');
}

interface Situation {
  readonly url: string;
  readonly session: Session;
  readonly sql: string;
  readonly workload?: readonly WorkloadEntry[];
}

/** What the rule finds once the SQL has run; counters are those of this moment. */
async function findingsOf(
  advisor: Advisor,
  { url, session, sql, workload = [] }: Situation,
): Promise<readonly Found[]> {
  // One by one: VACUUM wants no transaction around it, and ANALYZE is to see changes that are committed.
  for (const { text } of parseStatements(sql)) {
    await session.query(text);
    // What is counted of a change after an ANALYZE would be taken for a later one.
    await session.query('SELECT pg_stat_force_next_flush()');
  }
  const planner = await openTarget(url);
  try {
    const detections = await detectOn(session, advisor, {
      planner,
      statements: await analyzed(session, planner, workload),
    });
    return detections.flatMap((each) => (each.kind === 'finding' ? [each] : []));
  } finally {
    await planner.close();
  }
}

async function analyzed(session: Session, planner: Planner, entries: readonly WorkloadEntry[]) {
  if (entries.length === 0) return [];
  const workload = { sources: [], statements: entries.map(statementOf), skipped: [] };
  const snapshot = await readSnapshot(session, silentProgress);
  return (await analyzeWorkload({ snapshot, workload, planner }, silentProgress)).statements;
}

function statementOf({ sql, calls = 1000, parameters }: WorkloadEntry): WorkloadStatement {
  return {
    fingerprint: fingerprint(sql),
    text: sql,
    name: null,
    calls,
    totalTimeMs: null,
    rows: null,
    sharedBuffers: null,
    parameterSamples: parameters === undefined ? [] : [parameters],
    location: null,
  };
}

/** The only finding of a schema, as its reader sees it. */
export async function onlyFinding(
  advisor: Advisor,
  sql: string,
  workload: readonly WorkloadEntry[] = [],
): Promise<Found> {
  const database = await testDatabase();
  const [found, ...others] = await findingsOf(advisor, { ...database, sql, workload });
  if (found === undefined || others.length > 0)
    throw new RangeError(`${advisor.id} found ${others.length} others, or none`);
  return found;
}
