import type { Node } from '@pgsql/types';
import { columnParts } from '../analysis/expression.js';
import { SET_BACK } from '../clock-margins.js';
import { constantOf } from '../conjuncts.js';
import { deparseNode } from '../deparse.js';
import {
  columnIn,
  type LevelColumn,
  type LevelCondition,
  type QueryLevel,
  storedColumn,
} from '../levels/query-level.js';
import { queryOfRelation } from '../levels/query-of-relation.js';
import { quoteIdentifier } from '../quote.js';
import { holdsQuery } from '../rewrite/column-names.js';
import { comparisonOf, referencesIn } from '../rewrite/nodes.js';
import { bodyOf } from '../walk.js';
import { conditionNode } from '../with-node.js';

/**
 * Writes `date_trunc('day', a.moment) = b.day`, which joins all moments of a day to it, as a span of moments from that day
 * on, so that an index finds them; null for any other condition. Of a full join no such condition may be asked.
 */
export function withinUnit({ node, join }: LevelCondition, level: QueryLevel): Node | null {
  const comparison = comparisonOf(node);
  if (comparison?.operator !== '=' || join?.jointype === 'JOIN_FULL') return null;
  const { left, right } = comparison;
  return spanOf(left, right, level) ?? spanOf(right, left, level);
}

const LOCAL = 'timestamp without time zone';
const TIMES: ReadonlySet<string> = new Set([LOCAL, 'timestamp with time zone']);
/** Hours and less are not of one length where clocks are set back. */
const LENGTHS: Readonly<Record<string, string>> = {
  ...{ day: '1 day', week: '1 week', month: '1 month', quarter: '3 months', year: '1 year' },
};

function spanOf(side: Node, other: Node, level: QueryLevel): Node | null {
  const truncated = truncatedIn(side);
  const column = truncated === null ? null : columnIn(level, truncated.moment);
  const type = column === null ? undefined : storedColumn(column)?.baseType;
  const length = LENGTHS[truncated?.unit ?? ''];
  if (truncated === null || column === null || column.level !== level || length === undefined) return null;
  if (type === undefined || !TIMES.has(type) || !isOfOthers(other, column, level)) return null;
  // A clock’s time that is compared with a moment is none where clocks are put forward.
  if (type === LOCAL && !isLocal(other, level)) return null;
  const [begin, whole] = [deparseNode(other), deparseNode(side)];
  if (begin === null || whole === null) return null;
  const moment = `${quoteIdentifier(column.relation.alias)}.${quoteIdentifier(column.name)}`;
  const time = `(${begin})::${type}`;
  // Where clocks are put forward at midnight a day begins at one o’clock, and the next one does not.
  const next = `date_trunc('${truncated.unit}', ${time} + interval '${length}')`;
  // Infinity has no next day, and is the last moment before it itself.
  const last = `${next} - interval '1 microsecond'`;
  if (type === LOCAL)
    return conditionNode(
      `${moment} >= ${time} AND ${moment} <= ${last} AND date_trunc('${truncated.unit}', ${time}) = ${time}`,
    );
  // Where they are put back at midnight, by up to three hours since 1970, it is twice: an equality beside the span, by which no hash is made, tells which.
  return conditionNode(
    `${moment} >= ${time} - ${SET_BACK} AND ${moment} <= ${last} + ${SET_BACK} AND ${whole} >= (${begin}) AND ${whole} <= (${begin})`,
  );
}

interface Truncated {
  readonly unit: string;
  readonly moment: Node;
}

/** `date_trunc('unit', column)`, `column::date`, `date(column)`. */
function truncatedIn(node: Node): Truncated | null {
  const cast = bodyOf(node, 'TypeCast');
  const call = bodyOf(node, 'FuncCall');
  const [first, second, third] = call?.args ?? [];
  const name = bodyOf(call?.funcname?.at(-1), 'String')?.sval;
  const isDate = bodyOf(cast?.typeName?.names?.at(-1), 'String')?.sval === 'date';
  if (cast?.arg !== undefined) return isDate && 'ColumnRef' in cast.arg ? { unit: 'day', moment: cast.arg } : null;
  if (name === 'date' && first !== undefined && second === undefined) return { unit: 'day', moment: first };
  const unit = first === undefined ? null : constantOf(first);
  if (name !== 'date_trunc' || unit === null || second === undefined || third !== undefined) return null;
  return { unit: unit.toLowerCase(), moment: second };
}

/** It reads other relations of the level, and these alone; of a function it is not known which columns it has. */
function isOfOthers(other: Node, { relation }: LevelColumn, level: QueryLevel): boolean {
  const references = referencesIn(other);
  if (references.length === 0 || holdsQuery(other)) return false;
  return references.every((reference) => {
    const { qualifier, name } = columnParts(reference.ColumnRef);
    const named = level.relations.filter(({ alias }) => alias === qualifier);
    const found = columnIn(level, reference)?.relation ?? (name === null ? undefined : named[0]);
    return found !== undefined && found !== relation && level.relations.includes(found);
  });
}

/** A date, or a time without a zone: a column, one of a series of such times, or what is made one by a cast. */
function isLocal(other: Node, level: QueryLevel): boolean {
  const cast = castOf(other);
  if (cast !== null) return LOCAL_CASTS.has(cast);
  const { relation, name } = columnIn(level, other) ?? seriesIn(level, other) ?? {};
  if (relation === undefined || name === undefined) return false;
  const type = storedColumn({ relation, name })?.baseType;
  if (type !== undefined) return type === 'date' || type === LOCAL;
  const query = queryOfRelation(relation, level);
  const output = query?.targetList?.find((target) => bodyOf(target, 'ResTarget')?.name === name);
  if (output !== undefined) return LOCAL_CASTS.has(castOf(bodyOf(output, 'ResTarget')?.val) ?? '');
  return isLocalSeries(relation.node);
}

const LOCAL_CASTS: ReadonlySet<string> = new Set(['date', 'timestamp']);

function castOf(node: Node | undefined): string | null {
  return bodyOf(bodyOf(node, 'TypeCast')?.typeName?.names?.at(-1), 'String')?.sval ?? null;
}

/** A function's row that bears its alias, where the function looks at the rows beside it. */
function seriesIn(level: QueryLevel, other: Node): Pick<LevelColumn, 'relation' | 'name'> | null {
  const { qualifier, name } = columnParts(bodyOf(other, 'ColumnRef') ?? {});
  const relation = level.relations.find(({ alias }) => alias === qualifier);
  return relation === undefined || name === null ? null : { relation, name };
}

function isLocalSeries(node: Node): boolean {
  const range = bodyOf(node, 'RangeFunction');
  const [first] = bodyOf(range?.functions?.[0], 'List')?.items ?? [];
  const { funcname, args } = bodyOf(first, 'FuncCall') ?? {};
  const isSeries = bodyOf(funcname?.at(-1), 'String')?.sval === 'generate_series';
  return isSeries && castOf(args?.[0]) === 'timestamp' && range?.ordinality !== true;
}
