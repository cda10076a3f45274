import { findLinkages } from '../../src/advise/lineage/find-linkages.js';
import type { Evidence } from '../../src/advisors/advisor.js';
import { duplicateQuery } from '../../src/advisors/duplicate-query.js';
import { nPlusOne } from '../../src/advisors/n-plus-one.js';
import { rowByRowDml } from '../../src/advisors/row-by-row-dml.js';
import type { BatchVerdict, Stretch } from '../../src/model/linkage.js';
import { silentProgress } from '../../src/model/progress.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { openSession } from '../../src/postgres/session.js';
import { readSnapshot } from '../../src/postgres/snapshot-reader.js';
import { readLogWorkload } from '../../src/workload/log/log-workload.js';
import type { StatementsRead } from '../../src/workload/pg-stat-statements.js';
import { readTraceWorkload } from '../../src/workload/trace/trace-workload.js';

/** What is reported of one loop. */
export interface FoundLoop {
  readonly ruleId: string;
  readonly class: string | null;
  readonly grade: string;
  readonly child: { readonly fingerprint: string; readonly text: string };
  readonly parent: { readonly fingerprint: string; readonly text: string } | null;
  /** What became of the batch that was suggested; null where none was. */
  readonly batch: BatchVerdict['kind'] | null;
  readonly detail: string;
}

/** Reads a log and gives what the rules report of its loops on a database. */
export async function loopsInLog(url: string, file: string): Promise<readonly FoundLoop[]> {
  return loopsInStretches(url, await readLogWorkload(file));
}

/** The same of a recording. */
export async function loopsInRecording(url: string, file: string): Promise<readonly FoundLoop[]> {
  return loopsInStretches(url, await readTraceWorkload(file));
}

async function loopsInStretches(url: string, { stretches = [] }: StatementsRead): Promise<readonly FoundLoop[]> {
  const session = await openSession(url, { readOnly: true, statementTimeoutMs: 10_000, lockTimeoutMs: 2000 });
  try {
    return await loopsOf(stretches, { snapshot: await readSnapshot(session), session });
  } finally {
    await session.close();
  }
}

async function loopsOf(
  stretches: readonly Stretch[],
  { snapshot, session }: { readonly snapshot: Snapshot; readonly session: Awaited<ReturnType<typeof openSession>> },
): Promise<readonly FoundLoop[]> {
  const linkages = await findLinkages(stretches, { snapshot, session, progress: silentProgress });
  const found: FoundLoop[] = [];
  for (const linkage of linkages) {
    const evidence = {
      ...{ workload: { sources: [], statements: [], skipped: [] }, statements: [], linkages: [linkage] },
      ...{ catalog: snapshot.catalog, statistics: snapshot.statistics },
    } as unknown as Evidence;
    for (const advisor of [nPlusOne, rowByRowDml, duplicateQuery]) {
      for (const each of await advisor.detect(evidence)) {
        if (each.kind !== 'finding') continue;
        const { grade, detail } = each.proof;
        const { child, parent, batch } = linkage;
        found.push({
          ...{ ruleId: advisor.id, class: each.class, grade, detail, child, parent },
          batch: batch?.verdict.kind ?? null,
        });
      }
    }
  }
  return found;
}
