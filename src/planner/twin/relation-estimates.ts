import { sqlStateOf } from '../../errors.js';
import type { Column, IndexKey, Table } from '../../model/catalog.js';
import type { PlanNode } from '../../model/plan.js';
import type { IndexSpec } from '../../model/planner.js';
import type { ColumnStatistics, ComparisonShare } from '../../model/statistics.js';
import { parsePlan } from '../../postgres/explain.js';
import type { Session } from '../../postgres/session.js';
import { formatArrayLiteral, parseArrayLiteral } from '../../sql/array-literal.js';
import { quoteIdentifier, quoteLiteral, quoteRelation } from '../../sql/quote.js';
import { attributeKey } from './attributes.js';
import type { ExpressionEstimate } from './index-sizer.js';
import { nameKey } from './problems.js';

/** DEFAULT_INEQ_SEL of src/include/utils/selfuncs.h. */
const PLANNERS_SHARE = 1 / 3;

/** What the server itself can tell of an index to be: how many rows a predicate keeps, how wide an expression is. */
export class RelationEstimates {
  private readonly session: Session;
  private readonly tables: ReadonlyMap<string, Table>;
  private readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  private readonly comparisons: readonly ComparisonShare[];
  private readonly rows = new Map<string, number>();
  private readonly expressions = new Map<string, ExpressionEstimate>();

  constructor(
    session: Session,
    source: {
      readonly tables: readonly Table[];
      readonly statistics: ReadonlyMap<string, ColumnStatistics>;
      readonly comparisons: readonly ComparisonShare[];
    },
  ) {
    this.session = session;
    this.tables = new Map(source.tables.map((table) => [nameKey(table), table]));
    this.statistics = source.statistics;
    // An equality of two columns is estimated by their values.
    this.comparisons = source.comparisons.filter(({ sql }) => sql.every((each) => / <=? /.test(each)));
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
    const query = `SELECT FROM ONLY ${quoteRelation(spec.table)}${where}`;
    const known = this.rows.get(query);
    if (known !== undefined) return known;
    const { rowsEstimate } = await this.plan(query);
    const rows = rowsEstimate * this.correctionOf(spec);
    this.rows.set(query, rows);
    return rows;
  }

  /** How many times more rows meet the predicate's comparisons between columns than the planner takes for granted. */
  private correctionOf({ table, predicate }: IndexSpec): number {
    if (predicate === null) return 1;
    const held = this.comparisons
      .filter((share) => nameKey(share.table) === nameKey(table) && share.sql.every((sql) => predicate.includes(sql)))
      .sort((a, b) => b.sql.length - a.sql.length);
    const [most] = held;
    return most === undefined ? 1 : most.share / PLANNERS_SHARE ** most.sql.length;
  }

  private async learnExpression(spec: IndexSpec, key: IndexKey): Promise<void> {
    const name = expressionKey(spec, key);
    if (this.expressions.has(name)) return;
    const groups = await this.plan(`SELECT ${key.sql} FROM ONLY ${quoteRelation(spec.table)} GROUP BY 1`);
    const widthBytes = (await this.measureWidth(spec, key)) ?? groups.widthBytes;
    this.expressions.set(name, { widthBytes, distinct: groups.rowsEstimate });
  }

  private async plan(query: string): Promise<PlanNode> {
    const { rows } = await this.session.query(`EXPLAIN (FORMAT JSON) ${query}`);
    return parsePlan(rows[0]?.['QUERY PLAN']);
  }

  /** Evaluates an expression over the known values of its table's columns, since the planner takes 32 for any text. */
  private async measureWidth(spec: IndexSpec, key: IndexKey): Promise<number | null> {
    const table = this.tables.get(nameKey(spec.table));
    const columns = (table?.columns ?? []).flatMap((column) => this.knownValues(spec, column) ?? []);
    if (columns.length === 0) return null;
    try {
      const { rows } = await this.session.query<{ width: number | null }>(
        // A value of varying length that was just made bears a header of four bytes; in an index, one byte.
        `SELECT avg(CASE WHEN t.typlen > 0 THEN t.typlen ELSE pg_catalog.pg_column_size(v.value) - 3 END)::float8 AS width
           FROM (SELECT ${key.sql} AS value FROM (SELECT ${columns.join(', ')}) AS known) AS v
           JOIN pg_catalog.pg_type t ON t.oid = pg_catalog.pg_typeof(v.value)
          WHERE v.value IS NOT NULL`,
      );
      const width = rows[0]?.width ?? null;
      return width === null ? null : Math.round(width);
    } catch (error) {
      // The expression may want values that do not occur together; its width is then the planner's guess.
      if (sqlStateOf(error) === null) throw error;
      return null;
    }
  }

  private knownValues(spec: IndexSpec, column: Column): string | null {
    const statistics = this.statistics.get(attributeKey(spec.table.schema, spec.table.name, column.name));
    const literal = statistics?.histogramBounds ?? statistics?.mostCommonValues ?? null;
    if (column.dropped || literal === null) return null;
    const values = quoteLiteral(formatArrayLiteral(parseArrayLiteral(literal)));
    return `unnest(${values}::text[])::${column.type} AS ${quoteIdentifier(column.name)}`;
  }
}

function expressionKey(spec: IndexSpec, key: IndexKey): string {
  return JSON.stringify([spec.table.schema, spec.table.name, key.sql]);
}
