import type { Catalog } from '../model/catalog.js';
import { knownBounds } from '../sql/forms/known-bounds.js';
import { seriesBounds } from '../sql/forms/series-bounds.js';
import { fullJoinBounds } from '../sql/rewrite/full-join-bounds.js';
import type { Advisor } from './advisor.js';
import { boundedBySeries } from './statements/bounded-by-series.js';
import { boundedWithin } from './statements/bounded-within.js';
import { findOtherForms, type WrittenForm } from './statements/other-form.js';

const RULE = 'unshared-bound';

/** Reports joins of which one side is bounded and the other, by an equal column, is not. */
export const unsharedBound: Advisor = {
  id: RULE,
  title: 'A bound on one of two equal columns',
  severity: 'warn',
  docs: {
    what: 'A range, BETWEEN or a list of values for a column that a join equates with another one; what is asked of the key of a FULL JOIN, `coalesce(a.day, b.day)` or the one that USING merges; rows that are joined to the moments of a `generate_series` by a range, or by day, week, month or year.',
    why: 'PostgreSQL knows of the other column what the one equals, and nothing of ranges and lists: it reads all rows of the other table. Of a full join it asks the joined rows, and reads both tables wholly. Of a series it does not know the ends, and holds all rows, or groups of all rows, against each of its moments.',
    limits:
      'Both columns have to be of one type. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast.',
    sources: ['https://www.postgresql.org/docs/current/planner-optimizer.html'],
  },
  detect: (evidence) =>
    findOtherForms(
      [
        {
          ruleId: RULE,
          title: 'bounds one of two equal columns',
          subject: 'It bounds one of two columns that a join equates, and reads all rows of the other table.',
          way: 'the bound on both',
          write: knownBounds,
        },
        {
          ruleId: RULE,
          object: 'full join',
          title: 'bounds the key of a full join',
          subject: 'It joins all rows of both sides of a full join, and then keeps those of a few keys.',
          way: 'the bound on both sides',
          write: fullJoinBounds,
          further: boundedWithinSides,
        },
        {
          ruleId: RULE,
          object: 'series',
          title: 'joins all rows to a few moments',
          subject: 'It holds all rows against the moments of a series, of which the first and the last one are known.',
          way: 'the bounds of the series',
          write: seriesBounds,
          further: boundedWithinQueries,
        },
      ],
      evidence,
    ),
};

/** What bounds the keys that a side groups its rows by may bound a column of these. */
function boundedWithinSides(sql: string, catalog: Catalog): readonly WrittenForm[] {
  const bounded = fullJoinBounds(sql, catalog);
  const within = bounded === null ? null : boundedWithin(bounded, catalog);
  return within === null ? [] : [{ way: 'the bound on the columns of both sides', sql: within }];
}

function boundedWithinQueries(sql: string, catalog: Catalog): readonly WrittenForm[] {
  const within = boundedBySeries(sql, catalog);
  return within === null ? [] : [{ way: 'the bounds of the series on the columns within', sql: within }];
}
