import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import { isNeverNull } from './keyed-subquery.js';
import { type LevelRelation, relationsOf } from './level-names.js';
import { allOf, comparisonOf, notNode, partsOf, referenceOf, referencesIn, stringNode } from './nodes.js';
import type { SubquerySite } from './subquery-sites.js';

/** A count of rows, and of those among them that meet more, that are held against each other. */
export interface EqualCounts {
  /** The comparison. */
  readonly node: Node;
  /** The query of all of the rows. */
  readonly select: SelectStmt;
  /** What all of the rows meet, and what one meets that makes the counts differ. */
  readonly conditions: readonly Node[];
  /** False where the counts are asked to be equal: then there is no row that makes them differ. */
  readonly isAsked: boolean;
}

/** Whether a row that makes them differ is asked for, by how the count of more rows is compared with that of fewer. */
const ASKED: Readonly<Record<string, boolean>> = { '=': false, '<=': false, '<>': true, '!=': true, '>': true };
const MIRRORED: Readonly<Record<string, string>> = { '<=': '>=', '>=': '<=', '<': '>', '>': '<' };

/** Reads `(SELECT count(*) …) = (SELECT count(*) … AND more)` of the same rows; null for anything else. */
export function equalCounts(
  { node: own, around: [node], level }: SubquerySite,
  catalog: Catalog,
  countedOf: (select: SelectStmt) => readonly Node[] | null,
): EqualCounts | null {
  const { operator = '', left, right } = (node === undefined ? null : comparisonOf(node)) ?? {};
  const [one, other] = [left, right].map((side) => countIn(side, countedOf));
  if (node === undefined || one == null || other == null || (left !== own && right !== own)) return null;
  if (isVolatile([one.select, other.select], catalog)) return null;
  const ordered = [
    { more: one, fewer: other, asked: ASKED[operator] },
    { more: other, fewer: one, asked: ASKED[MIRRORED[operator] ?? operator] },
  ];
  for (const { more, fewer, asked } of ordered) {
    const further = furtherOf(more, fewer);
    if (further === null || asked === undefined) continue;
    const relations = relationsOf(more.select.fromClause ?? [], { catalog, commonTables: level.commonTables });
    return { node, select: more.select, conditions: [...more.parts, unmet(further, relations)], isAsked: asked };
  }
  return null;
}

interface Count {
  readonly select: SelectStmt;
  readonly parts: readonly Node[];
}

function countIn(side: Node | undefined, countedOf: (select: SelectStmt) => readonly Node[] | null): Count | null {
  const link = bodyOf(side, 'SubLink');
  const select = link?.subLinkType === 'EXPR_SUBLINK' ? bodyOf(link.subselect, 'SelectStmt') : null;
  const counted = select === null ? null : countedOf(select);
  return select === null || counted === null ? null : { select, parts: [...partsOf(select.whereClause), ...counted] };
}

/** What rows have to meet besides to be counted among the fewer, in the names of the others; null where they are other rows. */
function furtherOf(more: Count, fewer: Count): readonly Node[] | null {
  const parts = namedAlike(more, fewer);
  if (parts === null) return null;
  const texts = parts.map(canonical);
  const known = more.parts.map(canonical);
  const further = parts.filter((_, place) => !known.includes(texts[place] ?? ''));
  return further.length > 0 && known.every((text) => texts.includes(text)) ? further : null;
}

/** The conditions of the fewer in the names that the table bears where all are counted. */
function namedAlike(more: Count, fewer: Count): readonly Node[] | null {
  const [from, own] = [more.select.fromClause ?? [], fewer.select.fromClause ?? []];
  if (holdsQuery([from, own])) return null;
  if (canonical(from) === canonical(own)) return fewer.parts;
  const [range, other] = [from[0], own[0]].map((item) => bodyOf(item, 'RangeVar'));
  if (range == null || other == null || from.length > 1 || own.length > 1 || holdsQuery(fewer.parts)) return null;
  const isOneTable =
    range.relname === other.relname && range.schemaname === other.schemaname && range.inh === other.inh;
  if (!isOneTable || range.alias?.colnames !== undefined || other.alias?.colnames !== undefined) return null;
  const [name = '', otherName = ''] = [range, other].map(({ alias, relname }) => alias?.aliasname ?? relname);
  const copies = structuredClone(fewer.parts) as Node[];
  for (const { ColumnRef: reference } of referencesIn(copies)) {
    const named = referenceOf(reference);
    // The name of the other table would be that of a row further out.
    if (named === null || named.qualifier === name || (reference.fields ?? []).length > 2) return null;
    if (named.qualifier === otherName) reference.fields = [stringNode(name), stringNode(named.name)];
  }
  return copies;
}

function unmet(parts: readonly Node[], relations: readonly LevelRelation[]): Node {
  const arg = structuredClone(allOf(parts) as Node);
  const { left, right } = comparisonOf(arg) ?? {};
  const isEverKnown = [left, right].every((side) => side !== undefined && isNeverNull(side, relations));
  return isEverKnown ? notNode(arg) : { BooleanTest: { arg, booltesttype: 'IS_NOT_TRUE' } };
}
