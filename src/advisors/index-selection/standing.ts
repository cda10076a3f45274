import { indexSpecKey, type Planner } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import { BLOCK_BYTES } from '../index-hygiene/figures.js';
import type { Move } from './moves.js';
import { sizeOf } from './size.js';
import type { StatementCost } from './statement-cost.js';
import type { WorkloadCosts } from './workload-costs.js';

/** A move among the others of a greedy choice. */
export interface Standing {
  readonly move: Move;
  /** Breaks ties. */
  readonly name: string;
  /** Of its first index, schema-qualified. */
  readonly table: string;
  readonly sizeBytes: number;
  /** What its gain is divided by. */
  readonly price: number;
  /** Statements that could use one of its indexes. */
  readonly readers: readonly AnalyzedStatement[];
  readonly writeCost: number;
  /** What readers cost with it and the set as it is, those of which that is known. */
  readonly after: Map<AnalyzedStatement, StatementCost>;
  gain: number;
  /** Whether `gain` is of the set as it is, and no bound. */
  fresh: boolean;
  /** Whether what it costs with the set as it is has been guessed to be asked. */
  guessed: boolean;
}

/** Gives a move as it stands before the first round; `weight` is how much of each byte counts. */
export async function standingOf(
  move: Move,
  costs: WorkloadCosts,
  { planner, weight }: { readonly planner: Planner; readonly weight: number },
): Promise<Standing> {
  const sizeBytes = await sizeOf(move.indexes, planner);
  return {
    move,
    name: move.indexes.map(indexSpecKey).join('\n'),
    table: move.indexes.map(({ table: { schema, name } }) => `${schema}.${name}`)[0] ?? '',
    sizeBytes,
    price: Math.max(sizeBytes, BLOCK_BYTES) ** weight,
    readers: [...new Set(move.indexes.flatMap((index) => costs.readersOf(index)))],
    writeCost: move.indexes.reduce((sum, index) => sum + costs.writeCost(index), 0),
    after: new Map(),
    gain: Number.POSITIVE_INFINITY,
    fresh: false,
    guessed: false,
  };
}

/** Tells which is looked at first: by gain for its price, then by size. */
export function isBefore(one: Standing, other: Standing): boolean {
  return (
    (other.gain / other.price - one.gain / one.price ||
      one.sizeBytes - other.sizeBytes ||
      (one.name < other.name ? -1 : 1)) < 0
  );
}
