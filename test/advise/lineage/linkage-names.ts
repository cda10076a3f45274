import type { Linkage } from '../../../src/model/linkage.js';
import { namedRelations } from '../../../src/sql/named-relations.js';

/** `select authors < posts, nested`. */
export function named({ kind, relations, parent, isNested, isThroughJunction }: Linkage): string {
  const from = parent === null ? '' : ` < ${namedRelations(parent.text)[0]?.name}`;
  return `${kind} ${relations[0]?.name}${from}${isNested ? ', nested' : ''}${isThroughJunction ? ', junction' : ''}`;
}
