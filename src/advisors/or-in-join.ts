import { splitJoin, splitLookup } from '../sql/forms/split-join.js';
import type { Advisor } from './advisor.js';
import { findOtherForm } from './statements/other-form.js';

const RULE = 'or-in-join';

/** Reports joins by one condition or another, which leave a comparison of every pair of rows. */
export const orInJoin: Advisor = {
  id: RULE,
  title: 'Tables are joined by one condition or another',
  severity: 'warn',
  docs: {
    what: 'OR, IN or = ANY of several columns in the condition that joins two tables.',
    why: 'PostgreSQL joins by a hash or in an order only where one equality has to hold. Where one of several may, each row of a table is held against each row of the other. One join a condition, of which each leaves out what those before it have met, is as many hash joins.',
    limits:
      'At most four conditions are split. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast.',
    sources: ['https://www.postgresql.org/docs/current/planner-optimizer.html'],
  },
  detect: (evidence) =>
    findOtherForm(
      {
        ruleId: RULE,
        title: 'joins by one condition or another',
        subject: 'A join by one condition or another holds every pair of rows against it.',
        way: 'one join a condition, put together by UNION ALL',
        write: splitJoin,
        further: (sql, catalog) => {
          const lookup = splitLookup(sql, catalog);
          return lookup === null ? [] : [{ way: 'a look into the other table for each condition', sql: lookup }];
        },
      },
      evidence,
    ),
};
