import type { Snapshot } from '../model/snapshot.js';
import type { Workload } from '../model/workload.js';
import { measureComparisons, type WantedComparisons } from '../postgres/comparison-shares.js';
import type { Session } from '../postgres/session.js';
import { analyzeStatement } from '../sql/analysis/analyze.js';
import { parseStatement } from '../sql/parse.js';

/** Adds to a snapshot which share of the rows meets the comparisons between columns that the statements make. */
export async function withComparisons(session: Session, snapshot: Snapshot, workload: Workload): Promise<Snapshot> {
  const wanted = new Map<string, WantedComparisons>();
  for (const { text } of workload.statements)
    for (const { table, comparisons } of scansOf(text, snapshot)) {
      const all = [...new Set(comparisons.map(({ sql }) => sql))].sort();
      for (const sql of [...all.map((one) => [one]), ...(all.length > 1 ? [all] : [])]) {
        const { schema, name, storage } = table;
        wanted.set(JSON.stringify([schema, name, sql]), { table: { schema, name }, sql, blocks: storage.blocks });
      }
    }
  if (wanted.size === 0) return snapshot;
  const comparisons = await measureComparisons(session, [...wanted.values()]);
  return { ...snapshot, statistics: { ...snapshot.statistics, comparisons } };
}

function scansOf(text: string, { catalog }: Snapshot) {
  try {
    return analyzeStatement(parseStatement(text).tree, catalog).scans.filter(
      ({ comparisons }) => comparisons.length > 0,
    );
  } catch {
    // What does not parse is told where the statements are bound.
    return [];
  }
}
