import type { ColumnRef, Node, SubLink } from '@pgsql/types';
import { constantOf } from '../../sql/conjuncts.js';
import { deparseNode } from '../../sql/deparse.js';
import { columnIn, type LevelColumn, type LevelRelation, type QueryLevel } from '../../sql/levels/query-level.js';
import { readLevels } from '../../sql/levels/read-levels.js';
import { bodyOf, visit } from '../../sql/walk.js';
import type { AnalyzedStatement, Detection, Evidence } from '../advisor.js';
import { createFix } from '../index-hygiene/create-fix.js';
import { countText, nameOf } from '../index-hygiene/figures.js';
import { isSame } from '../schema/own-tables.js';
import { costOf } from './binding-costs.js';
import { checkedText } from './checked-rewrite.js';
import { type EitherSideCure, eitherSideCure } from './either-side-cure.js';
import { readOnce } from './read-statement.js';
import { rewriteFix, type StatementDraft, statementFinding, titleOf } from './statement-finding.js';

/** A cheaper statement is no matter of an index. */
const COST_MIN = 1000;

type Draft = Pick<StatementDraft, 'object' | 'title' | 'message' | 'relations' | 'fix'> & {
  readonly isOfRows?: true;
  /** It may be cured by one query a table. */
  readonly isOfSides?: true;
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
  const plannedOn = evidence.planner.describe(statement.plannable.bindings[0]?.sql);
  const told = drafts.filter(({ isOfRows }) => isOfRows === true || (cost ?? 0) >= COST_MIN);
  const isOfSides = told.some((draft) => draft.isOfSides === true);
  const cure = isOfSides && cost !== null ? await eitherSideCure(statement, cost, evidence) : null;
  return told.map(({ isOfRows: _, isOfSides: hasSides, ...draft }) =>
    statementFinding({
      ruleId: 'non-sargable-predicate',
      statement,
      ...draft,
      ...(hasSides && cure !== null ? curedDraft(draft, cure) : {}),
      evidence: cost === null ? [] : [{ name: 'cost of a call', value: cost, unit: 'cost', source: plannedOn }],
      proof: {
        grade: 'planned',
        method: plannedOn,
        detail: `the form of the condition was read; a call costs ${countText(cost ?? 0)} planner units as it stands`,
      },
      costs: { before: cost, after: hasSides && cure !== null ? cure.costAfter : null },
    }),
  );
}

function curedDraft({ message }: Draft, { rewrite, costAfter }: EitherSideCure): Pick<Draft, 'message' | 'fix'> {
  const falls = `Written so it falls to a planner cost of ${countText(costAfter)} a call; both forms gave the same rows: ${checkedText(rewrite)}.`;
  return { message: `${message} ${falls}`, fix: rewriteFix(rewrite.text) };
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
  const arms = (either.args ?? []).map((arm) => relationsOf(arm, level));
  const isEachOfOne = arms.every((arm) => arm.length === 1);
  const relations = [...new Set(arms.flat())];
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
      isOfSides: true,
    },
  ];
}

function relationsOf(node: Node, level: QueryLevel): readonly LevelRelation[] {
  const found = new Set<LevelRelation>();
  visit(node, (kind, body) => {
    const column = kind === 'ColumnRef' ? columnIn(level, { ColumnRef: body as ColumnRef }) : null;
    if (column?.level === level) found.add(column.relation);
    return true;
  });
  return [...found];
}

function notInNulls(node: Node, level: QueryLevel, { statement, evidence }: Context): readonly Draft[] {
  const negated = bodyOf(node, 'BoolExpr');
  const link: SubLink | null = negated?.boolop === 'NOT_EXPR' ? bodyOf(negated.args?.[0], 'SubLink') : null;
  if (link?.subLinkType !== 'ANY_SUBLINK' || link.operName !== undefined || link.subselect === undefined) return [];
  const [inner] = readLevels(link.subselect, evidence.catalog);
  const select = bodyOf(link.subselect, 'SelectStmt');
  const [target] = select?.targetList ?? [];
  const column = inner === undefined ? null : columnIn(inner, bodyOf(target, 'ResTarget')?.val);
  if (inner === undefined || column?.relation.table == null || !mayBeNull(column, inner)) return [];
  const table = column.relation.table;
  return [
    {
      isOfRows: true,
      object: nameIn(column),
      title: `${titleOf(statement)} leaves rows out by a list that may hold NULL`,
      message:
        `NOT IN gives no row at all once ${nameOf(table)}.${column.name} is NULL in one row of the subquery, and PostgreSQL cannot make an anti-join of it. ` +
        `NOT EXISTS says what is mostly meant, and is planned as an anti-join; where NULL never stands there, declare the column NOT NULL.`,
      relations: [table, ...level.relations.flatMap((each) => each.table ?? [])],
    },
  ];
}

function mayBeNull({ relation, name }: LevelColumn, level: QueryLevel): boolean {
  const column = relation.table?.columns.find((each) => each.name === name);
  const isAsked = level.conditions.some(({ node }) => {
    const test = bodyOf(node, 'NullTest');
    return test?.nulltesttype === 'IS_NOT_NULL' && columnIn(level, test.arg)?.name === name;
  });
  return (column?.notNull === false || relation.optionalIn !== null) && !isAsked;
}

function nameIn({ relation, name }: LevelColumn): string {
  return `${relation.alias}.${name}`;
}
