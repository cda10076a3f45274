import type { Node, SubLink } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import type { Derived } from './derived-tables.js';
import { columnNode, operatorNode, partsOf, referenceOf } from './nodes.js';

/** A query behind IN, read as one in FROM that is joined to the rows that look into it. */
export interface MemberList {
  readonly link: SubLink;
  readonly derived: Derived;
}

/** No name of anybody's: the list is never written under it. */
const ALIAS = ' list';

/** Gives the lists of which a row, or some of its columns, has to be a member: those behind IN that stand in WHERE by themselves. */
export function memberListsIn({
  holder,
  items,
  written,
}: {
  readonly holder: { readonly whereClause?: Node };
  readonly items: readonly Node[];
  readonly written: readonly Node[];
}): readonly MemberList[] {
  return partsOf(holder.whereClause).flatMap((part): readonly MemberList[] => {
    const link = bodyOf(part, 'SubLink');
    const { subLinkType, testexpr, operName, subselect } = link ?? {};
    if (link === null || subLinkType !== 'ANY_SUBLINK' || operName !== undefined) return [];
    const quals = testexpr === undefined ? [] : membership(testexpr, subselect);
    if (quals.length === 0 || subselect === undefined) return [];
    const range = { subquery: subselect, alias: { aliasname: ALIAS } };
    return [{ link, derived: { range, quals, others: items, before: [...written, ...items], isUnnamed: true } }];
  });
}

/** Gives what a member equals, column by column; none where it is not told which column each of its parts belongs to. */
function membership(member: Node, list: Node | undefined): readonly Node[] {
  const parts = bodyOf(member, 'RowExpr')?.args ?? [member];
  const names = outputNames(list);
  if (names === null || names.length !== parts.length) return [];
  return parts.map((part, place) => {
    const [name = '', ...others] = names.filter((each) => each === names[place]);
    return operatorNode('=', columnNode(ALIAS, others.length === 0 ? name : ''), part);
  });
}

/** Null where a star stands for columns; what has no name bears an empty one. */
function outputNames(query: Node | undefined): readonly string[] | null {
  const names = (bodyOf(query, 'SelectStmt')?.targetList ?? []).map((target) => {
    const { name, val } = bodyOf(target, 'ResTarget') ?? {};
    const reference = bodyOf(val, 'ColumnRef');
    return reference === null ? (name ?? '') : (name ?? referenceOf(reference)?.name ?? null);
  });
  return names.includes(null) ? null : names.flatMap((name) => name ?? []);
}
