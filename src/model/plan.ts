/** One node of EXPLAIN's plan tree; estimates are the planner's, actual figures null unless it was executed. */
export interface PlanNode {
  readonly nodeType: string;
  readonly relation: string | null;
  readonly schema: string | null;
  readonly alias: string | null;
  readonly index: string | null;
  /** Planner units, never ms. */
  readonly startupCost: number;
  readonly totalCost: number;
  readonly rowsEstimate: number;
  readonly widthBytes: number;
  readonly indexCondition: string | null;
  readonly filter: string | null;
  readonly sortKeys: readonly string[];
  readonly parentRelationship: string | null;
  readonly subplanName: string | null;
  readonly children: readonly PlanNode[];
  readonly actual: ActualFigures | null;
  /** Everything else EXPLAIN printed of this node, by its own key. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** Measured figures of one node, all loops together, children included where EXPLAIN includes them. */
export interface ActualFigures {
  readonly rows: number;
  readonly loops: number;
  readonly durationMs: number;
  readonly sharedHitBuffers: number;
  readonly sharedReadBuffers: number;
  readonly rowsRemovedByFilter: number;
}

/** A subquery that an executed plan ran again and again, all of its runs together. */
export interface SubqueryShare {
  /** The first relation that it reads, schema first where the plan names it; null where it reads none. */
  readonly relation: string | null;
  readonly runs: number;
  /** Of the whole statement's time, 0–1; null where no time was taken within the plan. */
  readonly timeShare: number | null;
  /** Of the whole statement's shared buffers, 0–1; null where none were counted. */
  readonly buffersShare: number | null;
}
