import { type IndexSpec, indexSpecKey, type PlanCost } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import { CostMemo } from './cost-memo.js';
import { mayUse } from './relevance.js';
import { combineCosts, type StatementCost } from './statement-cost.js';

/**
 * Remembers what one statement costs under sets of indexes. Each of its texts is remembered by itself: the plan for a
 * common value often uses nothing of what the one for a rare value is best with, and need not be asked for again.
 */
export class StatementMemo {
  private readonly statement: AnalyzedStatement;
  private readonly memos: ReadonlyMap<string, CostMemo<PlanCost | Error>>;
  /** Of each index by its key; 0 for one that no plan of the statement could use. */
  private readonly bits = new Map<string, bigint>();
  /** The same by the index itself: the same few are asked for thousands of times. */
  private readonly bitsOfSpecs = new Map<IndexSpec, bigint>();
  private bitsMade = 0n;
  private readonly known = new Map<bigint, StatementCost | Error>();
  /** Hundreds of sets lead to the same few plans. */
  private readonly combined: Combined[] = [];

  constructor(statement: AnalyzedStatement) {
    this.statement = statement;
    this.memos = new Map(statement.plannable.bindings.map(({ sql }) => [sql, new CostMemo()]));
  }

  /** Gives the indexes that the statement could use as bits of one number. */
  bitsOf(indexes: readonly IndexSpec[]): bigint {
    let bits = 0n;
    for (const index of indexes) bits |= this.bitOf(index);
    return bits;
  }

  /** Tells whether a plan of the statement could use the index. */
  isRelevant(index: IndexSpec): boolean {
    return this.bitOf(index) !== 0n;
  }

  /** Gives what the statement costs under the indexes, an Error where none of its texts can be planned. */
  get(indexes: bigint): StatementCost | Error | undefined {
    const known = this.known.get(indexes);
    if (known !== undefined) return known;
    const costs: (PlanCost | Error)[] = [];
    for (const { sql } of this.statement.plannable.bindings) {
      const cost = this.memos.get(sql)?.get(indexes);
      if (cost === undefined) return undefined;
      costs.push(cost);
    }
    const whole = this.combine(costs);
    this.known.set(indexes, whole);
    return whole;
  }

  /** Gives the texts that have to be planned to know what the statement costs under the indexes. */
  textsToPlan(indexes: bigint): readonly string[] {
    if (this.known.has(indexes)) return [];
    return [...this.memos].flatMap(([sql, memo]) => (memo.get(indexes) === undefined ? [sql] : []));
  }

  set(text: string, indexes: bigint, cost: PlanCost | Error): void {
    // What fails under some indexes says nothing of what it would use of them.
    const used = cost instanceof Error ? indexes : this.bitsUsed(cost);
    // What seemed of no use to the statement and is used all the same belongs to the set that was costed.
    this.memos.get(text)?.set(indexes | used, used, cost);
  }

  /** Forgets under which indexes it could not be planned, such as where one of them that cannot be built was among them. */
  forgetFailures(): void {
    for (const memo of this.memos.values()) memo.forget((cost) => cost instanceof Error);
    for (const [indexes, cost] of this.known) if (cost instanceof Error && indexes !== 0n) this.known.delete(indexes);
  }

  private combine(costs: readonly (PlanCost | Error)[]): StatementCost | Error {
    const known = this.combined.find((each) => each.costs.every((cost, place) => cost === costs[place]));
    if (known !== undefined) return known.whole;
    const shares = this.statement.plannable.bindings.map(({ share }) => share);
    const whole = combineCosts(shares, costs);
    this.combined.push({ costs, whole });
    return whole;
  }

  private bitOf(index: IndexSpec): bigint {
    const known = this.bitsOfSpecs.get(index);
    // One that seemed of no use may have been used since.
    if (known !== undefined && known !== 0n) return known;
    const key = indexSpecKey(index);
    const bit = this.bits.get(key) ?? this.noteBit(key, mayUse(this.statement, index));
    this.bitsOfSpecs.set(index, bit);
    return bit;
  }

  private bitsUsed({ hypotheticalUsed }: PlanCost): bigint {
    let used = 0n;
    for (const key of hypotheticalUsed) used |= this.bits.get(key) || this.noteBit(key, true);
    return used;
  }

  private noteBit(key: string, isRelevant: boolean): bigint {
    const bit = isRelevant ? 1n << this.bitsMade : 0n;
    if (isRelevant) this.bitsMade += 1n;
    this.bits.set(key, bit);
    return bit;
  }
}

interface Combined {
  /** Of each text. */
  readonly costs: readonly (PlanCost | Error)[];
  readonly whole: StatementCost | Error;
}
