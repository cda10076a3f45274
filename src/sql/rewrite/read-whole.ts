import type { Node, RangeSubselect } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import type { JoinedLevel } from './joined-levels.js';
import { type ReferenceNode, referencesIn } from './nodes.js';

/** A star, or the row itself, gives what is added. */
export function isReadWhole({ alias }: RangeSubselect, holder: JoinedLevel['holder']): boolean {
  const returned = 'returningClause' in holder ? holder.returningClause : undefined;
  const given = referencesIn(['targetList' in holder ? holder.targetList : [], returned]);
  const isOwn = ({ ColumnRef: { fields = [] } }: ReferenceNode) =>
    bodyOf(fields[0], 'String')?.sval === alias?.aliasname && (fields.length === 1 || isStar(fields.at(-1)));
  return (
    alias?.colnames !== undefined ||
    given.some(({ ColumnRef: { fields = [] } }) => isStar(fields[0])) ||
    referencesIn(holder).some(isOwn)
  );
}

function isStar(field: Node | undefined): boolean {
  return field !== undefined && 'A_Star' in field;
}
