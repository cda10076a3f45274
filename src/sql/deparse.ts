import type { Node } from '@pgsql/types';
import { deparseSync } from 'pgsql-deparser';

/** Writes an expression's tree as SQL, or gives null where the deparser cannot; to be tried on a server before use. */
export function deparseNode(node: Node): string | null {
  try {
    return deparseSync(node);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
