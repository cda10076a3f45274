import type { Session } from '../../postgres/session.js';
import { explainViewError, findView, timeColumn } from '../pg-stat-statements.js';
import type { StatementCount, StatementCounts } from './window-series.js';

/** Reads what pg_stat_statements counts in one database, again and again. */
export class CountReader {
  private readonly session: Session;
  private readonly view: Awaited<ReturnType<typeof findView>>;

  private constructor(session: Session, view: Awaited<ReturnType<typeof findView>>) {
    this.session = session;
    this.view = view;
  }

  /** A StewardError says what keeps the view from being read. */
  static async open(session: Session): Promise<CountReader> {
    return new CountReader(session, await findView(session));
  }

  /** Gives the counts by query id; the texts, which stand in a file, are not read. */
  async counts(): Promise<StatementCounts> {
    const { schema, columns } = this.view;
    try {
      const { rows } = await this.session.query<StatementCount & { readonly id: string }>(
        `SELECT s.queryid::text AS id, sum(s.calls)::float8 AS calls, sum(s.rows)::float8 AS rows,
                sum(s.${timeColumn(columns)}) AS "totalTimeMs"
           FROM ${schema}.pg_stat_statements(false) AS s
          WHERE s.queryid IS NOT NULL AND s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d
                                                     WHERE d.datname = pg_catalog.current_database())
          GROUP BY s.queryid
          ORDER BY s.queryid`,
      );
      return new Map(rows.map(({ id, ...count }) => [id, count]));
    } catch (error) {
      throw explainViewError(error);
    }
  }

  /** Gives the texts of some query ids. */
  async texts(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.session.query<{ id: string; text: string }>(
      `SELECT s.queryid::text AS id, min(s.query) AS text
         FROM ${this.view.schema}.pg_stat_statements AS s
        WHERE s.queryid::text = ANY ($1) AND s.query <> '<insufficient privilege>'
          AND s.dbid = (SELECT d.oid FROM pg_catalog.pg_database d
                         WHERE d.datname = pg_catalog.current_database())
        GROUP BY s.queryid
        ORDER BY s.queryid`,
      [ids],
    );
    return new Map(rows.map(({ id, text }) => [id, text]));
  }
}
