import type { Node } from '@pgsql/types';
import { bodyOf, visit } from '../walk.js';
import type { NoBatch } from './batch-or-reason.js';
import { type LoopText, numberOf } from './loop-parameters.js';

const OTHER_ROWS = 'it reads the table that it writes to, which each call may find changed by those before';
const ADDS_UP = 'calls change one row several times, and what it sets depends on what the row holds by then';
const FOUND_ANEW = 'calls change one row several times, and it finds its rows by what it sets';
const MOVES_KEYS = 'it sets the column that it finds its rows by, so that a call may find what one before has set';

/** Tells why a call may do something else after others than before them; null where nothing shows that it may. */
export function dependsOnCallsBefore(loop: LoopText, tree: Node, isRepeated: boolean): NoBatch | null {
  if (readsOwnTable(tree)) return { reason: OTHER_ROWS };
  const update = bodyOf(tree, 'UpdateStmt');
  if (update === null) return null;
  const set = new Set((update.targetList ?? []).map((target) => bodyOf(target, 'ResTarget')?.name));
  if (keyColumns(update.whereClause, loop).some((name) => set.has(name))) return { reason: MOVES_KEYS };
  if (!isRepeated) return null;
  if (columnsIn(update.targetList).length > 0) return { reason: ADDS_UP };
  return columnsIn(update.whereClause).some((name) => set.has(name)) ? { reason: FOUND_ANEW } : null;
}

/** In a subquery, in FROM or in USING: not as what is written. */
function readsOwnTable(tree: Node): boolean {
  const write = bodyOf(tree, 'InsertStmt') ?? bodyOf(tree, 'UpdateStmt') ?? bodyOf(tree, 'DeleteStmt');
  const { relation: target, ...rest } = write ?? {};
  let found = false;
  visit(rest, (kind, body) => {
    found ||= kind === 'RangeVar' && body['relname'] === target?.relname;
    return !found;
  });
  return found;
}

/** Columns that are compared with a value that changes. */
function keyColumns(where: Node | undefined, { parameters }: LoopText): readonly string[] {
  const names: string[] = [];
  visit(where, (kind, body) => {
    if (kind !== 'A_Expr') return;
    const { lexpr, rexpr } = body as { readonly lexpr?: Node; readonly rexpr?: Node };
    const isChanging = (node: Node | undefined) => parameters.some(({ number }) => number === numberOf(node));
    if (isChanging(rexpr)) names.push(...columnsIn(lexpr));
    if (isChanging(lexpr)) names.push(...columnsIn(rexpr));
  });
  return names;
}

function columnsIn(nodes: Node | readonly Node[] | undefined): readonly string[] {
  const names: string[] = [];
  visit(nodes, (kind, body) => {
    if (kind !== 'ColumnRef') return;
    const name = bodyOf((body['fields'] as readonly Node[]).at(-1), 'String')?.sval;
    if (name !== undefined) names.push(name);
  });
  return names;
}
