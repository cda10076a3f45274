import type { Catalog } from '../model/catalog.js';
import { quoteIdentifier } from '../sql/quote.js';
import { firstOfGroups } from '../sql/rewrite/first-of-groups.js';
import { noneAfter } from '../sql/rewrite/none-after.js';
import { rowsOfParents } from '../sql/rewrite/rows-of-parents.js';
import { stepsOverKeys } from '../sql/rewrite/steps-over-keys.js';
import { rewriteVariants } from '../sql/rewrite/variants.js';
import type { Advisor, Evidence } from './advisor.js';
import { distinctCounter } from './index-selection/distinct.js';
import { findOtherForms, type OtherForm, type WrittenForm } from './statements/other-form.js';

const RULE = 'all-rows-for-extremes';

/**
 * Rows that each value has, or more, where it is stepped to: measured on 500,000 rows steps take half as long as DISTINCT
 * with 50 rows a value, and as long with 20.
 */
const ROWS_OF_VALUE_LEAST = 50;

/** Reports statements that read all rows for the first one, or the extremes, of each key. */
export const allRowsForExtremes: Advisor = {
  id: RULE,
  title: 'All rows are read for the first one of each key',
  severity: 'warn',
  docs: {
    what: 'DISTINCT ON a foreign key with an order, min or max grouped by it, rows that are numbered for each value of it, and which values of it there are; which values a column has that leads an index and has few; first_value with DISTINCT, and the first of an ordered array, for each group; rows of which NOT EXISTS or LEFT JOIN finds no later one with the same key in their table.',
    why: 'PostgreSQL reads an index from end to end for that: it does not skip from one key to the next. A look into the index for each row of the table that the key refers to reads no more than what is given. To find that none is later each row is held against all others of its key, where one window, or the last value of each key, tells it.',
    limits:
      'The foreign key has to be of one column, validated and never NULL, and what is aggregated never NULL either. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast. It loses where the other table has many more rows than there are keys. Steps over an index are written for a column of a table without heirs that is never NULL, or whose values are counted, of a type whose equal values are the same; planner costs say nothing of them, so that they are shown with --verify execute alone.',
    sources: [
      'https://www.postgresql.org/docs/current/sql-select.html#SQL-DISTINCT',
      'https://wiki.postgresql.org/wiki/Loose_indexscan',
    ],
  },
  detect: (evidence) =>
    findOtherForms(
      [
        {
          ruleId: RULE,
          title: 'reads all rows for the first one of each key',
          subject: 'It reads all rows of a table for the first one, or the extremes, of each key.',
          way: 'one look for each row that the key refers to',
          write: rowsOfParents,
          further: distinctForms,
        },
        {
          ruleId: RULE,
          object: 'none after',
          title: 'holds each row against all others of its key',
          subject: 'It holds each row of a table against all others of its key, to find those that none comes after.',
          way: 'a window',
          write: () => null,
          further: lastForms,
        },
        {
          ruleId: RULE,
          object: 'few values',
          isTried: true,
          title: 'reads all rows for the few values of a column',
          subject: 'It reads all rows of a table, or all of an index, to tell which values a column has.',
          way: 'a step over the index from each value to the next',
          write: stepFormIn(evidence),
        },
      ],
      evidence,
    ),
};

/** The last value of each key, in each way in which a subquery for it can be written. */
function lastForms(sql: string, catalog: Catalog): readonly WrittenForm[] {
  const spelled = noneAfter(sql, catalog);
  const variants = spelled === null ? [] : rewriteVariants(spelled, { catalog, major: catalog.server.major });
  return variants.flatMap(({ title, sql: text }) => (text === null ? [] : [{ way: title, sql: text }]));
}

/** The planner takes any recursion for one of ten times the rows that it begins with, so that rows alone tell. */
function stepFormIn({ isMeasured, statistics }: Evidence): OtherForm['write'] {
  if (isMeasured !== true) return () => null;
  const distinct = distinctCounter(statistics);
  return (sql, catalog) => {
    const stepped = stepsOverKeys(sql, catalog, ({ table, column }) => {
      const values = distinct(table, { column, sql: quoteIdentifier(column) });
      return Math.max(1, values) * ROWS_OF_VALUE_LEAST <= table.storage.tuples;
    });
    return stepped === null || rowsOfParents(sql, catalog) !== null ? null : stepped;
  };
}

/** The first row of each group by DISTINCT ON, and that by looks; likewise the extremes that each row is held against. */
function distinctForms(sql: string, catalog: Catalog): readonly WrittenForm[] {
  const first = firstOfGroups(sql, catalog);
  const looks = first === null ? null : rowsOfParents(first, catalog);
  const extremes = extremesOfParents(sql, catalog);
  return [
    ...(first === null ? [] : [{ way: 'DISTINCT ON', sql: first }]),
    ...(looks === null ? [] : [{ way: 'DISTINCT ON, by one look for each row that the key refers to', sql: looks }]),
    ...(extremes === null ? [] : [{ way: 'extremes, by one look for each row that the key refers to', sql: extremes }]),
  ];
}

/** A subquery for the extreme of a key, which each row of the key asks again. */
const EXTREME = /\(\s*select\s+(?:max|min)\s*\(/i;

function extremesOfParents(sql: string, catalog: Catalog): string | null {
  if (!EXTREME.test(sql)) return null;
  const [grouped] = rewriteVariants(sql, { catalog, major: catalog.server.major }, ['group-join']);
  return grouped?.sql == null ? null : rowsOfParents(grouped.sql, catalog);
}
