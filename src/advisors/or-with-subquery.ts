import { eitherKey } from '../sql/rewrite/either-key.js';
import type { Advisor } from './advisor.js';
import { findOtherForm } from './statements/other-form.js';

const RULE = 'or-with-subquery';

/** Reports statements that read all rows of a table since a condition or a subquery may choose each. */
export const orWithSubquery: Advisor = {
  id: RULE,
  title: 'A condition or a subquery chooses among all rows',
  severity: 'warn',
  docs: {
    what: 'OR between conditions of one table and IN or EXISTS, or between several of these.',
    why: 'PostgreSQL makes a join of IN and EXISTS, and uses an index for a condition, but not where OR stands between them: every row is read and asked all of it. The keys that either gives, put together, find the rows by the primary key.',
    limits:
      'The table needs a primary key of one column that the subqueries are tied by. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast.',
    sources: [
      'https://www.postgresql.org/docs/current/functions-subquery.html',
      'https://www.postgresql.org/docs/current/indexes-bitmap-scans.html',
    ],
  },
  detect: (evidence) =>
    findOtherForm(
      {
        ruleId: RULE,
        title: 'asks a condition or a subquery of every row',
        subject: 'OR between a condition and a subquery, or between subqueries, has every row asked both.',
        way: 'one IN over the keys of either',
        write: eitherKey,
      },
      evidence,
    ),
};
