import { boundRecursion } from '../sql/rewrite/bound-recursion.js';
import { commonRows } from '../sql/rewrite/common-rows.js';
import { withoutFences } from '../sql/rewrite/fences.js';
import type { Advisor } from './advisor.js';
import { findOtherForms } from './statements/other-form.js';

const RULE = 'optimization-fence';

/** Reports statements that keep their conditions out of the queries which they choose the rows of. */
export const optimizationFence: Advisor = {
  id: RULE,
  title: 'Conditions are kept out of a query',
  severity: 'warn',
  docs: {
    what: 'A query of WITH that is MATERIALIZED, or that is read more than once, one in FROM with OFFSET 0, and a recursive one, of whose rows conditions around it choose some; the queries of INTERSECT and EXCEPT.',
    why: 'PostgreSQL computes such a query by itself and whole: no condition of what is around it reaches an index of its tables. As NOT MATERIALIZED it is merged into what reads it; what each step of a recursion hands on as it is can be asked of the rows that it begins with. The rows of one query of INTERSECT or EXCEPT alone can be looked for in the other by EXISTS.',
    limits:
      'A query that is read several times is computed as often then. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast. One that calls volatile functions, locks or changes rows stays, and so do INTERSECT and EXCEPT with ALL, of what is no column, or of columns that may be NULL in both.',
    sources: ['https://www.postgresql.org/docs/current/queries-with.html#QUERIES-WITH-CTE-MATERIALIZATION'],
  },
  detect: (evidence) =>
    findOtherForms(
      [
        {
          ruleId: RULE,
          title: 'keeps its conditions out of a query',
          subject: 'It has a query computed whole, and then chooses among its rows.',
          way: 'no fence around the query',
          write: withoutFences,
          further: (sql, catalog) => {
            const bound = boundRecursion(sql, catalog);
            return bound === null ? [] : [{ way: 'conditions on the rows that the recursion begins with', sql: bound }];
          },
        },
        {
          ruleId: RULE,
          object: 'set operation',
          title: 'computes two queries whole to compare their rows',
          subject: 'It has both queries of INTERSECT or EXCEPT computed whole, and then compares their rows.',
          way: 'EXISTS',
          write: commonRows,
        },
      ],
      evidence,
    ),
};
