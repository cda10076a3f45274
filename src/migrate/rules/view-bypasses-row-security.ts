import type { LintRule } from './rule.js';
import { finished, lastPart, migrationFix, originOf } from './wording.js';

/** A view shows what policies hide. */
export const viewBypassesRowSecurity: LintRule = {
  id: 'view-bypasses-row-security',
  title: 'A view reads past row-level security',
  severity: 'warn',
  docs: {
    what: 'Views of the finished schema without security_invoker that read a table with row-level security.',
    why: 'A view reads with the rights of its owner, to whom the policies of his own tables do not apply: whoever may read the view reads every row.',
    limits:
      'Where the view itself is meant to say who sees what, that is right. Owners other than the table’s are not told apart.',
    sources: ['https://www.postgresql.org/docs/current/sql-createview.html'],
  },
  check: (context) =>
    context.final.objects.openViews.map(({ view, table }) => ({
      title: `${view} reads past the policies of ${table}`,
      message: `${view} reads ${table} with the rights of the view’s owner, so the policies of ${table} hide nothing from who reads the view.`,
      object: `${view}:${table}`,
      relations: [view, table],
      location: originOf(context, [lastPart(view)]),
      proof: finished(context),
      fix: migrationFix([`ALTER VIEW ${view} SET (security_invoker = on)`]),
    })),
};
