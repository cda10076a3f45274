import type { Catalog } from '../model/catalog.js';
import { keysOfHaving } from '../sql/rewrite/keys-of-having.js';
import { groupsOfHaving, rowsOfHaving } from '../sql/rewrite/rows-of-having.js';
import { groupsOfEachRow, selectedGroups } from '../sql/rewrite/selected-groups.js';
import type { Advisor } from './advisor.js';
import { findOtherForms, type WrittenForm } from './statements/other-form.js';

const RULE = 'unasked-groups';

/** Reports statements that group all rows of a table and then keep the groups of a few. */
export const unaskedGroups: Advisor = {
  id: RULE,
  title: 'Groups are made that nothing asks for',
  severity: 'warn',
  docs: {
    what: 'A query in FROM, a WITH query or a view that groups, numbers or makes distinct all rows of a table, joined to other tables of which conditions choose a few rows; likewise a list of such groups behind `IN`, in which a key is looked up alone or in a row with what is made of the group, or the first or last row of each group; and HAVING that asks for some row of a group: `bool_or(x)`, `count(*) FILTER (WHERE x) > 0`, `sum(CASE WHEN x THEN 1 ELSE 0 END) > 0`, `max(y) > z`, `min(y) > z`, also where WHERE around the groups asks for it, or for one of each of several values: `count(DISTINCT x) = 2` of `x IN (a, b)`, or asks by a subquery for groups of some keys.',
    why: 'PostgreSQL hands constants down into such a query, but no join: all groups are made before those are picked that the other tables have. Asked for their keys alone, at once or by each row, it makes these groups and no others. What HAVING asks of some row of a group is asked when all groups are made; WHERE asks it before.',
    limits:
      'The key has to be a column that all rows of a group agree in. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast. Asked for all keys at once, the conditions on the other tables stand in it twice.',
    sources: [
      'https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-SUBQUERIES',
      'https://doi.org/10.1145/233269.233360',
    ],
  },
  detect: (evidence) =>
    findOtherForms(
      [
        {
          ruleId: RULE,
          title: 'makes groups that nothing asks for',
          subject:
            'It puts all rows together by a key and then keeps those of a few keys, which the tables beside them choose.',
          way: 'the groups of the chosen keys alone',
          write: selectedGroups,
          further: lateralForm,
        },
        {
          ruleId: RULE,
          object: 'having',
          title: 'makes groups that HAVING drops',
          subject: 'It puts all rows together by a key and then keeps the groups of which some row meets a condition.',
          way: 'the condition on the rows',
          write: rowsOfHaving,
          further: keysForm,
        },
      ],
      evidence,
    ),
};

function lateralForm(sql: string, catalog: Catalog): readonly WrittenForm[] {
  const each = groupsOfEachRow(sql, catalog);
  const word = each !== null && /\bLATERAL\b/.test(each) ? 'LATERAL' : 'EXISTS';
  return each === null ? [] : [{ way: `${word}, the groups of each row beside them`, sql: each, isTried: true }];
}

function keysForm(sql: string, catalog: Catalog): readonly WrittenForm[] {
  const [keys, asked] = [groupsOfHaving(sql, catalog), keysOfHaving(sql, catalog)];
  return [
    ...(keys === null ? [] : [{ way: 'IN, the keys of the rows that meet it', sql: keys }]),
    ...(asked === null ? [] : [{ way: 'the condition on the keys in WHERE', sql: asked }]),
  ];
}
