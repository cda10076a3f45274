import { groupedTwice } from '../sql/rewrite/distinct-aggregates.js';
import type { Advisor } from './advisor.js';
import { findOtherForm } from './statements/other-form.js';

const RULE = 'sorted-distinct-aggregate';

/** Reports statements that sort all rows of each group to count the distinct ones. */
export const sortedDistinctAggregate: Advisor = {
  id: RULE,
  title: 'Rows are sorted to aggregate the distinct values',
  severity: 'warn',
  docs: {
    what: 'count(DISTINCT …), and sums and averages of distinct integers, over many rows.',
    why: 'PostgreSQL sorts the rows of each group for DISTINCT within an aggregate, and cannot hash them. Grouped by the value as well and then once more without it, a hash does.',
    limits:
      'All distinct aggregates have to be of one value, and the others such as parts of the rows tell exactly: counts, extremes, sums and averages of whole numbers. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast.',
    sources: ['https://www.postgresql.org/docs/current/sql-expressions.html#SYNTAX-AGGREGATES'],
  },
  detect: (evidence) =>
    findOtherForm(
      {
        ruleId: RULE,
        title: 'sorts all rows to aggregate the distinct values',
        subject: 'It sorts the rows of each group to find the distinct values that it aggregates.',
        way: 'GROUP BY of the value and once more',
        write: groupedTwice,
      },
      evidence,
    ),
};
