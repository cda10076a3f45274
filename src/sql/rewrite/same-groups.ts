import type { Node } from '@pgsql/types';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import type { Sight } from './group-sources.js';
import { type GroupedMember, groupedMembers, type Link } from './grouped-members.js';
import { isNeverNull, isOneGroup } from './keyed-subquery.js';
import { type LevelRelation, qualified, relationOf, relationsOf } from './level-names.js';
import { comparisonOf, referenceOf, referencesIn } from './nodes.js';

/** Grouped queries of a chain that, for each row of it, give the groups of one key, or none. */
export interface SameGroups {
  readonly first: GroupedMember;
  readonly others: readonly GroupedMember[];
  /** All rows of the chain have the first one’s group. */
  readonly isFirm: boolean;
  /** Keys of the first one that may be NULL: none of the others has a group for that. */
  readonly nullable: readonly number[];
}

/** Finds grouped queries of the same rows that are joined by the same key; null where there are not two. */
export function sameGroups(chain: readonly Link[], context: Sight): SameGroups | null {
  const members = groupedMembers(chain, context);
  const nodes = chain.map(({ node }) => node);
  const sight = { members, around: relationsOf(nodes, context) };
  for (const first of members) {
    const alike = members.filter(({ source, place }) => source === first.source && place > first.place);
    const isFirm = first.link.isInner;
    if (alike.length === 0 || (!isFirm && tiesOf(first, sight) === null)) continue;
    const others = alike.filter((other) => isTied(other, first, { chain, ...sight }));
    const tied = tiesIn(first, first.link.quals, sight).map(({ place }) => place);
    const nullable = first.keys.flatMap((key, place) =>
      tied.includes(place) || isNeverNull(key, first.relations) ? [] : [place],
    );
    if (others.length > 0) return { first, others, isFirm, nullable };
  }
  return null;
}

/** What names beside a member may stand for. */
interface Standing {
  readonly members: readonly GroupedMember[];
  readonly around: readonly LevelRelation[];
}

/** Tells whether a member is joined by what the first one’s key equals, and by nothing else. */
function isTied(
  member: GroupedMember,
  first: GroupedMember,
  { chain, ...sight }: Standing & { readonly chain: readonly Link[] },
): boolean {
  const { isInner } = first.link;
  const inner = isInner ? chain.slice(first.place + 1, member.place).filter((link) => link.isInner) : [];
  const equal = [first.link, ...inner].flatMap(({ quals }) => tiesIn(first, quals, sight));
  const isEqual = ({ place, outer, text }: Tie) => {
    const isOfFirst = isInner && keyPlace(outer, first, sight) === place;
    return isOfFirst || equal.some((each) => each.place === place && each.text === text);
  };
  return tiesOf(member, sight)?.every(isEqual) ?? false;
}

interface Tie {
  /** Of the key. */
  readonly place: number;
  readonly outer: Node;
  readonly text: string;
}

/** What each key of a member equals; null where something else is asked, or not of each. */
function tiesOf(member: GroupedMember, sight: Standing): readonly Tie[] | null {
  const { quals } = member.link;
  const ties = tiesIn(member, quals, sight);
  const isWhole = new Set(ties.map(({ place }) => place)).size === member.keys.length;
  return isWhole && ties.length === quals.length && quals.length === member.keys.length ? ties : null;
}

function tiesIn(member: GroupedMember, quals: readonly Node[], sight: Standing): readonly Tie[] {
  return quals.flatMap((part) => tieIn(part, member, sight) ?? []);
}

/** `member.key = expression` of what stands beside the member. */
function tieIn(part: Node, member: GroupedMember, sight: Standing): Tie | null {
  const { operator, left, right } = comparisonOf(part) ?? {};
  if (operator !== '=' || left === undefined || right === undefined) return null;
  for (const [own, outer] of [[left, right] as const, [right, left] as const]) {
    const place = keyPlace(own, member, sight);
    const aliases = referencesIn(outer).map((node) => relationOf(node, sight.around)?.alias ?? member.alias);
    const isBeside = aliases.length > 0 && !aliases.includes(member.alias);
    const spelled = place !== null && isBeside ? qualified(outer, sight.around, []) : null;
    if (place !== null && spelled !== null && isSameKey(outer, { member, place }, sight))
      return { place, outer, text: canonical(spelled) };
  }
  return null;
}

/** The place of the key that a reference to a member’s column gives; null for anything else. */
function keyPlace(node: Node, member: GroupedMember, { around }: Standing): number | null {
  const reference = bodyOf(node, 'ColumnRef');
  const named = reference === null ? null : referenceOf(reference);
  if (named === null || relationOf(node, around)?.alias !== member.alias) return null;
  const output = member.outputs.get(named.name);
  return output?.kind === 'key' ? output.place : null;
}

/** Tells whether each value beside a member is equal to the key of one of its groups at most. */
function isSameKey(
  outer: Node,
  { member, place }: { readonly member: GroupedMember; readonly place: number },
  sight: Standing,
): boolean {
  const alike = sight.members.filter(({ source }) => source === member.source);
  if (alike.some((other) => keyPlace(outer, other, sight) === place)) return true;
  const inner = member.keys[place];
  return inner !== undefined && isOneGroup({ inner, outer }, { relations: member.relations, around: sight.around });
}
