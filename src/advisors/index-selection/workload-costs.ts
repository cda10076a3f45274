import type { Table } from '../../model/catalog.js';
import { type IndexSpec, indexSpecKey, type Planner } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import { groupByTable, type IndexesByTable, tableKey } from './indexes-by-table.js';
import { combineCosts, type StatementCost } from './statement-cost.js';
import { StatementMemo } from './statement-memo.js';
import { writeCostOf } from './write-cost.js';

/** A statement that the planner refuses, with its words. */
export interface UnplannableStatement {
  readonly statement: AnalyzedStatement;
  readonly reason: string;
}

/** What statements cost under some indexes, as it will be asked for. */
export interface Question {
  readonly indexes: readonly IndexSpec[];
  readonly statements: readonly AnalyzedStatement[];
}

/** Costs the statements of a workload; those that cannot be planned are set aside at the start. */
export class WorkloadCosts {
  readonly statements: readonly AnalyzedStatement[];
  readonly unplannable: readonly UnplannableStatement[];
  readonly base: ReadonlyMap<AnalyzedStatement, StatementCost>;
  private readonly planner: Planner;
  private readonly memos: Memos;
  /** Tables that each statement mentions, and the other way round. */
  private readonly tables = new Map<AnalyzedStatement, readonly string[]>();
  private readonly statementsOf = new Map<string, AnalyzedStatement[]>();
  private readonly writersOf = new Map<string, AnalyzedStatement[]>();
  private readonly readers = new Map<string, readonly AnalyzedStatement[]>();
  /** By table and predicate, 0–1. */
  private readonly shares = new Map<string, number>();
  private readonly writeCosts = new Map<string, number>();

  private constructor(planner: Planner, { memos, base, unplannable }: Opened) {
    this.planner = planner;
    this.memos = memos;
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
    const memos: Memos = new Map(statements.map((statement) => [statement, new StatementMemo(statement)]));
    const questions = [...memos].map(([statement, memo]) => ({ statement, memo, bits: 0n }));
    await plan(planner, [{ questions, indexes: [] }]);
    const base = new Map<AnalyzedStatement, StatementCost>();
    const unplannable: UnplannableStatement[] = [];
    for (const [statement, memo] of memos) {
      const cost = memo.get(0n) ?? new Error('the statement was not planned');
      if (cost instanceof Error) unplannable.push({ statement, reason: cost.message });
      else base.set(statement, cost);
    }
    return new WorkloadCosts(planner, { memos, base, unplannable });
  }

  /** Costs the given statements under the indexes; a statement that fails under them keeps its base cost. */
  async under(
    indexes: readonly IndexSpec[],
    statements: readonly AnalyzedStatement[],
  ): Promise<ReadonlyMap<AnalyzedStatement, StatementCost>> {
    const byTable = groupByTable(indexes);
    const questions = statements.map((statement) => this.questionOf(statement, byTable));
    await plan(this.planner, [{ questions, indexes }]);
    const result = new Map<AnalyzedStatement, StatementCost>();
    for (const { statement, memo, bits } of questions) {
      const cost = memo.get(bits) ?? (await costUnder(this.planner, statement, indexes));
      // One index that cannot be made spoils the plans of every statement on its table: that says nothing of the rest.
      const known = cost instanceof Error ? this.base.get(statement) : cost;
      if (known === undefined) throw new RangeError('a statement that cannot be planned was asked for');
      result.set(statement, known);
    }
    return result;
  }

  /** Has all of these planned, each as one request, so that `under` knows them: while one is planned, another is read. */
  async learn(requests: readonly Question[]): Promise<void> {
    await plan(
      this.planner,
      requests.map(({ indexes, statements }) => {
        const byTable = groupByTable(indexes);
        return { indexes, questions: statements.map((statement) => this.questionOf(statement, byTable)) };
      }),
    );
  }

  /** Forgets under which indexes statements could not be planned. */
  forgetFailures(): void {
    for (const memo of this.memos.values()) memo.forgetFailures();
  }

  /** Gives those of the indexes that are on each of the statement's tables. */
  indexesOf(statement: AnalyzedStatement, indexes: readonly IndexSpec[]): ReadonlyMap<string, readonly IndexSpec[]> {
    const byTable = groupByTable(indexes);
    return new Map((this.tables.get(statement) ?? []).map((table) => [table, byTable.get(table) ?? []]));
  }

  /** Gives how many texts have to be planned to know the statement's cost under the indexes of its tables. */
  textsToPlan(statement: AnalyzedStatement, byTable: IndexesByTable): number {
    const { memo, bits } = this.questionOf(statement, byTable);
    return memo.textsToPlan(bits).length;
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

  /** Gives which part of its table's rows a partial index holds, 0–1; undefined where that was not learned. */
  rowsShare(spec: IndexSpec): number | undefined {
    return this.shares.get(predicateKey(spec));
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
    const readers = onItsTable.filter((statement) => this.memos.get(statement)?.isRelevant(spec));
    this.readers.set(key, readers);
    return readers;
  }

  private questionOf(statement: AnalyzedStatement, byTable: IndexesByTable): MemoQuestion {
    const memo = this.memos.get(statement);
    if (memo === undefined) throw new RangeError('a statement that is none of the workload was asked for');
    const onItsTables = (this.tables.get(statement) ?? []).flatMap((table) => byTable.get(table) ?? []);
    return { statement, memo, bits: memo.bitsOf(onItsTables) };
  }
}

type Memos = ReadonlyMap<AnalyzedStatement, StatementMemo>;

interface Opened {
  readonly memos: Memos;
  readonly base: ReadonlyMap<AnalyzedStatement, StatementCost>;
  readonly unplannable: readonly UnplannableStatement[];
}

/** What a statement costs under indexes, which are bits of its own memo. */
interface MemoQuestion {
  readonly statement: AnalyzedStatement;
  readonly memo: StatementMemo;
  readonly bits: bigint;
}

/** Questions that are put to the planner as one. */
interface Request {
  readonly questions: readonly MemoQuestion[];
  readonly indexes: readonly IndexSpec[];
}

/** Has the planner cost what the memos do not know, and notes it in this order whichever answer comes first. */
async function plan(planner: Planner, requests: readonly Request[]): Promise<void> {
  const answers = await Promise.all(requests.map((request) => answersOf(planner, request)));
  for (const { memo, bits, text, cost } of answers.flat()) memo.set(text, bits, cost);
}

async function answersOf(planner: Planner, { questions, indexes }: Request) {
  const wanted = questions.flatMap(({ memo, bits }) => memo.textsToPlan(bits).map((text) => ({ memo, bits, text })));
  if (wanted.length === 0) return [];
  const costs = await planner.costs(
    wanted.map(({ text }) => text),
    indexes,
  );
  return wanted.map((each, place) => ({ ...each, cost: costs[place] ?? new Error('the statement was not planned') }));
}

/** A plan may use an index on a table that the statement does not name: the memo then does not know what it costs. */
async function costUnder(
  planner: Planner,
  { plannable: { bindings } }: AnalyzedStatement,
  indexes: readonly IndexSpec[],
): Promise<StatementCost | Error> {
  const costs = await planner.costs(
    bindings.map(({ sql }) => sql),
    indexes,
  );
  return combineCosts(
    bindings.map(({ share }) => share),
    costs,
  );
}

function add<Item>(lists: Map<string, Item[]>, key: string, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function predicateKey({ table, predicate }: IndexSpec): string {
  return JSON.stringify([tableKey(table), predicate]);
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
