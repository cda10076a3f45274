import { knownBounds } from '../sql/forms/known-bounds.js';
import type { Advisor } from './advisor.js';
import { findOtherForms } from './statements/other-form.js';

const RULE = 'unshared-bound';

/** Reports joins of which one side is bounded and the other, by an equal column, is not. */
export const unsharedBound: Advisor = {
  id: RULE,
  title: 'A bound on one of two equal columns',
  severity: 'warn',
  docs: {
    what: 'A range, BETWEEN or a list of values for a column that a join equates with another one.',
    why: 'PostgreSQL knows of the other column what the one equals, and nothing of ranges and lists: it reads all rows of the other table.',
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
      ],
      evidence,
    ),
};
