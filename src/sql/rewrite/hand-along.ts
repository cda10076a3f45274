import { bodyOf } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { holdsQuery } from './column-names.js';
import type { Derived } from './derived-tables.js';
import { freeIn } from './free-references.js';
import { askOfSources, dividing, withSources } from './group-sources.js';
import { columnKey } from './grouped-level.js';
import type { JoinedLevel } from './joined-levels.js';
import { expressionType, isWrittenOneWay, tieOf } from './keyed-subquery.js';
import { relationOf, relationsOf } from './level-names.js';
import { partsOf, referencesIn } from './nodes.js';

/**
 * Asks groups, which are joined by their key to a column beside them, for what WHERE asks of that column in subqueries:
 * PostgreSQL hands constants on to them, but none of these. False where nothing is asked of it so.
 */
export function handAlong({ range, quals, others, isUnnamed }: Derived, level: JoinedLevel): boolean {
  const query = bodyOf(range.subquery, 'SelectStmt');
  if (query === null || range.alias?.colnames !== undefined || range.lateral === true || !dividing(query)) return false;
  const own = relationsOf([{ RangeSubselect: range }], level);
  const around = relationsOf([...level.written, ...others], level);
  const conditions = partsOf(level.holder.whereClause);
  const asked = conditions.flatMap((part) => {
    const { nodes, isKnown } = freeIn(part, [], level);
    const [key, second] = new Set(nodes.map((node) => columnKey(node, around)));
    // What a list is looked up in is none of what it is asked for.
    const isList = bodyOf(part, 'SubLink')?.subselect === range.subquery;
    const isAsked = !isList && holdsQuery(part) && isKnown && !isVolatile(part, level.catalog);
    return isAsked && key != null && second === undefined ? [{ part, key, nodes }] : [];
  });
  return (isUnnamed === true ? quals : [...conditions, ...quals])
    .filter((part) => !holdsQuery(part))
    .map((part) => {
      const far = referencesIn(part).filter((node) => relationOf(node, own) === null);
      const { inner, outer } = tieOf(part, new Set(far)) ?? {};
      const about = asked.filter(({ key }) => columnKey(outer, around) === key);
      return about.filter((each) => {
        if (inner === undefined || outer === undefined) return false;
        return askOfSources(query, [inner], {
          ...level,
          condition: ([source]) => {
            const relations = relationsOf(query.fromClause ?? [], level);
            if (source === undefined || expressionType(source, relations) !== expressionType(outer, around))
              return null;
            // Of one group all rows meet it, or none, as the column beside it does.
            const isAlike = isWrittenOneWay(source, relations) && isWrittenOneWay(outer, around);
            return isAlike
              ? withSources(
                  each.part,
                  each.nodes.map(() => source),
                  level,
                )
              : null;
          },
        });
      }).length;
    })
    .some((count) => count > 0);
}
