import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import type { Question, WorkloadCosts } from './workload-costs.js';

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
 * alone, so that questions about different tables are put to the planner as one: that takes a fifth of the time. What
 * `guessed` gives may never be asked: it is planned only where it goes along with what is.
 */
export async function planAhead(
  costs: WorkloadCosts,
  questions: readonly Question[],
  guessed: () => Iterable<Question> = () => [],
): Promise<void> {
  const packs = new Packs(costs);
  for (const question of questions) packs.add(question, true);
  for (const question of packs.hasRoom ? guessed() : []) {
    packs.add(question, false);
    if (!packs.hasRoom) break;
  }
  await costs.learn(
    packs.all.map(({ statements, tables }) => ({ indexes: [...tables.values()].flat(), statements: [...statements] })),
  );
}

class Packs {
  readonly all: Pack[] = [];
  private readonly open: Pack[] = [];
  private readonly costs: WorkloadCosts;

  constructor(costs: WorkloadCosts) {
    this.costs = costs;
  }

  /** Whether there is a pack that another statement could go along with. */
  get hasRoom(): boolean {
    return this.open.length > 0;
  }

  add({ indexes, statements }: Question, mayBegin: boolean): void {
    for (const statement of statements) {
      const tables = this.costs.indexesOf(statement, indexes);
      const texts = this.costs.textsToPlan(statement, tables);
      if (texts === 0) continue;
      const pack = this.open.find((each) => fits(each, statement, tables)) ?? (mayBegin ? this.begin() : undefined);
      if (pack === undefined) continue;
      pack.statements.add(statement);
      for (const [table, specs] of tables) pack.tables.set(table, specs);
      pack.texts += texts;
      if (pack.texts >= TEXTS_MAX) this.open.splice(this.open.indexOf(pack), 1);
    }
  }

  private begin(): Pack {
    const pack: Pack = { statements: new Set(), tables: new Map(), texts: 0 };
    this.all.push(pack);
    this.open.push(pack);
    return pack;
  }
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
  if (one.length !== other.length) return false;
  if (one.every((spec, place) => spec === other[place])) return true;
  const keys = new Set(one.map(indexSpecKey));
  return other.every((spec) => keys.has(indexSpecKey(spec)));
}
