import { bodyOf } from '../../sql/walk.js';
import type { LintRule } from './rule.js';
import { locationOf, observedOf, seen } from './wording.js';

/** A change of rows that can never meet one. */
export const deadBackfill: LintRule = {
  id: 'dead-backfill',
  title: 'A change of rows can never meet one',
  severity: 'warn',
  docs: {
    what: 'UPDATE and DELETE that met no made-up row and whose condition can never hold: PostgreSQL’s planner refutes it from the table’s constraints, or it compares a column that the same file has added and that is NULL in every row.',
    why: 'The backfill is thought to be done, and the old rows stay as they were.',
    limits: 'A condition on values that rows may well hold is passed by, though no made-up row held them.',
    sources: ['https://www.postgresql.org/docs/current/runtime-config-query.html#GUC-CONSTRAINT-EXCLUSION'],
  },
  check: (context) =>
    observedOf(context).flatMap(({ statement, deadReason }) => {
      if (deadReason === null) return [];
      const verb = bodyOf(statement.tree, 'UpdateStmt') === null ? 'DELETE' : 'UPDATE';
      const table = (bodyOf(statement.tree, 'UpdateStmt') ?? bodyOf(statement.tree, 'DeleteStmt'))?.relation?.relname;
      return [
        {
          title: `The ${verb} of ${table} can never meet a row`,
          message: `It changed nothing, and no row can ever meet its condition: ${deadReason}. Correct the condition, or leave the statement out.`,
          object: `${table}:${statement.text.replaceAll(/\s+/g, ' ').slice(0, 60)}`,
          location: locationOf(statement),
          proof: seen(context, 'it met no row, and none can be'),
        },
      ];
    }),
};
