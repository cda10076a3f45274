import { withoutOrder } from '../sql/forms/needless-order.js';
import { plainOrder } from '../sql/forms/plain-order.js';
import type { Advisor } from './advisor.js';
import { findOtherForms } from './statements/other-form.js';

const RULE = 'needless-order';

/** Reports orders of rows that are counted or sorted again, and orders that an index would give if they were written plainly. */
export const needlessOrder: Advisor = {
  id: RULE,
  title: 'An order that nobody sees, or that no index has',
  severity: 'warn',
  docs: {
    what: 'ORDER BY in a query whose rows are counted, grouped, sorted again or looked for; NULLS LAST or NULLS FIRST of a column that is never NULL; an order by what is made of a column and is in the same order.',
    why: 'PostgreSQL sorts what it is told to sort. And an index has its rows in the order of its columns with NULL at one end: it does not serve the same order with NULL at the other, nor that of a sum.',
    limits:
      'Queries whose order may be seen keep it: where nothing above counts or sorts, and below what puts rows together in their order. The other form is shown only where there was no counterexample on generated databases and its planner cost is at most half; with --verify execute it is run, and shown where it is 1.4 times as fast.',
    sources: ['https://www.postgresql.org/docs/current/indexes-ordering.html'],
  },
  detect: (evidence) =>
    findOtherForms(
      [
        {
          ruleId: RULE,
          title: 'sorts rows whose order nobody sees',
          subject: 'It sorts rows that are counted, sorted again or looked for afterwards.',
          way: 'no order in there',
          write: withoutOrder,
        },
        {
          ruleId: RULE,
          object: 'plain',
          title: 'asks for an order that no index has',
          subject: 'It asks for an order in a way that no index serves.',
          way: 'the bare column',
          write: plainOrder,
        },
      ],
      evidence,
    ),
};
