import type { Node, SelectStmt } from '@pgsql/types';
import { bodyOf, visit } from '../walk.js';
import { freeIn } from './free-references.js';
import type { Sight } from './group-sources.js';
import type { GroupedMember } from './grouped-members.js';
import { type LevelRelation, relationOf } from './level-names.js';
import { columnName, type ReferenceNode, referenceOf, referencesIn } from './nodes.js';

/** What a reference names. */
export interface MemberUse {
  readonly member: GroupedMember;
  /** Of the member’s output. */
  readonly name: string;
}

interface Level {
  readonly select: SelectStmt;
  readonly members: readonly GroupedMember[];
  readonly relations: readonly LevelRelation[];
}

/** Gives the references to what members give; null where one cannot be told, or may stand for all of their columns. */
export function memberUses(level: Level, context: Sight): ReadonlyMap<ReferenceNode, MemberUse> | null {
  const { select, members, relations } = level;
  if (members.some((member) => isNamedAgain(level, member))) return null;
  const isBlind = (node: Node) =>
    'CommonTableExpr' in node || ('RangeSubselect' in node && node.RangeSubselect.lateral !== true);
  const near = new Set(referencesIn(select, (node) => isBlind(node) || 'SelectStmt' in node));
  const { nodes: free, isKnown } = freeIn(Object.values(select), [], context);
  const named = namedFirst(select);
  const uses = new Map<ReferenceNode, MemberUse>();
  for (const node of referencesIn(select, isBlind)) {
    const isNear = near.has(node);
    // Further in a name without its table may be of either.
    const isSure = isNear || (isKnown && !free.includes(node));
    const use = useOf(node, { ...level, isNear, isSure });
    const isBare = node.ColumnRef.fields?.length === 1;
    if (use === 'unknown') return null;
    if (use === null || (isBare && (!isNear || named(node)))) continue;
    if (relationOf(node, relations)?.alias !== use.member.alias) return null;
    uses.set(node, use);
  }
  return uses;
}

function useOf(
  node: ReferenceNode,
  { members, relations, isNear, isSure }: Level & { readonly isNear: boolean; readonly isSure: boolean },
): MemberUse | 'unknown' | null {
  const { fields = [] } = node.ColumnRef;
  const named = referenceOf(node.ColumnRef);
  const first = bodyOf(fields[0], 'String')?.sval ?? null;
  const called = members.find(({ alias }) => alias === first);
  const isStarOfAll = named === null && fields.length === 1 && isNear;
  if (named === null) return isStarOfAll || called !== undefined ? 'unknown' : null;
  // A member’s name alone is its whole row.
  if (called !== undefined && fields.length !== 2) return 'unknown';
  if (fields.length > 1) {
    if (called === undefined) return null;
    return called.outputs.has(named.name) ? { member: called, name: named.name } : 'unknown';
  }
  if (!isSure) return members.some(({ outputs }) => outputs.has(named.name)) ? 'unknown' : null;
  const alias = relationOf(node, relations)?.alias;
  const member = members.find((each) => each.alias === alias);
  return member === undefined ? null : { member, name: named.name };
}

/** Tells whether a name is that of an output first: in ORDER BY and DISTINCT ON. */
function namedFirst({ targetList = [], sortClause = [], distinctClause = [] }: SelectStmt): (node: Node) => boolean {
  const outputs = targetList.map((target) => bodyOf(target, 'ResTarget'));
  const titles = outputs.map((output) => output?.name ?? columnName(output?.val));
  const places = [...sortClause.map((node) => bodyOf(node, 'SortBy')?.node), ...distinctClause];
  return (node) => places.includes(node) && titles.includes(columnName(node));
}

/** Tells whether a member’s name may stand for something else where the member is seen. */
function isNamedAgain({ select, members }: Level, { link, alias }: GroupedMember): boolean {
  const own = bodyOf(link.node, 'RangeSubselect');
  let isFound = false;
  visit(select, (kind, body) => {
    if (kind === 'CommonTableExpr') return false;
    const name = (body['alias'] as { readonly aliasname?: string } | undefined)?.aliasname;
    isFound ||= body !== own && (name ?? (kind === 'RangeVar' ? body['relname'] : undefined)) === alias;
    return !isFound && !(kind === 'RangeSubselect' && body['lateral'] !== true);
  });
  return isFound || members.some((member) => member.alias === alias && member.link !== link);
}
