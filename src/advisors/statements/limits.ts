import type { Node } from '@pgsql/types';
import { constantOf } from '../../sql/conjuncts.js';
import { bodyOf } from '../../sql/walk.js';
import type { WrappedColumn } from './wrapped-columns.js';

/** Numbers that a value does not leave; null for an end that is open. */
export interface Limits {
  readonly low: number | null;
  readonly high: number | null;
}

/** Gives the numbers that a comparison keeps its expression between; null where it does with none. */
export function limitsOf({ comparison, operator, value }: WrappedColumn): Limits | null {
  if (comparison.kind === 'AEXPR_BETWEEN') {
    const [low, high] = (bodyOf(value, 'List')?.items ?? []).map(numberOf);
    return low == null || high == null ? null : { low, high };
  }
  const number = comparison.kind === 'AEXPR_OP' ? numberOf(value) : null;
  if (number === null) return null;
  if (operator === '=') return { low: number, high: number };
  if (operator === '>' || operator === '>=') return { low: number, high: null };
  return operator === '<' || operator === '<=' ? { low: null, high: number } : null;
}

const NUMBER_TYPES = ['int2', 'int4', 'int8', 'numeric', 'float4', 'float8'];

/** Gives the number that a constant is, under a cast to one at most; null for anything else. */
export function numberOf(node: Node): number | null {
  const cast = bodyOf(node, 'TypeCast');
  if (cast !== null && !NUMBER_TYPES.includes(bodyOf(cast.typeName?.names?.at(-1), 'String')?.sval ?? '')) return null;
  const text = constantOf(node);
  const number = text === null || text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(number) && Math.abs(number) < 1e12 ? number : null;
}

export function widened({ low, high }: Limits, margin: number): Limits {
  return { low: low === null ? null : low - margin, high: high === null ? null : high + margin };
}

export function shiftedBy({ low, high }: Limits, addend: number): Limits {
  return { low: low === null ? null : low + addend, high: high === null ? null : high + addend };
}

export function scaledBy({ low, high }: Limits, factor: number): Limits {
  const [one, other] = [low, high].map((end) => (end === null ? null : end * factor)) as [number | null, number | null];
  return factor < 0 ? { low: other, high: one } : { low: one, high: other };
}
