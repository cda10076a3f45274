import type { Node } from '@pgsql/types';
import { bodyOf, visit } from '../../walk.js';
import { replaceNode } from '../nodes.js';

/** Spells `SET (a, b) = (SELECT x, y …)` as one subquery a column, and `x = ANY (ARRAY (SELECT …))` as `x IN (SELECT …)`. */
export function spellColumns(tree: Node): void {
  visit(tree, (_, body) => {
    for (const child of Object.values(body)) {
      const nodes = Array.isArray(child) ? child : [child];
      for (const node of nodes) if (typeof node === 'object' && node !== null) spellOne(node as Node);
    }
  });
}

function spellOne(node: Node): void {
  const { source, colno = 0 } = bodyOf(node, 'MultiAssignRef') ?? {};
  const link = bodyOf(source, 'SubLink');
  const select = bodyOf(link?.subselect, 'SelectStmt');
  const target = select?.targetList?.[colno - 1];
  if (link !== null && select !== null && target !== undefined && select.larg === undefined)
    replaceNode(node, { SubLink: { ...link, subselect: { SelectStmt: { ...select, targetList: [target] } } } });
  const { kind, lexpr, rexpr, name = [] } = bodyOf(node, 'A_Expr') ?? {};
  const array = bodyOf(rexpr, 'SubLink');
  if (lexpr === undefined || array?.subLinkType !== 'ARRAY_SUBLINK' || array.subselect === undefined) return;
  const operator = bodyOf(name[0], 'String')?.sval;
  const { subselect } = array;
  if (kind === 'AEXPR_OP_ANY' && operator === '=')
    replaceNode(node, { SubLink: { subLinkType: 'ANY_SUBLINK', testexpr: lexpr, subselect } });
  if (kind === 'AEXPR_OP_ALL')
    replaceNode(node, { SubLink: { subLinkType: 'ALL_SUBLINK', testexpr: lexpr, operName: name, subselect } });
}
