import type { BeforeAfter } from '../../model/before-after.js';
import type { LoadSide } from './capacity.js';
import { systemClock } from './clock.js';
import { type LoadConnection, type LoadConnectionsOptions, openLoadConnections } from './connections.js';

/** Both sides of a load, ready to be measured. */
export type Sides = BeforeAfter<LoadSide<LoadConnection>>;

export interface SidesOptions extends Omit<LoadConnectionsOptions, 'perSide'> {
  readonly signal?: AbortSignal;
}

/** Connections of one side: a small pool, so that a stall makes others wait. */
export const CONNECTIONS = 4;

/** Opens the connections of both sides for the length of some work; the signal closes them at once. */
export async function withSides<Value>(
  { signal, ...options }: SidesOptions,
  work: (sides: Sides) => Promise<Value>,
): Promise<Value> {
  const connections = await openLoadConnections({ ...options, perSide: CONNECTIONS });
  const stop = () => void connections.close();
  signal?.addEventListener('abort', stop, { once: true });
  const sideOf = (own: readonly LoadConnection[]): Sides['before'] => ({
    connections: own,
    call: (connection, arrival) => connection(arrival),
    clock: systemClock,
    ...(signal === undefined ? {} : { signal }),
  });
  try {
    return await work({ before: sideOf(connections.before), after: sideOf(connections.after) });
  } finally {
    signal?.removeEventListener('abort', stop);
    await connections.close();
  }
}
