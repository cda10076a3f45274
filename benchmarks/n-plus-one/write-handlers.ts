import type { HandlerMaker, World } from './application.js';
import type { Statement } from './call-tree.js';
import { listOf } from './loop-handlers.js';
import type { Scope } from './request.js';

/** Requests that write in loops. */
export const writeHandlers: readonly HandlerMaker[] = [
  notePerRow,
  countPerRow,
  scorePerRow,
  stepPerRow,
  importRows,
  removePerRow,
];

function notePerRow(world: World) {
  const [subject] = world.schema.entities;
  if (subject === undefined) return null;
  const list = listOf(world, subject);
  const insert: Statement = {
    text: `INSERT INTO ${world.schema.notes} (subject_id, body) VALUES ($1, $2)${world.draw.chance(0.5) ? ' RETURNING id' : ''}`,
    kind: 'insert',
  };
  return {
    name: `a note for each of ${subject.name}`,
    run: async (scope: Scope) => {
      const day = `seen ${scope.draw.below(1000)}`;
      await scope.each(await list(scope), (row, inner) => inner.call(insert, [row['id'], day]));
    },
  };
}

function countPerRow(world: World) {
  const [subject] = world.schema.entities;
  if (subject === undefined) return null;
  const list = listOf(world, subject);
  const counts = world.schema.counts;
  const upsert: Statement = {
    text: `INSERT INTO ${counts} (subject_id, views) VALUES ($1, $2) ON CONFLICT (subject_id) DO UPDATE SET views = ${counts}.views + excluded.views`,
    kind: 'upsert',
  };
  return {
    name: `a view for each of ${subject.name}`,
    run: async (scope: Scope) => {
      await scope.each(await list(scope), (row, inner) => inner.call(upsert, [row['id'], 1]));
    },
  };
}

function scorePerRow(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const list = listOf(world, entity);
  const isSame = world.draw.chance(0.5);
  const update: Statement = {
    text: isSame
      ? `UPDATE ${entity.name} SET name = name WHERE id = $1`
      : `UPDATE ${entity.name} SET created_at = created_at, name = $1 WHERE id = $2`,
    kind: 'update',
  };
  return {
    name: `a name for each of ${entity.name}`,
    run: async (scope: Scope) => {
      await scope.each(await list(scope), (row, inner) =>
        inner.call(update, isSame ? [row['id']] : [String(row['name']), row['id']]),
      );
    },
  };
}

/** The rows leave the state by which they were found: what gave them gives others afterwards. */
function stepPerRow(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const list = world.style.select({
    ...{ table: entity.name, columns: ['id', 'name', 'state'], where: ['state'], order: 'created_at', limit: 20 },
  });
  const update: Statement = { text: `UPDATE ${entity.name} SET state = $1 WHERE id = $2`, kind: 'update' };
  return {
    name: `a step of each of ${entity.name}`,
    run: async (scope: Scope) => {
      const [from, to] = scope.draw.pick([
        ['new', 'open'],
        ['open', 'done'],
        ['done', 'new'],
      ] as const);
      await scope.each(await scope.call(list, [from]), (row, inner) => inner.call(update, [to, row['id']]));
    },
  };
}

/** Rows that a client has sent. */
function importRows(world: World) {
  const [subject] = world.schema.entities;
  if (subject === undefined) return null;
  const keys = world.keysOf(subject);
  const insert: Statement = {
    text: `INSERT INTO ${world.schema.notes} (subject_id, body, at) VALUES ($1, $2, now())`,
    kind: 'insert',
  };
  return {
    name: `notes of ${subject.name} as they were sent`,
    run: (scope: Scope) => {
      const count = scope.draw.between(20, 40);
      const sent = Array.from({ length: count }, (_, place) => ({ key: scope.draw.pick(keys), place }));
      return scope.each(sent, ({ key, place }, inner) => inner.call(insert, [key, `line ${place}`]));
    },
  };
}

function removePerRow(world: World) {
  const { name, left } = world.draw.pick(world.schema.junctions);
  const list = listOf(world, left.to);
  const remove: Statement = { text: `DELETE FROM ${world.schema.counts} WHERE subject_id = $1`, kind: 'delete' };
  const unlink: Statement = { text: `DELETE FROM ${name} WHERE ${left.column} = $1`, kind: 'delete' };
  const chosen = left.to === world.schema.entities[0] && world.draw.chance(0.5) ? remove : unlink;
  return {
    name: `what hangs on each of ${left.to.name} removed`,
    run: async (scope: Scope) => {
      await scope.each((await list(scope)).slice(0, 12), (row, inner) => inner.call(chosen, [row['id']]));
    },
  };
}
