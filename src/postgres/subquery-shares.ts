import type { PlanNode, SubqueryShare } from '../model/plan.js';

/** What is looked at of a node that was executed. */
export interface RunNode extends Pick<PlanNode, 'relation' | 'schema' | 'parentRelationship' | 'actual'> {
  readonly children: readonly RunNode[];
}

/**
 * Gives the subqueries that an executed plan ran again and again, those first that read most buffers, then those that ran
 * most often. What is hashed, and what refers to nothing around it, is run once and is none.
 */
export function subqueryShares(plan: RunNode): readonly SubqueryShare[] {
  return subPlansOf(plan)
    .filter((each) => runsOf(each) > 1)
    .sort((a, b) => buffersOf(b) - buffersOf(a) || runsOf(b) - runsOf(a))
    .map((each) => ({
      relation: relationOf(each),
      runs: runsOf(each),
      timeShare: shareOf(durationOf(each), durationOf(plan)),
      buffersShare: shareOf(buffersOf(each), buffersOf(plan)),
    }));
}

/** Gives the shared buffers that a node and all below it hit and read. */
export function buffersOf({ actual }: Pick<PlanNode, 'actual'>): number {
  return (actual?.sharedHitBuffers ?? 0) + (actual?.sharedReadBuffers ?? 0);
}

function subPlansOf(plan: RunNode): readonly RunNode[] {
  const own = plan.parentRelationship === 'SubPlan' ? [plan] : [];
  return [...own, ...plan.children.flatMap(subPlansOf)];
}

function runsOf({ actual }: RunNode): number {
  return actual?.loops ?? 0;
}

function durationOf({ actual }: RunNode): number {
  return actual?.durationMs ?? 0;
}

/** The time of parallel workers is added up, and may be more than the clock's. */
function shareOf(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.min(1, part / whole);
}

function relationOf({ schema, relation, children }: RunNode): string | null {
  if (relation !== null) return schema === null ? relation : `${schema}.${relation}`;
  for (const child of children) {
    const found = relationOf(child);
    if (found !== null) return found;
  }
  return null;
}
