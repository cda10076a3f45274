import type { Node, RangeSubselect } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import { partsOf } from './nodes.js';

/** A query in FROM, with the conditions that its rows have to meet to be given at all. */
export interface Derived {
  readonly range: RangeSubselect;
  readonly quals: readonly Node[];
  /** FROM without it. */
  readonly others: readonly Node[];
  /** What stands left of it, and may be named in it where it is LATERAL. */
  readonly before: readonly Node[];
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
