import type { ColumnRef, Node } from '@pgsql/types';
import type { IndexSpec } from '../../model/planner.js';
import { constantOf } from '../../sql/conjuncts.js';
import { deparseNode } from '../../sql/deparse.js';
import { indexColumns } from '../../sql/index-words.js';
import { columnIn, type LevelColumn, type LevelRelation, type QueryLevel } from '../../sql/levels/query-level.js';
import { listed } from '../../sql/listed.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { bodyOf, visit } from '../../sql/walk.js';
import type { AnalyzedStatement, Detection, Evidence } from '../advisor.js';
import { createFix } from '../index-hygiene/create-fix.js';
import { countText, nameOf } from '../index-hygiene/figures.js';
import { isSame } from '../schema/own-tables.js';
import { costOf } from './binding-costs.js';
import { checkedText } from './checked-rewrite.js';
import { type EitherSideCure, eitherSideCure } from './either-side-cure.js';
import { isChosen } from './find-cure.js';
import { indexOn } from './index-on.js';
import { nullableListOf, withoutNulls } from './nullable-list.js';
import { planOf } from './preparable.js';
import { readOnce } from './read-statement.js';
import { readsAll } from './reads-all.js';
import { rewriteFix, type StatementDraft, statementFinding, titleOf } from './statement-finding.js';

/** A cheaper statement is no matter of an index. */
const COST_MIN = 1000;

type Draft = Pick<StatementDraft, 'object' | 'title' | 'message' | 'relations' | 'fix' | 'alternatives'> & {
  /** What it does to the rows is told, whatever it costs. */
  readonly isOfRows?: true;
  /** It is told where every row of this relation is read. */
  readonly isOfScansOf?: LevelRelation;
  /** It is told where one query a table is cheaper, if need be with these indexes. */
  readonly isOfSides?: readonly IndexSpec[];
};

/** Gives what else keeps indexes from serving a statement: wildcards in front, OR across tables, NOT IN of what may be NULL. */
export async function otherNonSargable(
  statement: AnalyzedStatement,
  evidence: Evidence,
): Promise<readonly Detection[]> {
  const read = readOnce(statement, evidence.catalog);
  const drafts = (read?.levels ?? []).flatMap((level) =>
    level.conditions.flatMap(({ node }) => [
      ...leadingWildcard(node, level, { statement, evidence }),
      ...acrossTables(node, level, statement),
      ...notInNulls(node, level, { statement, evidence }),
    ]),
  );
  if (drafts.length === 0) return [];
  const cost = await costOf(statement.plannable.bindings, evidence.planner);
  const found: Detection[] = [];
  for (const { isOfRows, isOfScansOf, isOfSides, ...draft } of drafts) {
    if (isOfRows !== true && (cost === null || cost < COST_MIN)) continue;
    if (isOfScansOf !== undefined && !(await readsAllOf(isOfScansOf, statement, evidence))) continue;
    const cure =
      isOfSides === undefined || cost === null
        ? null
        : await eitherSideCure(statement, { costBefore: cost, indexes: isOfSides }, evidence);
    if (isOfSides !== undefined && cure === null) continue;
    const told = cure === null ? draft : { ...draft, ...curedDraft(draft, cure, evidence) };
    found.push(detectionOf(statement, { draft: told, cost, costAfter: cure?.costAfter ?? null }, evidence));
  }
  return found;
}

function detectionOf(
  statement: AnalyzedStatement,
  {
    draft,
    cost,
    costAfter,
  }: { readonly draft: Draft; readonly cost: number | null; readonly costAfter: number | null },
  { planner }: Evidence,
): Detection {
  const plannedOn = planner.describe(statement.plannable.bindings[0]?.sql);
  return statementFinding({
    ruleId: 'non-sargable-predicate',
    statement,
    ...draft,
    evidence: cost === null ? [] : [{ name: 'cost of a call', value: cost, unit: 'cost', source: plannedOn }],
    proof: {
      grade: 'planned',
      method: plannedOn,
      detail: `the form of the condition was read; a call costs ${countText(cost ?? 0)} planner units as it stands`,
    },
    costs: { before: cost, after: costAfter },
  });
}

/** Another condition, or an index of another kind, may leave few rows to look at. */
async function readsAllOf(
  { alias }: LevelRelation,
  statement: AnalyzedStatement,
  { planner }: Evidence,
): Promise<boolean> {
  const plan = await planOf(statement, planner);
  return plan !== null && readsAll(plan, alias);
}

function curedDraft(
  { message }: Draft,
  { rewrite, costAfter, indexes }: EitherSideCure,
  evidence: Evidence,
): Pick<Draft, 'message' | 'fix'> {
  const created = indexes
    .filter((index) => !isChosen(index, evidence))
    .map((index) => createFix(evidence.catalog, index));
  const built = indexes.map((index) => `${nameOf(index.table)} (${indexColumns(index)})`);
  const beside =
    indexes.length === 0 ? '' : `, with ${built.length === 1 ? 'an index' : 'indexes'} on ${listed(built)},`;
  const falls = `Written so${beside} it falls to a planner cost of ${countText(costAfter)} a call; both forms gave the same rows: ${checkedText(rewrite)}.`;
  const fix = rewriteFix(rewrite.text);
  return {
    message: `${message} ${falls}`,
    fix: { ...fix, sql: created.flatMap(({ sql }) => sql), undo: created.flatMap(({ undo }) => undo) },
  };
}

