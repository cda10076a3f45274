import type { Node, SelectStmt, WindowDef } from '@pgsql/types';
import { visit } from '../walk.js';

/** What a window asks of its rows: those of a partition together, in order within it. */
export interface WindowOrder {
  readonly partition: readonly Node[];
  readonly order: readonly Node[];
}

/** Gives the first window of a level that asks for an order; null where none does. */
export function windowOrderOf(select: SelectStmt): WindowOrder | null {
  const named = (select.windowClause ?? []).flatMap((node) => ('WindowDef' in node ? [node.WindowDef] : []));
  return (
    windowsIn([select.targetList, select.sortClause])
      .map((window) => resolved(window, named))
      .find(({ partition, order }) => partition.length + order.length > 0) ?? null
  );
}

function windowsIn(parts: unknown): readonly WindowDef[] {
  const windows: WindowDef[] = [];
  visit(parts, (kind, body) => {
    if (kind === 'WindowDef') windows.push(body as WindowDef);
    return kind !== 'SubLink';
  });
  return windows;
}

/** A window may be a name of the WINDOW clause, or begin with one. */
function resolved(
  { name, refname, partitionClause, orderClause }: WindowDef,
  named: readonly WindowDef[],
): WindowOrder {
  const base = named.find((window) => window.name !== undefined && (window.name === name || window.name === refname));
  return {
    partition: partitionClause ?? base?.partitionClause ?? [],
    order: orderClause ?? base?.orderClause ?? [],
  };
}
