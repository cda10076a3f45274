import { askedExistence } from '../sql/forms/asked-existence.js';
import { besideCount } from '../sql/forms/beside-count.js';
import type { Advisor } from './advisor.js';
import { findOtherForm } from './statements/other-form.js';

const RULE = 'counted-existence';

/** Reports queries that count all rows to say whether there is one. */
export const countedExistence: Advisor = {
  id: RULE,
  title: 'Rows are counted to learn whether there is one',
  severity: 'warn',
  docs: {
    what: 'count(*) > 0, count(*) = 0 and the like as all that a query gives.',
    why: 'A count reads every row that meets the condition. EXISTS stops at the first.',
    limits:
      'A program that counts and compares by itself is not seen. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast.',
    sources: ['https://www.postgresql.org/docs/current/functions-subquery.html#FUNCTIONS-SUBQUERY-EXISTS'],
  },
  detect: (evidence) =>
    findOtherForm(
      {
        ruleId: RULE,
        title: 'counts rows to learn whether there is one',
        subject: 'It counts all rows to say whether there is one.',
        way: 'EXISTS',
        comparedAs: besideCount,
        write: askedExistence,
      },
      evidence,
    ),
};
