import type { Node, RangeSubselect } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { type LevelRelation, relationOf } from './level-names.js';
import { partsOf, referencesIn } from './nodes.js';

/** A query in FROM, with the conditions that its rows have to meet to be given at all. */
export interface Derived {
  readonly range: RangeSubselect;
  readonly quals: readonly Node[];
  /** FROM without it. */
  readonly others: readonly Node[];
  /** What stands left of it, and may be named in it where it is LATERAL. */
  readonly before: readonly Node[];
  /** Nothing but its own conditions names it. */
  readonly isUnnamed?: true;
}

/** Gives the queries in FROM that see what is beside them if they are asked to. */
export function derivedOf(items: readonly Node[]): readonly Derived[] {
  return items.flatMap((item, place) => {
    const rest = items.filter((_, at) => at !== place);
    return derivedIn(item).map(({ others, before, ...derived }) => ({
      ...derived,
      others: [...rest, ...others],
      before: [...items.slice(0, place), ...before],
    }));
  });
}

function derivedIn(item: Node): readonly Derived[] {
  const range = bodyOf(item, 'RangeSubselect');
  if (range !== null) return range.lateral === true ? [] : [{ range, quals: [], others: [], before: [] }];
  const join = bodyOf(item, 'JoinExpr');
  const { larg, rarg, jointype = 'JOIN_INNER' } = join ?? {};
  if (join === null || larg === undefined || rarg === undefined || join.usingClause !== undefined) return [];
  if (join.isNatural === true || join.alias !== undefined) return [];
  if (jointype !== 'JOIN_INNER' && jointype !== 'JOIN_LEFT') return [];
  const own = partsOf(join.quals);
  return [
    ...derivedIn(rarg).map(({ range: each, quals, others, before }) => ({
      range: each,
      quals: [...quals, ...own],
      others: [larg, ...others],
      before: [larg, ...before],
    })),
    ...derivedIn(larg).map((each) => fromLeft(each, { rarg, own, isInner: jointype === 'JOIN_INNER' })),
  ];
}

/** An outer join adds nothing to be asked of its left side, and may be left out where that is asked for. */
function fromLeft(
  { quals, others, ...derived }: Derived,
  { rarg, own, isInner }: { readonly rarg: Node; readonly own: readonly Node[]; readonly isInner: boolean },
): Derived {
  return isInner ? { ...derived, quals: [...quals, ...own], others: [...others, rarg] } : { ...derived, quals, others };
}

/** Leaves out of FROM what is joined to it by LEFT JOIN and not read: it only repeats rows. */
export function withoutUnread(item: Node, read: readonly Node[], relations: readonly LevelRelation[]): Node {
  const join = bodyOf(item, 'JoinExpr');
  const { larg, rarg, jointype = 'JOIN_INNER', quals } = join ?? {};
  if (join === null || larg === undefined || rarg === undefined || join.alias !== undefined) return item;
  if (join.usingClause !== undefined || join.isNatural === true) return item;
  const aliases = aliasesIn(rarg);
  const isRead = read.some((node) => aliases.includes(relationOf(node, relations)?.alias ?? ''));
  if (jointype === 'JOIN_LEFT' && !isRead) return withoutUnread(larg, read, relations);
  if (jointype !== 'JOIN_LEFT' && jointype !== 'JOIN_INNER') return item;
  const left = withoutUnread(larg, [...read, ...referencesIn([quals, rarg])], relations);
  return { JoinExpr: { ...join, larg: left } };
}

function aliasesIn(item: Node): readonly string[] {
  const join = bodyOf(item, 'JoinExpr');
  if (join !== null) return [join.larg, join.rarg].flatMap((side) => (side === undefined ? [] : aliasesIn(side)));
  const range = bodyOf(item, 'RangeVar');
  const alias = range?.alias ?? bodyOf(item, 'RangeSubselect')?.alias ?? bodyOf(item, 'RangeFunction')?.alias;
  return [alias?.aliasname ?? range?.relname ?? ''];
}
