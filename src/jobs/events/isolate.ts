import { messageOf, sqlStateOf } from '../../errors.js';
import type { Session } from '../../postgres/session.js';

/** One of many that PostgreSQL refused, with what it said. */
export interface Refused<Item> {
  readonly item: Item;
  readonly reason: string;
}

/**
 * Applies all items in one go within the open transaction; where PostgreSQL refuses a value among them, halves them
 * until the ones at fault stand alone. The others are applied, in order; gives those that are not.
 */
export async function applyIsolated<Item>(
  session: Session,
  items: readonly Item[],
  apply: (items: readonly Item[]) => Promise<void>,
): Promise<readonly Refused<Item>[]> {
  const [first, ...more] = items;
  if (first === undefined) return [];
  await session.query('SAVEPOINT isolated');
  try {
    await apply(items);
    await session.query('RELEASE SAVEPOINT isolated');
    return [];
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await session.script('ROLLBACK TO SAVEPOINT isolated; RELEASE SAVEPOINT isolated');
    if (more.length === 0) return [{ item: first, reason: messageOf(error) }];
  }
  const middle = Math.ceil(items.length / 2);
  return [
    ...(await applyIsolated(session, items.slice(0, middle), apply)),
    ...(await applyIsolated(session, items.slice(middle), apply)),
  ];
}

/** Of the value and not of the server: data exceptions, violated constraints, limits of size, what a trigger raises. */
function isRefusal(error: unknown): boolean {
  return /^(22|23|44|54|P0)/.test(sqlStateOf(error) ?? '');
}
