import type { Catalog } from '../model/catalog.js';
import { countedKeys } from '../sql/rewrite/counted-keys.js';
import { countedPresence } from '../sql/rewrite/counted-presence.js';
import { groupedBefore } from '../sql/rewrite/grouped-before.js';
import { countedApart } from '../sql/rewrite/multiplied-counts.js';
import { groupsOfEachRow, selectedGroups } from '../sql/rewrite/selected-groups.js';
import { sharedQueries } from '../sql/rewrite/shared-queries.js';
import { ungrouped } from '../sql/rewrite/ungrouped.js';
import { rewriteVariants } from '../sql/rewrite/variants.js';
import type { Advisor } from './advisor.js';
import { findOtherForm, type WrittenForm } from './statements/other-form.js';

const RULE = 'join-before-grouping';

/** Reports statements that join rows, all of them, and then make one row of those of each group. */
export const joinBeforeGrouping: Advisor = {
  id: RULE,
  title: 'Rows are joined before they are grouped',
  severity: 'warn',
  docs: {
    what: 'GROUP BY over a join whose rows are aggregated: of the table that is aggregated each row is joined, and one that is joined to itself makes a pair of each two.',
    why: 'PostgreSQL joins first and groups afterwards. Grouped by the key of the join first, there are fewer rows to join, and no wide ones to group; several tables that multiply each other are counted each by itself; what is asked for having none, or none since a day, is an anti-join, rows that DISTINCT counts for having others are asked for these by EXISTS or joined to their keys, and a running total is a window.',
    limits:
      'Sums and averages of floating point are left as they are, since they depend on the order. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast.',
    sources: [
      'https://doi.org/10.5555/645920.672823',
      'https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-GROUP',
    ],
  },
  detect: (evidence) =>
    findOtherForm(
      {
        ruleId: RULE,
        title: 'joins rows before it groups them',
        subject: 'It joins all rows of the tables before it makes one row of those of each group.',
        way: 'groups that are joined',
        write: groupedBefore,
        further: otherWays,
      },
      evidence,
    ),
};

function otherWays(sql: string, catalog: Catalog): readonly WrittenForm[] {
  const apart = countedApart(sql, catalog);
  const spelled = ungrouped(sharedQueries(sql, catalog) ?? sql, catalog);
  const variants = spelled === null ? [] : rewriteVariants(spelled, { catalog, major: catalog.server.major });
  const [present, keys] = [countedPresence(sql, catalog), countedKeys(sql, catalog)];
  return [
    ...(apart === null ? [] : [{ way: 'each table counted by itself', sql: apart }, ...ofChosenRows(apart, catalog)]),
    ...(present === null ? [] : [{ way: 'EXISTS, asked of each row that is counted', sql: present }]),
    ...(keys === null ? [] : [{ way: 'the keys of the rows that are asked for, each once', sql: keys }]),
    ...(spelled === null ? [] : [{ way: 'a subquery for each row', sql: spelled, isTried: true as const }]),
    ...variants.flatMap(({ title, sql: text }) => (text === null ? [] : [{ way: title, sql: text }])),
  ];
}

/** Counted by itself, a table need not be counted for the rows that nothing asks for. */
function ofChosenRows(apart: string, catalog: Catalog): readonly WrittenForm[] {
  const [asked, each] = [selectedGroups(apart, catalog), groupsOfEachRow(apart, catalog)];
  return [
    ...(asked === null ? [] : [{ way: 'each table counted by itself for the chosen keys', sql: asked }]),
    ...(each === null ? [] : [{ way: 'each table counted by itself for each row', sql: each }]),
  ];
}
