import { namesParameter } from '../parameters.js';
import { bodyOf } from '../walk.js';
import type { NoBatch } from './batch-or-reason.js';
import { isFixed, type LoopText, numberOf, wantedName } from './loop-parameters.js';
import type { InsertedColumn, Merge } from './merge-values.js';

export interface MergedValue {
  readonly column: InsertedColumn;
  /** Its value as it stands with the arrays' columns. */
  readonly sql: string;
  readonly loop: LoopText;
  /** Parameters that some call gives NULL. */
  readonly nulls: readonly number[];
}

/** These add up otherwise in another order. */
const INEXACT: ReadonlySet<string> = new Set(['real', 'double precision']);
const AGGREGATES = { sum: 'sum', greatest: 'max', least: 'min', any: 'bool_or', all: 'bool_and' } as const;

/** Gives the expression that makes one value of those of a key's calls, in the order of the calls; a reason for none. */
export function mergedSql(merge: Merge | null, value: MergedValue): string | NoBatch {
  const { column, sql, loop, nulls } = value;
  const { name } = column;
  if (merge === null) return { reason: `what it sets ${name} to is neither a value of the call nor a sum of them` };
  if (merge === 'sum' || merge === 'any' || merge === 'all') {
    // What an aggregate leaves out makes the loop's result NULL.
    if (namesParameter(column.value, (number) => nulls.includes(number)))
      return { reason: `${name} gets NULL by some of them` };
    if (!isFixed(column.value, loop) && numberOf(column.value) === null)
      return { reason: `what ${name} gets is made of a value of the call` };
    if (merge === 'sum' && isFixed(column.value, loop)) return timesCalled(value);
    if (merge === 'sum' && INEXACT.has(typeOf(column, loop) ?? ''))
      return { reason: `a sum of ${name} is another one in another order` };
    return `${AGGREGATES[merge]}(${sql})`;
  }
  if (isFixed(column.value, loop)) return sql;
  if (merge === 'greatest' || merge === 'least') {
    const type = typeOf(column, loop);
    if (type === null || isCollatable(type)) return { reason: `which is the ${merge} is for the collation of ${name}` };
    return `${AGGREGATES[merge]}(${sql})`;
  }
  if (typeOf(column, loop)?.endsWith('[]') === true) return { reason: `${name} is an array` };
  const order = `${wantedName(loop.text)}.place${merge.startsWith('last') ? ' DESC' : ''}`;
  const known = merge.endsWith('known') ? ` FILTER (WHERE ${sql} IS NOT NULL)` : '';
  return `(array_agg(${sql} ORDER BY ${order})${known})[1]`;
}

/** Texts are compared as their column says, which the arrays' columns do not know; types of users may hold texts. */
function isCollatable(type: string): boolean {
  return /^(?:text|character|character varying|name)$/.test(type) || /[."]/.test(type);
}

/** A sum of the same value for each call. */
function timesCalled({ column, sql, loop }: MergedValue): string {
  if (sql === '1') return 'count(*)';
  const type = typeOf(column, loop);
  const isParameter = type !== null && bodyOf(column.value, 'ParamRef') !== null;
  return isParameter ? `sum(${sql}::${type})` : `sum(${sql})`;
}

/** Gives the type of a parameter that a column gets; null where it gets something else, or the type is not known. */
export function typeOf({ value }: InsertedColumn, { parameters, fixed = [] }: LoopText): string | null {
  const number = numberOf(value);
  return [...parameters, ...fixed].find((parameter) => parameter.number === number)?.type ?? null;
}
