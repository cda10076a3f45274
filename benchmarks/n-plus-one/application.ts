import type { Draw } from './draw.js';
import { innocentHandlers } from './innocent-handlers.js';
import { loopHandlers } from './loop-handlers.js';
import type { Scope } from './request.js';
import type { Entity, Schema } from './schema.js';
import { SqlStyle } from './sql-style.js';
import { writeHandlers } from './write-handlers.js';

/** One kind of request that the synthesised application answers. */
export interface Handler {
  readonly name: string;
  /** It waits for what others do, which nobody does within a transaction. */
  readonly isWaiting?: boolean;
  run(scope: Scope): Promise<void>;
}

/** What a handler is made for. */
export interface World {
  readonly schema: Schema;
  readonly style: SqlStyle;
  readonly draw: Draw;
  /** Keys of an entity's rows, as the server gives them. */
  keysOf(entity: Entity): readonly unknown[];
}

/** Makes a handler for a part of the schema that suits it; null where none does. */
export type HandlerMaker = (world: World) => Handler | null;

const INNOCENT_HANDLERS = 9;
const LOOP_HANDLERS = 5;
const WRITE_HANDLERS = 2;

/** Gives the requests of one application: some that loop, more that do not. */
export function synthesiseApplication(world: Omit<World, 'style'>): readonly Handler[] {
  const { draw } = world;
  const known = { ...world, style: new SqlStyle(draw) };
  const made = (makers: readonly HandlerMaker[], count: number) =>
    Array.from({ length: count }, () => draw.pick(makers)(known)).filter((handler) => handler !== null);
  return [
    ...made(innocentHandlers, INNOCENT_HANDLERS),
    ...made(loopHandlers, LOOP_HANDLERS),
    ...made(writeHandlers, WRITE_HANDLERS),
  ];
}
