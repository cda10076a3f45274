import type { HandlerMaker, World } from './application.js';
import type { Statement } from './call-tree.js';
import { listOf } from './loop-handlers.js';
import type { Row, Scope } from './request.js';

/** Requests that make no loop over rows, some of which look like one. */
export const innocentHandlers: readonly HandlerMaker[] = [
  pointRead,
  pointRead,
  hotPointRead,
  detail,
  eager,
  chunks,
  keysetPages,
  offsetPages,
  poll,
  cursor,
  walk,
  retried,
  listThenSome,
];

const COLUMNS = ['id', 'name', 'state', 'score'];

function pointRead(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const one = world.style.byKey(entity.name, COLUMNS, ['id']);
  const keys = world.keysOf(entity);
  return {
    name: `one of ${entity.name}`,
    run: async (scope: Scope) => void (await scope.call(one, [scope.draw.pick(keys)])),
  };
}

/** Sessions are looked up at each request, mostly the same few. */
function hotPointRead(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const one = world.style.byKey(entity.name, ['id', 'state', 'name'], ['id']);
  const touch: Statement = { text: `UPDATE ${entity.name} SET score = score WHERE id = $1`, kind: 'update' };
  const keys = world.keysOf(entity).slice(0, 4);
  return {
    name: `who asks, of ${entity.name}`,
    run: async (scope: Scope) => {
      const key = scope.draw.pick(keys);
      await scope.call(one, [key]);
      if (scope.draw.chance(0.3)) await scope.call(touch, [key]);
    },
  };
}

function detail(world: World) {
  const { schema, style, draw } = world;
  const entity = draw.pick(schema.entities);
  const one = style.byKey(entity.name, [...COLUMNS, ...entity.references.map(({ column }) => column)], ['id']);
  const parents = entity.references.map(({ column, to }) => ({ column, one: style.byKey(to.name, COLUMNS, ['id']) }));
  const children = schema.entities.flatMap(({ name, references }) =>
    references
      .filter(({ to }) => to === entity)
      .map(({ column }) => style.select({ table: name, columns: COLUMNS, where: [column], limit: 10 })),
  );
  const keys = world.keysOf(entity);
  return {
    name: `all of one of ${entity.name}`,
    run: async (scope: Scope) => {
      const [row] = await scope.call(one, [scope.draw.pick(keys)]);
      if (row === undefined) return;
      for (const { column, one: parent } of parents)
        if (row[column] !== null) await scope.call(parent, [row[column]], row);
      for (const each of children) await scope.call(each, [row['id']], row);
    },
  };
}

function eager(world: World) {
  const found = world.schema.entities.filter(({ references }) => references.length > 0);
  const entity = world.draw.pick(found);
  const { column, to } = world.draw.pick(entity.references);
  const list = listOf(world, entity);
  const isJoined = world.draw.chance(0.4);
  const joined: Statement = {
    text: `SELECT c.id, c.name, p.name AS of FROM ${entity.name} c LEFT JOIN ${to.name} p ON p.id = c.${column} ORDER BY c.id LIMIT 20 OFFSET $1`,
    kind: 'select',
  };
  const batch: Statement = { text: `SELECT id, name FROM ${to.name} WHERE id = ANY($1)`, kind: 'select' };
  return {
    name: `${entity.name} with their ${to.name} at once`,
    run: async (scope: Scope) => {
      if (isJoined) return void (await scope.call(joined, [20 * scope.draw.below(3)]));
      const rows = await list(scope);
      const keys = [...new Set(rows.map((row: Row) => row[column]).filter((key) => key !== null))];
      if (keys.length > 0) await scope.call(batch, [keys]);
    },
  };
}

function chunks(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const batch: Statement = { text: `SELECT id, name FROM ${entity.name} WHERE id = ANY($1)`, kind: 'select' };
  const keys = world.keysOf(entity);
  return {
    name: `${entity.name} in chunks`,
    run: async (scope: Scope) => {
      const size = scope.draw.pick([3, 10]);
      for (let from = 0; from < 7 * size; from += size) await scope.call(batch, [keys.slice(from, from + size)]);
    },
  };
}

