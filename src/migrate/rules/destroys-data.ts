import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import type { LintContext, Observed } from '../lint/observation.js';
import type { LintRule } from './rule.js';
import { locationOf, observedOf, seen } from './wording.js';

/** Rows or values are gone that no down file brings back. */
export const destroysData: LintRule = {
  id: 'destroys-data',
  title: 'Rows or values are gone for good',
  severity: 'warn',
  docs: {
    what: 'Tables and columns that are dropped, also by CASCADE, tables that are truncated, DELETE without a condition, and columns whose new type keeps less of each value.',
    why: 'No down file brings back what is not stored any more: the way back is a backup.',
    limits:
      'Tables that the same file makes are passed by. Whether the rows have been copied elsewhere before is not looked at.',
    sources: ['https://www.postgresql.org/docs/current/sql-droptable.html'],
  },
  check: (context) =>
    observedOf(context).flatMap((observed) =>
      lossesOf(observed).map(({ object, what }) => ({
        title: `${what} for good`,
        message: `${what}, and no down file brings them back. Stop using it first, keep it for a release under another name or a copy of its rows, and say in the file that there is no way back: "-- pgsteward: irreversible <reason>".`,
        object,
        location: locationOf(observed.statement),
        proof: seen(context as LintContext, 'the catalog and the rows before and after the statement'),
      })),
    ),
};

interface Loss {
  readonly object: string;
  readonly what: string;
}

function lossesOf({ statement, effects, rowsAffected, outcome }: Observed): readonly Loss[] {
  if (outcome !== 'done') return [];
  const tables = effects.dropped.filter(({ kind, temporary }) => (kind === 'r' || kind === 'p') && !temporary);
  const losses = tables.map((table) => ({
    object: quoteRelation(table),
    what: `The rows of ${quoteRelation(table)} are gone with the table`,
  }));
  const emptied = effects.truncated.map((table) => ({
    object: quoteRelation(table),
    what: `The rows of ${quoteRelation(table)} are gone`,
  }));
  const columns = effects.columnChanges
    .filter(({ relation, kind, column, now }) => {
      if (relation.kind !== 'r' && relation.kind !== 'p') return false;
      return kind === 'dropped' || (kind === 'retyped' && keepsLess(column.type, now?.type ?? ''));
    })
    .map(({ relation, kind, column }) => {
      const object = `${quoteRelation(relation)}.${quoteIdentifier(column.name)}`;
      const what =
        kind === 'dropped' ? `The values of ${object} are gone` : `Parts of the values of ${object} are gone`;
      return { object, what };
    });
  const deletion = bodyOf(statement.tree, 'DeleteStmt');
  const whole = deletion !== null && deletion.whereClause === undefined && deletion.usingClause === undefined;
  const target = deletion?.relation?.relname ?? '';
  const deleted = whole && rowsAffected > 0 ? [{ object: target, what: `The rows of ${target} are gone` }] : [];
  return [...losses, ...emptied, ...columns, ...deleted];
}

/** Conversions that PostgreSQL makes without an error and that round or cut. */
const LOSSY: readonly (readonly [RegExp, RegExp])[] = [
  [/^(numeric|real|double precision)/, /^(smallint|integer|bigint)/],
  [/^double precision/, /^real/],
  [/^timestamp/, /^(date|time)\b/],
  [/^jsonb?$/, /^boolean/],
];

function keepsLess(from: string, to: string): boolean {
  return LOSSY.some(([wide, narrow]) => wide.test(from) && narrow.test(to) && !to.startsWith('timestamp'));
}
