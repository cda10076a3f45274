import type { Advisor } from './advisor.js';
import { findOtherForms } from './statements/other-form.js';
import { windowsAsGroups } from './statements/windows-as-groups.js';
import { withoutDistinct } from './statements/without-distinct.js';

const RULE = 'needless-distinct';

/** Reports DISTINCT and UNION over rows of which no two can be equal. */
export const needlessDistinct: Advisor = {
  id: RULE,
  title: 'Rows are made distinct that cannot be equal',
  severity: 'warn',
  docs: {
    what: 'SELECT DISTINCT that gives a key of its rows, count(DISTINCT) of a key, DISTINCT of what is grouped by, and UNION of queries that give other rows each; and DISTINCT over windows that compute the same for all rows of a part.',
    why: 'PostgreSQL sorts or hashes all rows to find equal ones, and does not see that a key or a constant keeps them apart.',
    limits:
      'Keys have to be unique over all rows and never NULL, and the other tables must meet each row once at most. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast.',
    sources: [
      'https://www.postgresql.org/docs/current/sql-select.html#SQL-DISTINCT',
      'https://www.postgresql.org/docs/current/queries-union.html',
    ],
  },
  detect: (evidence) =>
    findOtherForms(
      [
        {
          ruleId: RULE,
          title: 'makes rows distinct that cannot be equal',
          subject: 'No two rows of it can be equal, and all are sorted or hashed to find equal ones.',
          way: 'no DISTINCT, or UNION ALL',
          write: withoutDistinct,
        },
        {
          ruleId: RULE,
          object: 'windows',
          title: 'computes for each row what it then gives once for each group',
          subject: 'Windows compute for each row what is the same for all rows of a part, of which DISTINCT keeps one.',
          way: 'GROUP BY',
          write: windowsAsGroups,
        },
      ],
      evidence,
    ),
};
