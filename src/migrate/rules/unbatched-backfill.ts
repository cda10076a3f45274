import { bodyOf } from '../../sql/walk.js';
import type { LintContext, Observed } from '../lint/observation.js';
import type { LintDetection, LintRule } from './rule.js';
import { locationOf, observedOf, seen } from './wording.js';

/** So many rows take longer than a second. */
const ROWS_MANY = 100_000;
/** Of some 240 made-up rows, so many say that most of production's may be met. */
const MADE_UP_MANY = 50;

/** One statement changes a large table’s rows all at once. */
export const unbatchedBackfill: LintRule = {
  id: 'unbatched-backfill',
  title: 'One statement changes a large table’s rows all at once',
  severity: 'warn',
  docs: {
    what: 'UPDATE and DELETE of a table that has 100,000 rows or more in the snapshot of production, without a condition or with one that many made-up rows met.',
    why: 'Every row that it has changed stays locked until the last one is done, replicas fall behind by all of it at once, vacuum can clean nothing meanwhile, and the table is left as large again.',
    limits: 'Only with --snapshot FILE. How many of production’s rows the condition meets is not known.',
    sources: ['https://www.postgresql.org/docs/current/routine-vacuuming.html'],
  },
  check: (context) => observedOf(context).flatMap((each) => detect(context, each)),
};

function detect(context: LintContext, { statement, rowsAffected, outcome }: Observed): readonly LintDetection[] {
  const write = bodyOf(statement.tree, 'UpdateStmt') ?? bodyOf(statement.tree, 'DeleteStmt');
  if (outcome !== 'done' || write === null || context.production === null) return [];
  if (write.whereClause !== undefined && rowsAffected < MADE_UP_MANY) return [];
  const table = `${write.relation?.schemaname ?? 'public'}.${write.relation?.relname}`;
  const rows = context.production.get(table)?.rows ?? 0;
  if (rows < ROWS_MANY) return [];
  const verb = 'UpdateStmt' in statement.tree ? 'UPDATE' : 'DELETE';
  return [
    {
      title: `One ${verb} goes through ${table} at once`,
      message: `${table} has ${Math.round(rows).toLocaleString('en-US')} rows in production, and this ${verb} may meet all of them in one transaction. Work in batches by its key, each in a transaction of its own: a DO block with COMMIT in a file with the line "-- pgsteward: no-transaction", or a job.`,
      object: `${table}:${statement.text.replaceAll(/\s+/g, ' ').slice(0, 60)}`,
      relations: [table],
      location: locationOf(statement),
      proof: seen(context, `it met ${rowsAffected} of the made-up rows`),
    },
  ];
}