function keysetPages(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const first = world.style.select({ table: entity.name, columns: COLUMNS, order: 'id', limit: 12 });
  const next = world.style.select({ table: entity.name, columns: COLUMNS, filter: 'id > $1', order: 'id', limit: 12 });
  return {
    name: `${entity.name} page by page`,
    run: async (scope: Scope) => {
      let last = (await scope.call(first, [])).at(-1);
      for (let page = 1; page < 8 && last !== undefined; page++) last = (await scope.call(next, [last['id']])).at(-1);
    },
  };
}

function offsetPages(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const page = world.style.select({ table: entity.name, columns: COLUMNS, order: 'id', limit: 'parameter' });
  const paged: Statement = { ...page, text: `${page.text} OFFSET $2` };
  return {
    name: `${entity.name} by offset`,
    run: async (scope: Scope) => {
      for (let place = 0; place < 7; place++) await scope.call(paged, [5, place * 5]);
    },
  };
}

function poll(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const due = world.style.select({ table: entity.name, columns: COLUMNS, where: ['state'], order: 'id', limit: 5 });
  return {
    name: `what is to do in ${entity.name}`,
    isWaiting: true,
    run: async (scope: Scope) => {
      for (let turn = 0; turn < 6; turn++) {
        await scope.call(due, ['new']);
        await scope.pause(60);
      }
    },
  };
}

/** Rows of one query in pieces; a cursor belongs to its connection. */
function cursor(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const name = `c_${entity.name}`;
  const declare = `DECLARE ${name} CURSOR WITH HOLD FOR SELECT id, name FROM ${entity.name} ORDER BY id`;
  return {
    name: `${entity.name} through a cursor`,
    run: async (scope: Scope) => {
      if (!scope.isOnOneConnection) return;
      await scope.call({ text: declare, kind: 'select' }, []);
      for (let turn = 0; turn < 7; turn++) await scope.call({ text: `FETCH 20 FROM ${name}`, kind: 'select' }, []);
      await scope.call({ text: `CLOSE ${name}`, kind: 'select' }, []);
    },
  };
}

function walk(world: World) {
  const { tree, treeRows } = world.schema;
  const children = world.style.select({ table: tree, columns: ['id', 'parent_id', 'name'], where: ['parent_id'] });
  return {
    name: `a part of ${tree}`,
    run: async (scope: Scope) => {
      let level: readonly Row[] = await scope.call(children, [1 + scope.draw.below(treeRows / 8)]);
      for (let calls = 0; level.length > 0 && calls < 25; ) {
        const next: Row[] = [];
        for (const row of level) {
          if (calls >= 25) break;
          calls += 1;
          next.push(...(await scope.call(children, [row['id']], row)));
        }
        level = next;
      }
    },
  };
}

function retried(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const one = world.style.byKey(entity.name, ['id', 'score', 'name'], ['id']);
  const keys = world.keysOf(entity);
  return {
    name: `one of ${entity.name}, tried again`,
    isWaiting: true,
    run: async (scope: Scope) => {
      const key = scope.draw.pick(keys);
      for (let turn = 0; turn < 4; turn++) {
        await scope.call(one, [key]);
        await scope.pause(20 * 2 ** turn);
      }
    },
  };
}

/** A person looks at a list and opens one or two of it. */
function listThenSome(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const list = listOf(world, entity);
  const one = world.style.byKey(entity.name, COLUMNS, ['id']);
  return {
    name: `${entity.name}, and one or two opened`,
    run: async (scope: Scope) => {
      for (const row of (await list(scope)).slice(1, 2 + scope.draw.below(2))) {
        await scope.pause(60);
        await scope.call(one, [row['id']], row);
      }
    },
  };
}
