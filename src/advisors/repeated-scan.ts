import { oneRowEach } from '../sql/forms/one-row-each.js';
import { groupingLevels } from '../sql/rewrite/grouping-levels.js';
import { oneGrouping } from '../sql/rewrite/one-grouping.js';
import { oneScan } from '../sql/rewrite/one-scan.js';
import { sharedQueries } from '../sql/rewrite/shared-queries.js';
import type { Advisor } from './advisor.js';
import { findOtherForm } from './statements/other-form.js';

const RULE = 'repeated-scan';

/** Reports statements that read the same rows once for each of several conditions. */
export const repeatedScan: Advisor = {
  id: RULE,
  title: 'The same rows read for each of several conditions',
  severity: 'warn',
  docs: {
    what: 'A UNION whose arms read the same tables and differ in their conditions alone, and aggregates of the same rows in subqueries side by side, in FROM, or a row each of a UNION ALL; queries that group the same rows by the same key, each under conditions of its own, and are joined by that key; the same groups, joined to themselves; a UNION ALL of queries that group the same rows by different keys.',
    why: 'PostgreSQL plans each arm and each subquery by itself, so that the rows are read as often as there are conditions. One scan can ask all of them: by OR, and by FILTER for each aggregate.',
    limits:
      'UNION ALL of rows that are not grouped is left as it is, since it gives a row once for each arm that it meets. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast.',
    sources: [
      'https://www.postgresql.org/docs/current/sql-expressions.html#SYNTAX-AGGREGATES',
      'https://www.postgresql.org/docs/current/queries-union.html',
    ],
  },
  detect: (evidence) =>
    findOtherForm(
      {
        ruleId: RULE,
        title: 'reads the same rows several times',
        subject: 'It reads the same rows once for each of several conditions.',
        way: 'one scan',
        write: oneScan,
        further: (sql, catalog) => {
          const [each, grouped] = [oneRowEach(sql, catalog), oneGrouping(sql, catalog)];
          const [levels, leaves] = [groupingLevels(sql, catalog), groupingLevels(sql, catalog, 'groups')];
          const shared = sharedQueries(sql, catalog);
          return [
            ...(each === null ? [] : [{ way: 'one scan for all rows of the result', sql: each }]),
            ...(grouped === null ? [] : [{ way: 'one grouped scan', sql: grouped }]),
            ...(levels === null ? [] : [{ way: 'GROUPING SETS', sql: levels }]),
            ...(leaves === null ? [] : [{ way: 'GROUPING SETS of groups', sql: leaves }]),
            ...(shared === null ? [] : [{ way: 'one query in WITH', sql: shared }]),
          ];
        },
      },
      evidence,
    ),
};
