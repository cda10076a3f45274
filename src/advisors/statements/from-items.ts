import type { JoinExpr, Node } from '@pgsql/types';
import { andParts } from '../../sql/and-parts.js';
import { allOf } from '../../sql/rewrite/nodes.js';
import { bodyOf, visit } from '../../sql/walk.js';

/** Gives the joins of FROM, an outer one before those within it; those of subqueries are not among them. */
export function joinsIn(from: unknown): readonly JoinExpr[] {
  const joins: JoinExpr[] = [];
  visit(from, (kind, body) => {
    if (kind === 'JoinExpr') joins.push(body as JoinExpr);
    return kind !== 'SelectStmt';
  });
  return joins;
}

/** Tells whether a join bears a name of its own, by which all of it may be read. */
export function hasOwnName({ alias, join_using_alias: usingAlias }: JoinExpr): boolean {
  return alias !== undefined || usingAlias !== undefined;
}

/** What is left of FROM without one of its items. */
export interface LeftOfFrom {
  readonly items: readonly Node[];
  /** Conditions of joins that are none any more. */
  readonly conditions: readonly Node[];
}

/** Gives FROM without one item of inner joins, and without these conditions; null where that cannot be written. */
export function fromWithout(from: readonly Node[], item: Node, conditions: readonly Node[]): LeftOfFrom | null {
  const moved: Node[] = [];
  const others = (quals: Node | undefined) => andParts(quals).filter((each) => !conditions.includes(each));
  /** Undefined for the item itself, null where it cannot be taken out. */
  const taken = (node: Node): Node | null | undefined => {
    if (Object.values(node)[0] === Object.values(item)[0]) return undefined;
    const join = bodyOf(node, 'JoinExpr');
    if (join?.larg === undefined || join.rarg === undefined) return node;
    const [larg, rarg] = [taken(join.larg), taken(join.rarg)];
    if (larg === null || rarg === null) return null;
    if (larg !== undefined && rarg !== undefined) {
      const quals = allOf(others(join.quals));
      return quals === undefined && join.quals !== undefined
        ? null
        : { JoinExpr: { ...join, larg, rarg, ...withQuals(quals) } };
    }
    if (join.jointype !== 'JOIN_INNER') return null;
    moved.push(...others(join.quals));
    return larg ?? rarg;
  };
  const items = from.map(taken);
  return items.includes(null) ? null : { items: items.flatMap((each) => each ?? []), conditions: moved };
}

function withQuals(quals: Node | undefined): Pick<JoinExpr, 'quals'> {
  return quals === undefined ? {} : { quals };
}
