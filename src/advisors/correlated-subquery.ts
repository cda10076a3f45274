import type { Advisor, Detection, Evidence } from './advisor.js';
import { describeSubquery } from './correlated-subquery/describe.js';
import { tryVariants } from './correlated-subquery/try-variants.js';

/** Reports each statement that runs a subquery for every row, with what was tried in its place. */
export const correlatedSubquery: Advisor = {
  id: 'correlated-subquery',
  title: 'Subquery run for each row',
  severity: 'warn',
  docs: {
    what: 'A subquery that refers to the row around it is run once for every such row, and that is most of what the statement costs; or the list of a NOT IN is read as a whole for each call.',
    why: 'PostgreSQL makes joins of EXISTS and IN where it can; a subquery that gives a value, NOT IN, a comparison with ALL, and EXISTS within OR it runs again and again. With an index each run is short; without one each run reads the whole table.',
    limits:
      'An index for the subquery is weighed first, then the same statement as a join on GROUP BY, on DISTINCT ON or on a unique key, on GROUP BY of the joined rows where more than equalities tie them, as LATERAL, as a window function and with EXISTS. A rewrite is shown only where the catalog says that its conditions hold, it gave the same as the original on hundreds of generated tiny databases, and it costs half at most on the twin. No counterexample is no proof. Planner costs promise more than clocks keep: with --verify execute each is run, and what the subquery takes of the time and of the buffers is measured; plans of auto_explain in a log tell it, too. Of a statement that stays as it is the list of statements says why. A subquery in a view, or in a function of one query in SQL that is not volatile, is written out first, and a LATERAL query that gives one row is read as one, too; one in RETURNING, ON CONFLICT or MERGE is told of and stays.',
    sources: [
      'https://www.postgresql.org/docs/current/functions-subquery.html',
      'https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-LATERAL',
      'https://doi.org/10.1145/319732.319745',
    ],
  },
  async detect(evidence: Evidence): Promise<readonly Detection[]> {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const tried = await tryVariants(statement, evidence);
      const { fingerprint } = statement.statement;
      if (typeof tried === 'string') detections.push({ kind: 'unchanged', fingerprint, reason: tried });
      const described = tried === null || typeof tried === 'string' ? null : await describeSubquery(tried, evidence);
      if (described !== null) detections.push(described);
    }
    return detections;
  },
};
