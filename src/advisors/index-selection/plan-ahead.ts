import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { WorkloadCosts } from './workload-costs.js';

/** What statements cost under some indexes, as it will be asked for. */
export interface Question {
  readonly indexes: readonly IndexSpec[];
  readonly statements: readonly AnalyzedStatement[];
}

/** Texts that one round trip plans; each further one switches the indexes again. */
const TEXTS_MAX = 100;

/** Statements that are planned together, and the indexes of every table that they read. */
interface Pack {
  readonly statements: Set<AnalyzedStatement>;
  readonly tables: Map<string, readonly IndexSpec[]>;
  texts: number;
}

/**
 * Has costs planned before they are asked for one by one. What a statement costs depends on the indexes of its own tables
 * alone, so that questions about different tables are put to the planner as one: that takes a fifth of the time.
 */
export async function planAhead(costs: WorkloadCosts, questions: readonly Question[]): Promise<void> {
  for (const { statements, tables } of packsOf(costs, questions))
    await costs.under([...tables.values()].flat(), [...statements]);
}

function packsOf(costs: WorkloadCosts, questions: readonly Question[]): readonly Pack[] {
  const packs: Pack[] = [];
  const open: Pack[] = [];
  for (const { indexes, statements } of questions) {
    for (const statement of statements) {
      const tables = costs.indexesOf(statement, indexes);
      if (costs.isKnown(statement, tables)) continue;
      let pack = open.find((each) => fits(each, statement, tables));
      if (pack === undefined) {
        pack = { statements: new Set(), tables: new Map(), texts: 0 };
        packs.push(pack);
        open.push(pack);
      }
      pack.statements.add(statement);
      for (const [table, specs] of tables) pack.tables.set(table, specs);
      pack.texts += statement.plannable.bindings.length;
      if (pack.texts >= TEXTS_MAX) open.splice(open.indexOf(pack), 1);
    }
  }
  return packs;
}

/** A table has the same indexes for all statements that are planned together. */
function fits(pack: Pack, statement: AnalyzedStatement, tables: ReadonlyMap<string, readonly IndexSpec[]>): boolean {
  if (pack.statements.has(statement)) return false;
  for (const [table, specs] of tables) {
    const there = pack.tables.get(table);
    if (there !== undefined && !isSameSet(there, specs)) return false;
  }
  return true;
}

function isSameSet(one: readonly IndexSpec[], other: readonly IndexSpec[]): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  const keys = new Set(one.map(indexSpecKey));
  return other.every((spec) => keys.has(indexSpecKey(spec)));
}
