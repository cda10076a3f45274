import type { Table } from '../../model/catalog.js';
import { type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { RelationName } from '../../model/relation-name.js';
import type { AnalyzedStatement } from '../advisor.js';
import { CostMemo } from './cost-memo.js';
import { mayUse } from './relevance.js';
import { costsOf, type StatementCost } from './statement-cost.js';
import { writeCostOf } from './write-cost.js';

/** A statement that the planner refuses, with its words. */
export interface UnplannableStatement {
  readonly statement: AnalyzedStatement;
  readonly reason: string;
}

/** Costs the statements of a workload; those that cannot be planned are set aside at the start. */
export class WorkloadCosts {
  readonly statements: readonly AnalyzedStatement[];
  readonly unplannable: readonly UnplannableStatement[];
  readonly base: ReadonlyMap<AnalyzedStatement, StatementCost>;
  private readonly planner: Planner;
  private readonly memos = new Map<AnalyzedStatement, CostMemo<StatementCost>>();
  /** Tables that each statement mentions, and the other way round. */
  private readonly tables = new Map<AnalyzedStatement, readonly string[]>();
  private readonly statementsOf = new Map<string, AnalyzedStatement[]>();
  private readonly writersOf = new Map<string, AnalyzedStatement[]>();
  private readonly readers = new Map<string, readonly AnalyzedStatement[]>();
  /** By table and predicate, 0–1. */
  private readonly shares = new Map<string, number>();
  private readonly writeCosts = new Map<string, number>();
  private readonly relevance = new Map<AnalyzedStatement, Map<string, boolean>>();

  private constructor(
    planner: Planner,
    base: ReadonlyMap<AnalyzedStatement, StatementCost>,
    unplannable: readonly UnplannableStatement[],
  ) {
    this.planner = planner;
    this.base = base;
    this.statements = [...base.keys()];
    this.unplannable = unplannable;
    for (const statement of this.statements) {
      const tables = [...new Set(statement.analysis.scans.map(({ table }) => tableKey(table)))];
      this.tables.set(statement, tables);
      for (const table of tables) add(this.statementsOf, table, statement);
      const written = new Set(statement.analysis.writes.map(({ table }) => tableKey(table)));
      for (const table of written) add(this.writersOf, table, statement);
    }
  }

  static async open(planner: Planner, statements: readonly AnalyzedStatement[]): Promise<WorkloadCosts> {
    const costs = await costsOf(planner, statements, []);
    const base = new Map<AnalyzedStatement, StatementCost>();
    const unplannable: UnplannableStatement[] = [];
    for (const [statement, cost] of costs) {
      if (cost instanceof Error) unplannable.push({ statement, reason: cost.message });
      else base.set(statement, cost);
    }
    return new WorkloadCosts(planner, base, unplannable);
  }

  /** Costs the given statements under the indexes; a statement that fails under them keeps its base cost. */
  async under(
    indexes: readonly IndexSpec[],
    statements: readonly AnalyzedStatement[],
  ): Promise<ReadonlyMap<AnalyzedStatement, StatementCost>> {
    const result = new Map<AnalyzedStatement, StatementCost>();
    const missing: AnalyzedStatement[] = [];
    const byTable = groupByTable(indexes);
    for (const statement of statements) {
      const known = this.memoOf(statement).get(this.relevantKeys(byTable, statement));
      if (known === undefined) missing.push(statement);
      else result.set(statement, known);
    }
    for (const [statement, cost] of await costsOf(this.planner, missing, indexes))
      result.set(statement, this.remember(statement, byTable, cost));
    return result;
  }

  /** Gives those of the indexes that are on each of the statement's tables. */
  indexesOf(statement: AnalyzedStatement, indexes: readonly IndexSpec[]): ReadonlyMap<string, readonly IndexSpec[]> {
    const byTable = groupByTable(indexes);
    return new Map((this.tables.get(statement) ?? []).map((table) => [table, byTable.get(table) ?? []]));
  }

  /** Tells whether the statement's cost under the indexes of its tables needs no planning. */
  isKnown(statement: AnalyzedStatement, byTable: ReadonlyMap<string, readonly IndexSpec[]>): boolean {
    return this.memoOf(statement).get(this.relevantKeys(byTable, statement)) !== undefined;
  }

  /** Learns from the planner which part of their tables partial indexes hold. */
  async learnShares(specs: readonly IndexSpec[], tables: readonly Table[]): Promise<void> {
    const rows = new Map(tables.map((table) => [tableKey(table), table.storage.tuples]));
    for (const spec of specs) {
      const tableRows = rows.get(tableKey(spec.table)) ?? 0;
      if (spec.predicate === null || tableRows <= 0 || this.shares.has(predicateKey(spec))) continue;
      const { rowsEstimate } = await this.planner.size(spec);
      this.shares.set(predicateKey(spec), Math.min(1, rowsEstimate / tableRows));
    }
  }

  /** Planner units that the workload's writes pay for an index over all calls. */
  writeCost(spec: IndexSpec): number {
    const key = indexSpecKey(spec);
    const writers = this.writersOf.get(tableKey(spec.table)) ?? [];
    const known = this.writeCosts.get(key) ?? writeCostOf(spec, writers, this.shares.get(predicateKey(spec)));
    this.writeCosts.set(key, known);
    return known;
  }

  /** Statements whose plans could use the index. */
  readersOf(spec: IndexSpec): readonly AnalyzedStatement[] {
    const key = indexSpecKey(spec);
    const known = this.readers.get(key);
    if (known !== undefined) return known;
    const onItsTable = this.statementsOf.get(tableKey(spec.table)) ?? [];
    const readers = onItsTable.filter((statement) => this.isRelevant(statement, spec));
    this.readers.set(key, readers);
    return readers;
  }

  private remember(statement: AnalyzedStatement, indexes: IndexesByTable, cost: StatementCost | Error): StatementCost {
    if (cost instanceof Error) {
      // One index that cannot be made spoils the plans of every statement on its table: that says nothing of the rest.
      const base = this.base.get(statement);
      if (base === undefined) throw new RangeError('a statement that cannot be planned was asked for');
      return base;
    }
    // What seemed of no use to the statement and is used all the same belongs to the set that was costed.
    this.memoOf(statement).set([...new Set([...this.relevantKeys(indexes, statement), ...cost.used])], cost);
    return cost;
  }

  private relevantKeys(indexes: IndexesByTable, statement: AnalyzedStatement): readonly string[] {
    const onItsTables = (this.tables.get(statement) ?? []).flatMap((table) => indexes.get(table) ?? []);
    return [...new Set(onItsTables.filter((spec) => this.isRelevant(statement, spec)).map(indexSpecKey))];
  }

  private isRelevant(statement: AnalyzedStatement, spec: IndexSpec): boolean {
    const ofStatement = this.relevance.get(statement) ?? new Map<string, boolean>();
    this.relevance.set(statement, ofStatement);
    const key = indexSpecKey(spec);
    const known = ofStatement.get(key) ?? mayUse(statement, spec);
    ofStatement.set(key, known);
    return known;
  }

  private memoOf(statement: AnalyzedStatement): CostMemo<StatementCost> {
    let memo = this.memos.get(statement);
    if (memo === undefined) {
      memo = new CostMemo();
      const base = this.base.get(statement);
      if (base !== undefined) memo.set([], base);
      this.memos.set(statement, memo);
    }
    return memo;
  }
}

type IndexesByTable = ReadonlyMap<string, readonly IndexSpec[]>;

const groups = new WeakMap<readonly IndexSpec[], IndexesByTable>();

/** Sets of hundreds of indexes are asked for thousands of times. */
function groupByTable(indexes: readonly IndexSpec[]): IndexesByTable {
  const known = groups.get(indexes);
  if (known !== undefined) return known;
  const byTable = new Map<string, IndexSpec[]>();
  for (const spec of indexes) add(byTable, tableKey(spec.table), spec);
  groups.set(indexes, byTable);
  return byTable;
}

function add<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function predicateKey({ table, predicate }: IndexSpec): string {
  return JSON.stringify([tableKey(table), predicate]);
}

const tableKeys = new WeakMap<RelationName, string>();

/** Tables are asked for as often as their indexes. */
function tableKey(table: RelationName): string {
  const known = tableKeys.get(table);
  if (known !== undefined) return known;
  const key = `${table.schema}.${table.name}`;
  tableKeys.set(table, key);
  return key;
}

/** Planner units of all calls of the statements. */
export function totalCost(
  statements: readonly AnalyzedStatement[],
  costs: ReadonlyMap<AnalyzedStatement, StatementCost>,
): number {
  return statements.reduce(
    (sum, statement) => sum + statement.statement.calls * (costs.get(statement)?.perCall ?? 0),
    0,
  );
}
