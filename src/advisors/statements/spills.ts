import type { Catalog } from '../../model/catalog.js';
import type { PlanNode } from '../../model/plan.js';
import { BYTES_PER_MB } from '../index-hygiene/figures.js';
import { settingOf } from '../schema/autovacuum-settings.js';

/** A sort or a hash of a plan that needs more memory than it may take. */
export interface Spill {
  readonly kind: 'sort' | 'hash';
  readonly rows: number;
  readonly bytes: number;
  /** `work_mem` under which it fits, in megabytes. */
  readonly neededMb: number;
}

/** What a session's sorts and hashes may take. */
export interface WorkMemory {
  /** `work_mem`. */
  readonly bytes: number;
  readonly hashMultiplier: number;
}

/** Bytes that a row takes in memory beside its width: tuple header, pointer, alignment. */
const ROW_OVERHEAD_BYTES = 48;
/** Estimates err: half as much again is room enough. */
const RESERVE = 1.5;
/** Of PostgreSQL, in kilobytes and as a factor. */
const WORK_MEM_KB = 4096;
const HASH_MULTIPLIER = 2;

/** Gives the server's settings, PostgreSQL's own where none is known. */
export function workMemoryOf(catalog: Catalog): WorkMemory {
  return {
    bytes: Number(settingOf(catalog, 'work_mem') ?? WORK_MEM_KB) * 1024,
    hashMultiplier: Number(settingOf(catalog, 'hash_mem_multiplier') ?? HASH_MULTIPLIER),
  };
}

/** Gives the sort or hash that lacks most memory, by the planner's rows and widths; null where all fit. */
export function worstSpill(plan: PlanNode, memory: WorkMemory): Spill | null {
  const [worst] = [...spillsOf(plan, memory)].sort((one, other) => other.neededMb - one.neededMb);
  return worst ?? null;
}

function spillsOf(node: PlanNode, memory: WorkMemory, isCut = false): readonly Spill[] {
  const cuts = node.nodeType === 'Limit' || (isCut && PASSING_LIMITS_ON.includes(node.nodeType));
  const below = node.children.flatMap((child) => spillsOf(child, memory, cuts));
  const kind = kindOf(node);
  // A sort below LIMIT keeps as many rows as it gives.
  if (kind === null || (kind === 'sort' && isCut)) return below;
  const bytes = node.rowsEstimate * (node.widthBytes + ROW_OVERHEAD_BYTES);
  const multiplier = kind === 'hash' ? memory.hashMultiplier : 1;
  if (bytes <= memory.bytes * multiplier) return below;
  const neededMb = Math.ceil((bytes * RESERVE) / multiplier / BYTES_PER_MB);
  return [...below, { kind, rows: node.rowsEstimate, bytes, neededMb }];
}

/** Nodes that tell those below them how many rows are wanted (ExecSetTupleBound). */
const PASSING_LIMITS_ON = ['Gather', 'Gather Merge', 'Append', 'Merge Append', 'Result', 'Subquery Scan'];

function kindOf({ nodeType, details }: PlanNode): Spill['kind'] | null {
  if (nodeType === 'Sort') return 'sort';
  return nodeType === 'Hash' || (nodeType === 'Aggregate' && details['Strategy'] === 'Hashed') ? 'hash' : null;
}
