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

/** Gives the lists of one column of which a row has to be a member: those behind IN that stand in WHERE by themselves. */
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
    const name = outputName(subselect);
    if (testexpr === undefined || 'RowExpr' in testexpr || subselect === undefined || name === null) return [];
    const quals = [operatorNode('=', columnNode(ALIAS, name), testexpr)];
    const range = { subquery: subselect, alias: { aliasname: ALIAS } };
    return [{ link, derived: { range, quals, others: items, before: [...written, ...items] } }];
  });
}

function outputName(query: Node | undefined): string | null {
  const [target, second] = bodyOf(query, 'SelectStmt')?.targetList ?? [];
  const { name, val } = bodyOf(target, 'ResTarget') ?? {};
  const reference = bodyOf(val, 'ColumnRef');
  if (second !== undefined) return null;
  return name ?? (reference === null ? null : (referenceOf(reference)?.name ?? null));
}
