import type { Node } from '@pgsql/types';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import type { LintStatement } from '../lint/lint-file.js';
import type { LintContext, Observed } from '../lint/observation.js';
import type { LintDetection, LintRule } from './rule.js';
import { locationOf, observedOf, read, seen } from './wording.js';

/** Rows or values are gone that no down file brings back. */
export const destroysData: LintRule = {
  id: 'destroys-data',
  title: 'Rows or values are gone for good',
  severity: 'warn',
  docs: {
    what: 'Tables and columns that are dropped, tables that a file drops where they are there and makes anew, also by CASCADE, tables that are truncated, DELETE without a condition, and columns whose new type keeps less of each value.',
    why: 'No down file brings back what is not stored any more: the way back is a backup.',
    limits:
      'Tables that the same file makes are passed by. Whether the rows have been copied elsewhere before is not looked at.',
    sources: ['https://www.postgresql.org/docs/current/sql-droptable.html'],
  },
  check: (context) => [
    ...observedOf(context).flatMap((observed) =>
      lossesOf(observed).map(({ object, what }) => ({
        title: `${what} for good`,
        message: `${what}, and no down file brings them back. Stop using it first, keep it for a release under another name or a copy of its rows, and say in the file that there is no way back: "-- pgsteward: irreversible <reason>".`,
        object,
        location: locationOf(observed.statement),
        proof: seen(context, 'the catalog and the rows before and after the statement'),
      })),
    ),
    ...recreated(context),
  ],
};

/** DROP TABLE IF EXISTS before CREATE TABLE: where the files have not made the table, production may well have it. */
function recreated(context: LintContext): readonly LintDetection[] {
  const seenToGo = new Set(observedOf(context).flatMap(({ effects }) => effects.dropped.map(({ name }) => name)));
  return context.set.files.flatMap(({ statements }) => recreatedIn(statements, seenToGo));
}

function recreatedIn(statements: readonly LintStatement[], seenToGo: ReadonlySet<string>): readonly LintDetection[] {
  const made = new Set(statements.map(({ tree }) => bodyOf(tree, 'CreateStmt')?.relation?.relname));
  return statements.flatMap((statement) => {
    const drop = bodyOf(statement.tree, 'DropStmt');
    if (drop?.removeType !== 'OBJECT_TABLE' || drop.missing_ok !== true) return [];
    const names = (drop.objects ?? []).flatMap(
      (each) => bodyOf(bodyOf(each, 'List')?.items?.at(-1), 'String')?.sval ?? [],
    );
    return names
      .filter((name) => made.has(name) && !seenToGo.has(name))
      .map((name) => ({
        class: 'recreated',
        title: `The rows of ${name} are gone where it is there already`,
        message: `The file drops ${name} where it is there, and makes it anew: on a database that has it, its rows are gone. Write CREATE TABLE IF NOT EXISTS, and change what is there by ALTER TABLE.`,
        object: `${name}:recreated`,
        location: locationOf(statement),
        proof: read('the statements of the file'),
      }));
  });
}

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
  const deleted = (rowsAffected > 0 ? wholeDeletions(statement.tree) : []).map((target) => ({
    object: target,
    what: `The rows of ${target} are gone`,
  }));
  return [...losses, ...emptied, ...columns, ...deleted];
}

/** Tables of which a statement deletes every row, in a CTE too; what the same statement puts elsewhere is moved. */
function wholeDeletions(tree: Node): readonly string[] {
  const [kind = ''] = Object.keys(tree);
  const { withClause } = bodyOf(tree, 'SelectStmt') ?? bodyOf(tree, 'DeleteStmt') ?? {};
  const inner = (withClause?.ctes ?? []).flatMap((each) => bodyOf(each, 'CommonTableExpr')?.ctequery ?? []);
  const deletions = [...inner, ...(kind === 'DeleteStmt' ? [tree] : [])].flatMap(
    (each) => bodyOf(each, 'DeleteStmt') ?? [],
  );
  return deletions
    .filter(({ whereClause, usingClause }) => whereClause === undefined && usingClause === undefined)
    .map(({ relation }) => relation?.relname ?? '');
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
