import type { Node } from '@pgsql/types';
import { constantOf } from '../../sql/conjuncts.js';
import { bodyOf } from '../../sql/walk.js';
import type { AnalyzedStatement } from '../advisor.js';

/** Gives a number that is written out; null for anything else. */
export function numberOf(node: Node | undefined): number | null {
  const text = node === undefined ? null : constantOf(node);
  const number = text === null ? Number.NaN : Number(text);
  return Number.isNaN(number) ? null : number;
}

/** Gives the values of an OFFSET: the one that is written out, or those of the workload's parameters. */
export function offsetsOf({ statement: { parameterSamples } }: AnalyzedStatement, node: Node): readonly number[] {
  const written = numberOf(node);
  if (written !== null) return [written];
  const number = bodyOf(bodyOf(node, 'TypeCast')?.arg ?? node, 'ParamRef')?.number;
  if (number === undefined) return [];
  return parameterSamples.map((values) => Number(values[number - 1])).filter((value) => !Number.isNaN(value));
}