interface Context {
  readonly statement: AnalyzedStatement;
  readonly evidence: Evidence;
}

function leadingWildcard(node: Node, level: QueryLevel, { statement, evidence }: Context): readonly Draft[] {
  const { kind, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  const column = columnIn(level, lexpr);
  if ((kind !== 'AEXPR_LIKE' && kind !== 'AEXPR_ILIKE') || column?.relation.table == null || rexpr === undefined)
    return [];
  if (!beginsWithWildcard(rexpr)) return [];
  const table = column.relation.table;
  const chosen = evidence.selection.chosen.find(
    ({ spec, statements }) =>
      spec.method === 'gin' &&
      isSame(spec.table, table) &&
      spec.keys.some((key) => key.column === column.name) &&
      statements.some((gain) => gain.statement === statement),
  );
  return [
    {
      object: nameIn(column),
      title: `${titleOf(statement)} looks for ${column.name} by what stands in the middle`,
      message:
        `${deparseNode(node)} begins with a wildcard, so a btree on ${nameOf(table)}.${column.name} cannot tell where to begin: every row is read. ` +
        (chosen === undefined
          ? 'Where the table is large, an index on trigrams (the extension pg_trgm) serves patterns of three characters and more; a suffix alone is a prefix of reverse().'
          : 'The index on trigrams that is proposed serves it.'),
      relations: [table],
      isOfScansOf: column.relation,
      fix: chosen === undefined ? null : createFix(evidence.catalog, chosen.spec),
    },
  ];
}

function beginsWithWildcard(node: Node): boolean {
  const joined = bodyOf(node, 'A_Expr');
  if (joined?.lexpr !== undefined && bodyOf(joined.name?.at(-1), 'String')?.sval === '||')
    return beginsWithWildcard(joined.lexpr);
  return /^[%_]/.test(constantOf(node) ?? '');
}

function acrossTables(node: Node, level: QueryLevel, statement: AnalyzedStatement): readonly Draft[] {
  const either = bodyOf(node, 'BoolExpr');
  if (either?.boolop !== 'OR_EXPR') return [];
  const arms = (either.args ?? []).map((arm) => columnsOf(arm, level));
  const sides = arms.map((columns) => [...new Set(columns.map(({ relation }) => relation))]);
  const isEachOfOne = sides.every((side) => side.length === 1);
  const relations = [...new Set(sides.flat())];
  const tables = relations.flatMap(({ table }) => table ?? []);
  if (!isEachOfOne || relations.length < 2 || tables.length < relations.length) return [];
  const names = relations.map(({ alias }) => alias);
  return [
    {
      object: names.join(','),
      title: `${titleOf(statement)} chooses by either of two tables`,
      message:
        `${deparseNode(node)?.replaceAll(/\s+/g, ' ')} may hold by ${names.join(' or by ')}, so an index on either can serve no part of it: the tables are joined first, as a whole. ` +
        'Two statements, one for each side, put together by UNION read what they want by an index each; where the rows have no key, mind that UNION drops equal ones.',
      relations: tables,
      isOfSides: arms.flatMap((arm) => indexesOn(arm)),
    },
  ];
}

function columnsOf(node: Node, level: QueryLevel): readonly LevelColumn[] {
  const found: LevelColumn[] = [];
  visit(node, (kind, body) => {
    const column = kind === 'ColumnRef' ? columnIn(level, { ColumnRef: body as ColumnRef }) : null;
    if (column?.level === level) found.push(column);
    return true;
  });
  return found;
}

/** On each column that no index begins with. */
function indexesOn(columns: readonly LevelColumn[]): readonly IndexSpec[] {
  return columns.flatMap(({ relation: { table }, name }) =>
    table === null || table.indexes.some(({ keys }) => keys[0]?.column === name)
      ? []
      : [indexOn(table, { column: name, sql: quoteIdentifier(name) })],
  );
}

function notInNulls(node: Node, level: QueryLevel, { statement, evidence }: Context): readonly Draft[] {
  const list = nullableListOf(node, evidence);
  const table = list?.column.relation.table;
  if (list === null || table == null) return [];
  const { column } = list;
  const read = readOnce(statement, evidence.catalog);
  const without = read === null ? null : withoutNulls(read, list);
  return [
    {
      isOfRows: true,
      object: nameIn(column),
      title: `${titleOf(statement)} leaves rows out by a list that may hold NULL`,
      message:
        `NOT IN gives no row at all once ${nameOf(table)}.${column.name} is NULL in one row of the subquery, and PostgreSQL cannot make an anti-join of it. ` +
        `NOT EXISTS says what is mostly meant, and is planned as an anti-join; where NULL never stands there, declare the column NOT NULL.`,
      relations: [table, ...level.relations.flatMap((each) => each.table ?? [])],
      ...(without === null
        ? {}
        : {
            alternatives: [
              {
                title: 'The list without NULLs',
                sql: without,
                costAfter: null,
                reason: 'it gives rows where the statement gives none: a person has to say which is meant',
              },
            ],
          }),
    },
  ];
}

function nameIn({ relation, name }: LevelColumn): string {
  return `${relation.alias}.${name}`;
}
