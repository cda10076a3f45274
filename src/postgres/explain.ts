import { StewardError } from '../errors.js';
import type { ActualFigures, PlanNode } from '../model/plan.js';

type Json = Readonly<Record<string, unknown>>;

/** Keys of EXPLAIN's JSON that have a field of their own in PlanNode. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  'Node Type',
  'Relation Name',
  'Schema',
  'Alias',
  'Index Name',
  'Startup Cost',
  'Total Cost',
  'Plan Rows',
  'Plan Width',
  'Index Cond',
  'Filter',
  'Sort Key',
  'Parent Relationship',
  'Subplan Name',
  'Plans',
]);

/**
 * Gives the plan tree of what `EXPLAIN (FORMAT JSON)` returned, as text or already parsed; with the measured figures
 * where it was run with ANALYZE. The schema stands in it only where it was run with VERBOSE.
 */
export function parsePlan(explained: unknown): PlanNode {
  const parsed: unknown = typeof explained === 'string' ? JSON.parse(explained) : explained;
  const outermost: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
  if (!isObject(outermost) || !isObject(outermost['Plan'])) {
    throw new StewardError('runtime', 'the server answered EXPLAIN (FORMAT JSON) with something that holds no plan');
  }
  return nodeOf(outermost['Plan']);
}

function nodeOf(json: Json): PlanNode {
  const children = json['Plans'];
  return {
    nodeType: textOf(json, 'Node Type') ?? '',
    relation: textOf(json, 'Relation Name'),
    schema: textOf(json, 'Schema'),
    alias: textOf(json, 'Alias'),
    index: textOf(json, 'Index Name'),
    startupCost: numberOf(json, 'Startup Cost'),
    totalCost: numberOf(json, 'Total Cost'),
    rowsEstimate: numberOf(json, 'Plan Rows'),
    widthBytes: numberOf(json, 'Plan Width'),
    indexCondition: textOf(json, 'Index Cond'),
    filter: textOf(json, 'Filter'),
    sortKeys: textsOf(json['Sort Key']),
    parentRelationship: textOf(json, 'Parent Relationship'),
    subplanName: textOf(json, 'Subplan Name'),
    children: Array.isArray(children) ? children.filter(isObject).map(nodeOf) : [],
    actual: actualOf(json),
    details: Object.fromEntries(Object.entries(json).filter(([key]) => !OWN_FIELDS.has(key))),
  };
}

/** Null unless ANALYZE ran; a node that was never reached has 0 loops. */
function actualOf(json: Json): ActualFigures | null {
  const loops = json['Actual Loops'];
  if (typeof loops !== 'number') return null;
  // EXPLAIN gives rows and milliseconds as the mean of a loop, buffers and removed rows differ: buffers are totals.
  return {
    rows: numberOf(json, 'Actual Rows') * loops,
    loops,
    durationMs: numberOf(json, 'Actual Total Time') * loops,
    sharedHitBuffers: numberOf(json, 'Shared Hit Blocks'),
    sharedReadBuffers: numberOf(json, 'Shared Read Blocks'),
    rowsRemovedByFilter: numberOf(json, 'Rows Removed by Filter') * loops,
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textOf(json: Json, key: string): string | null {
  const value = json[key];
  return typeof value === 'string' ? value : null;
}

function numberOf(json: Json, key: string): number {
  const value = json[key];
  return typeof value === 'number' ? value : 0;
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
