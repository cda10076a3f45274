import type { Node } from '@pgsql/types';
import { bodyOf } from '../../sql/walk.js';

/** Gives what a cast, or a call of a function of moments, is made of. */
export function innerOf(expression: Node): Node | undefined {
  const cast = bodyOf(expression, 'TypeCast');
  if (cast !== null) return cast.arg;
  const call = bodyOf(expression, 'FuncCall');
  const [first, second] = call?.args ?? [];
  switch (nameOf(expression)) {
    case 'date':
      return second === undefined ? first : undefined;
    case 'to_char':
      return first;
    case 'left':
    case 'substring':
    case 'substr':
      return first === undefined ? undefined : innerOf(first);
    default:
      return second;
  }
}

/** Gives the name of the function that is called; empty where none is. */
export function nameOf(expression: Node): string {
  return bodyOf(bodyOf(expression, 'FuncCall')?.funcname?.at(-1), 'String')?.sval ?? '';
}

/** Gives the type that is cast to, as it is written; null for no cast. */
export function castName(expression: Node): string | null {
  return bodyOf(bodyOf(expression, 'TypeCast')?.typeName?.names?.at(-1), 'String')?.sval ?? null;
}
