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

/** Writes a statement's tree as SQL, a clause a line, or gives null where the deparser cannot; to be tried before use. */
export function deparseStatement(tree: Node): string | null {
  try {
    return deparseSync(tree, { pretty: true });
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}
