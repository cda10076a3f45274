import type { LintRule } from './rule.js';
import { finished, lastPart, migrationFix, originOf } from './wording.js';

/** Two indexes of a table are alike. */
export const duplicateIndex: LintRule = {
  id: 'duplicate-index',
  title: 'Two indexes of a table are alike',
  severity: 'warn',
  docs: {
    what: 'Indexes of the finished schema that differ by their names alone; of a pair, the one that enforces no constraint is named.',
    why: 'Every write keeps both, and no query gains by it.',
    limits:
      'Indexes of which one only holds more than the other are a matter of the workload: pgsteward advise judges them (redundant-index).',
    sources: ['https://www.postgresql.org/docs/current/indexes-intro.html'],
  },
  check: (context) =>
    context.final.objects.twinIndexes.map(({ table, kept, spare }) => ({
      title: `${spare} is a copy of ${kept}`,
      message: `${spare} and ${kept} of ${table} are alike. Drop ${spare}, in a file of its own where the table is in use.`,
      object: spare,
      relations: [table],
      location: originOf(context, [lastPart(spare)]),
      proof: finished(context),
      fix: migrationFix([`DROP INDEX CONCURRENTLY ${spare}`]),
    })),
};
