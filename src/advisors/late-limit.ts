import type { Catalog } from '../model/catalog.js';
import { shallowPage } from '../sql/forms/shallow-page.js';
import { totalOfPage } from '../sql/forms/total-of-page.js';
import type { Advisor } from './advisor.js';
import { cutArms } from './statements/cut-arms.js';
import { groupsOfPage, keysOfPage } from './statements/keys-of-page.js';
import { findOtherForms, type WrittenForm } from './statements/other-form.js';

const RULE = 'late-limit';

/** Reports pages for which whole rows, joins or totals are worked out of all rows. */
export const lateLimit: Advisor = {
  id: RULE,
  title: 'All is read before a page is cut',
  severity: 'warn',
  docs: {
    what: 'LIMIT, with OFFSET or over joined tables, of rows that one table has in its order, groups of other tables beside them by LEFT JOIN, and rows of such tables that GROUP BY puts together for each, among these; of rows that UNION puts together; and totals of all rows beside each row of a page.',
    why: 'Rows that are skipped are fetched as a whole first, and joined to the other tables; of queries that are put together all rows are sorted, where each could give its first ones in the order of an index; a window over all rows carries every one of them along. The keys of a page can be found by an index alone, and all else be read for these.',
    limits:
      'The order has to end in a unique key, and every other table must have one row for each: along an enforced foreign key, or by an outer join on a unique key. Queries that are put together have to be told apart by constants in the order. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast.',
    sources: [
      'https://www.postgresql.org/docs/current/queries-limit.html',
      'https://www.postgresql.org/docs/current/indexes-index-only-scans.html',
    ],
  },
  detect: (evidence) =>
    findOtherForms(
      [
        {
          ruleId: RULE,
          title: 'reads all before it cuts a page',
          subject: 'It reads whole rows, and what they are joined to, before it cuts a page of them.',
          way: 'the keys of the page first',
          comparedAs: shallowPage,
          write: keysOfPage,
          further: lateralForm,
        },
        {
          ruleId: RULE,
          object: 'total',
          title: 'carries all rows along for a total',
          subject: 'It carries all rows of a page’s query along to count them.',
          way: 'the total by itself',
          write: totalOfPage,
        },
        {
          ruleId: RULE,
          object: 'union',
          title: 'puts all rows together before it cuts a page',
          subject: 'It puts all rows of several queries together to sort them and cut a page of them.',
          way: 'each of the queries cut by itself',
          comparedAs: shallowPage,
          write: cutArms,
        },
      ],
      evidence,
    ),
};

function lateralForm(sql: string, catalog: Catalog): readonly WrittenForm[] {
  const each = groupsOfPage(sql, catalog);
  return each === null ? [] : [{ way: 'the keys of the page first, and the groups of each of its rows', sql: each }];
}
