import type { IndexKey } from '../../model/catalog.js';
import type { PlanNode } from '../../model/plan.js';
import type { IndexSpec } from '../../model/planner.js';
import { parsePlan } from '../../postgres/explain.js';
import type { Session } from '../../postgres/session.js';
import { quoteRelation } from '../../sql/quote.js';
import type { ExpressionEstimate } from './index-sizer.js';

/** What the planner itself estimates of an index to be: how many rows a predicate keeps, how wide an expression is. */
export class RelationSizeEstimates {
  private readonly session: Session;
  private readonly rows = new Map<string, number>();
  private readonly expressions = new Map<string, ExpressionEstimate>();

  constructor(session: Session) {
    this.session = session;
  }

  /** Gives the rows of each index; an error of the server where a predicate is none. Not inside a transaction. */
  async rowsOf(specs: readonly IndexSpec[]): Promise<readonly number[]> {
    const counts: number[] = [];
    for (const spec of specs) {
      counts.push(await this.rowsOfOne(spec));
      for (const key of spec.keys) if (key.column === null) await this.learnExpression(spec, key);
    }
    return counts;
  }

  /** Gives what rowsOf has learned of an index's expressions. */
  expressionEstimator(spec: IndexSpec): (key: IndexKey) => ExpressionEstimate {
    return (key) => this.expressions.get(expressionKey(spec, key)) ?? { widthBytes: 16, distinct: 200 };
  }

  private async rowsOfOne(spec: IndexSpec): Promise<number> {
    const where = spec.predicate === null ? '' : ` WHERE ${spec.predicate}`;
    const query = `SELECT FROM ${quoteRelation(spec.table)}${where}`;
    const known = this.rows.get(query);
    if (known !== undefined) return known;
    const { rowsEstimate } = await this.plan(query);
    this.rows.set(query, rowsEstimate);
    return rowsEstimate;
  }

  private async learnExpression(spec: IndexSpec, key: IndexKey): Promise<void> {
    const name = expressionKey(spec, key);
    if (this.expressions.has(name)) return;
    const groups = await this.plan(`SELECT ${key.sql} FROM ${quoteRelation(spec.table)} GROUP BY 1`);
    this.expressions.set(name, { widthBytes: groups.widthBytes, distinct: groups.rowsEstimate });
  }

  private async plan(query: string): Promise<PlanNode> {
    const { rows } = await this.session.query(`EXPLAIN (FORMAT JSON) ${query}`);
    return parsePlan(rows[0]?.['QUERY PLAN']);
  }
}

function expressionKey(spec: IndexSpec, key: IndexKey): string {
  return JSON.stringify([spec.table.schema, spec.table.name, key.sql]);
}
