import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { FreshNames, keepColumnNames } from './column-names.js';
import { existsJoin, existsUnion } from './exists-join.js';
import { existsOfValues } from './exists-of-values.js';
import { spellExtremes } from './extreme.js';
import { flatten } from './flatten.js';
import { groupJoin, groupJoinOfSelected } from './group-join.js';
import { groupedParts } from './grouped-parts.js';
import { inlineFunctions } from './inline-functions.js';
import { inlineViews } from './inline-views.js';
import { joinedGroup } from './joined-group.js';
import { joinedWindows } from './joined-windows.js';
import { lateralJoin } from './lateral-join.js';
import { latestJoin } from './latest-join.js';
import { lookupJoin } from './lookup-join.js';
import { mergedTotals } from './merged-totals.js';
import { noneBeyond } from './none-beyond.js';
import { spellDivisions } from './spelling/division.js';
import { spellLateral } from './spelling/lateral-rows.js';
import { spellSubqueries } from './spelling/spell.js';
import { type SubquerySite, subquerySites } from './subquery-sites.js';
import type { Technique } from './technique.js';
import { windowAggregate } from './window-aggregate.js';

export type VariantId =
  | 'flatten'
  | 'exists-join'
  | 'exists-union'
  | 'group-join'
  | 'group-join-of-selected'
  | 'latest-join'
  | 'lateral-join'
  | 'lookup-join'
  | 'window'
  | 'joined-group'
  | 'grouped-parts'
  | 'merged-totals';

/** A statement written otherwise, or why it cannot be written so. */
export interface RewriteVariant {
  readonly id: VariantId;
  readonly title: string;
  /** Null where the statement has nothing that can be written so. */
  readonly sql: string | null;
  /** Why it, or a part of it, was left as it is. */
  readonly reasons: readonly string[];
  /** Views and functions that are written out in it, since the subquery stands in one of them; schema first. */
  readonly writtenOut: readonly string[];
}

interface Recipe {
  readonly id: VariantId;
  readonly title: string;
  /** Each takes what those before it have left. */
  readonly techniques: readonly Technique[];
  /** Comparisons with ALL and ANY, and divisions, are spelled with one value that decides them first. */
  readonly ofOneValue?: boolean;
  /** LATERAL queries stay. */
  readonly keepsLateral?: boolean;
}

const RECIPES: readonly Recipe[] = [
  { id: 'flatten', title: 'EXISTS', techniques: [existsOfValues, noneBeyond, flatten] },
  { id: 'exists-union', title: 'one IN over both', techniques: [existsUnion] },
  { id: 'exists-join', title: 'LEFT JOIN of the distinct keys', techniques: [flatten, existsJoin] },
  { id: 'group-join', title: 'LEFT JOIN on GROUP BY', techniques: [flatten, groupJoin, existsJoin], ofOneValue: true },
  {
    ...{ id: 'group-join-of-selected', title: 'LEFT JOIN on GROUP BY of the selected keys alone' },
    ...{ techniques: [flatten, groupJoinOfSelected, existsJoin], ofOneValue: true },
  },
  {
    ...{ id: 'latest-join', title: 'LEFT JOIN on DISTINCT ON' },
    techniques: [flatten, latestJoin, groupJoin, existsJoin],
  },
  { id: 'lateral-join', title: 'LEFT JOIN LATERAL', techniques: [flatten, lateralJoin], keepsLateral: true },
  {
    ...{ id: 'window', title: 'a window function', ofOneValue: true },
    techniques: [windowAggregate, joinedWindows, flatten, groupJoin, existsJoin],
  },
  {
    ...{ id: 'lookup-join', title: 'LEFT JOIN on the unique key' },
    techniques: [flatten, lookupJoin, latestJoin, groupJoin, existsJoin],
  },
  {
    ...{ id: 'joined-group', title: 'LEFT JOIN on GROUP BY of the joined rows' },
    techniques: [flatten, joinedGroup, groupJoin, latestJoin, existsJoin],
  },
  { id: 'grouped-parts', title: 'groups in WITH, put together for each row', techniques: [groupedParts] },
  { id: 'merged-totals', title: 'a window along the rows and groups merged', techniques: [mergedTotals] },
];

/**
 * Gives every way in which the subqueries of a statement, and of the views and functions that it names, can be written otherwise; none
 * has been tried yet. With `ids`, those alone.
 */
export function rewriteVariants(
  sql: string,
  server: RewriteServer,
  ids?: readonly VariantId[],
): readonly RewriteVariant[] {
  const { names } = writeOut(sql, server.catalog);
  return RECIPES.filter(({ id }) => ids?.includes(id) ?? true).map(({ id, title, ...recipe }) => {
    const { tree } = parseStatement(sql);
    const own = applied(tree, recipe, server);
    const written = names.length === 0 ? tree : writeOut(sql, server.catalog).tree;
    const whole = names.length === 0 ? own : applied(written, recipe, server);
    const isHidden = whole.count > own.count;
    const { count, reasons } = isHidden ? whole : own;
    return {
      ...{ id, title, reasons: [...new Set([...reasons, ...whole.reasons])], writtenOut: isHidden ? names : [] },
      sql: count === 0 ? null : deparseStatement(isHidden ? written : tree),
    };
  });
}

/** A statement with the queries of functions and views in the place of their names. */
export interface WrittenOut {
  readonly tree: Node;
  /** Those that were written out, schema first. */
  readonly names: readonly string[];
}

/** Writes out the functions in SQL and the views that hold subqueries. */
export function writeOut(sql: string, catalog: Catalog): WrittenOut {
  const { tree } = parseStatement(sql);
  const functions = inlineFunctions(tree, catalog);
  return { tree, names: [...functions, ...inlineViews(tree, catalog)] };
}

/** What decides how a statement may be written. */
export interface RewriteServer {
  readonly catalog: Catalog;
  readonly major: number;
}

interface Applied {
  /** Subqueries that were written otherwise. */
  readonly count: number;
  readonly reasons: ReadonlySet<string>;
}

function applied(
  tree: Node,
  { techniques, ofOneValue = false, keepsLateral = false }: Omit<Recipe, 'id' | 'title'>,
  { catalog, major }: RewriteServer,
): Applied {
  const names = new FreshNames(tree);
  keepNames(tree, catalog);
  const lateral = keepsLateral ? [] : spellLateral(tree, catalog);
  spellSubqueries(tree, catalog, names);
  if (ofOneValue) {
    spellExtremes(tree, catalog);
    spellDivisions(tree, catalog);
  }
  const reasons = new Set<string>();
  let count = 0;
  for (const technique of techniques) {
    const outcomes = technique.apply(innermostFirst(tree, catalog), { catalog, names, major });
    const isLast = technique === techniques.at(-1);
    for (const outcome of outcomes) if (outcome !== null && isLast) reasons.add(outcome);
    count += outcomes.filter((outcome) => outcome === null).length;
  }
  // A row that is half joined, half looked up again would be computed twice, and be two where its order leaves a choice.
  const isHalf = lateral.length > 0 && subquerySites(tree, catalog).some(({ node }) => lateral.includes(node));
  return { count: isHalf ? 0 : count, reasons };
}

/** Read anew for each technique; what is around a subquery sees it as it is then. */
function innermostFirst(tree: Node, catalog: Catalog): readonly SubquerySite[] {
  return subquerySites(tree, catalog).toReversed();
}

/** What PostgreSQL named after a subquery is to bear that name without it. */
function keepNames(tree: Node, catalog: Catalog): void {
  for (const { level } of subquerySites(tree, catalog))
    if (level.kind === 'select') keepColumnNames(level.body.targetList);
}
