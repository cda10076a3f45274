import type { Advisor, Detection, Evidence } from '../../../src/advisors/advisor.js';
import type { Finding } from '../../../src/model/finding.js';
import type { Planner } from '../../../src/model/planner.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';

/** A finding before the engine stamps the rule’s identity on it. */
export type Found = Extract<Detection, { kind: 'finding' }>;

/** What one rule says of a database, without a workload. */
export async function detectOn(
  session: Session,
  advisor: Advisor,
  changes: Partial<Evidence> = {},
): Promise<readonly Detection[]> {
  const { catalog, statistics } = await readSnapshot(session);
  return advisor.detect({ ...noWorkload, catalog, statistics, ...changes });
}

/** Its findings by key. */
export async function findingsOn(
  session: Session,
  advisor: Advisor,
  changes: Partial<Evidence> = {},
): Promise<ReadonlyMap<string, Found>> {
  const detections = await detectOn(session, advisor, changes);
  return new Map(detections.flatMap((each) => (each.kind === 'finding' ? [[each.key, each]] : [])));
}

/** Runs a fix, or its undo. */
export async function runFix(session: Session, found: Pick<Finding, 'fix'> | undefined, way: 'sql' | 'undo') {
  const statements = way === 'sql' ? found?.fix?.sql.map(({ sql }) => sql) : found?.fix?.undo;
  for (const sql of statements ?? []) await session.query(sql);
}

/** Definitions of the indexes whose names begin so, by name. */
export async function indexDefinitions(session: Session, prefix: string): Promise<Readonly<Record<string, string>>> {
  const { rows } = await session.query<{ name: string; definition: string }>(
    `SELECT c.relname AS name, pg_get_indexdef(c.oid) || CASE WHEN i.indisvalid THEN '' ELSE ' (invalid)' END AS definition
       FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
      WHERE c.relname LIKE $1 || '%' AND c.relnamespace::regnamespace::text !~ '^pg_' ORDER BY 1`,
    [prefix],
  );
  return Object.fromEntries(rows.map(({ name, definition }) => [name, definition]));
}

/** Evidence of nothing but a schema. */
export const noWorkload: Omit<Evidence, 'catalog' | 'statistics'> = {
  workload: { sources: [], statements: [], skipped: [] },
  statements: [],
  linkages: [],
  planner: { costs: async () => [] } as unknown as Planner,
  selection: {
    chosen: [],
    workloadCostBefore: 0,
    workloadCostAfter: 0,
    writeCost: 0,
    sizeBytes: 0,
    statements: [],
    unplannable: [],
    candidates: 0,
  },
};
