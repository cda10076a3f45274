import type { HandlerMaker, World } from './application.js';
import type { Statement } from './call-tree.js';
import type { Row, Scope } from './request.js';
import type { Entity, Reference } from './schema.js';

/** Requests that read in loops over rows. */
export const loopHandlers: readonly HandlerMaker[] = [
  belongsTo,
  belongsTo,
  belongsTo,
  hasMany,
  hasMany,
  hasMany,
  nested,
  throughJunction,
  throughJunction,
  behindJunction,
  compositeKey,
  repeatedInLoop,
  givenKeys,
  afterBatch,
  severalInLoop,
];

/** A list page of a table: newest first, filtered or by offset. */
export function listOf({ style, draw }: World, entity: Entity): (scope: Scope) => Promise<readonly Row[]> {
  const columns = ['id', ...entity.references.map(({ column }) => column), 'name', 'score'];
  const size = draw.pick([10, 20, 20, 25, 50]);
  const order = draw.pick(['id', 'created_at DESC', 'score DESC, id']);
  const filter = draw.pick([null, 'score > 20', "name LIKE '%1%'"]);
  const made = { table: entity.name, columns, order, ...(filter === null ? {} : { filter }) };
  const byState = style.select({ ...made, where: ['state'], limit: 'parameter' });
  const plain = style.select({ ...made, limit: size });
  const paged = { ...plain, text: `${plain.text} OFFSET $1` };
  const kind = draw.pick(['state', 'plain', 'paged'] as const);
  return (scope) => {
    if (kind === 'state') return scope.call(byState, [scope.draw.pick(['new', 'open', 'done']), size]);
    if (kind === 'plain') return scope.call(plain, []);
    return scope.call(paged, [size * scope.draw.below(Math.max(1, Math.floor(entity.rows / size / 3)))]);
  };
}

function referring(world: World): { readonly entity: Entity; readonly reference: Reference } | null {
  const found = world.schema.entities.filter(({ references }) => references.length > 0);
  if (found.length === 0) return null;
  const entity = world.draw.pick(found);
  return { entity, reference: world.draw.pick(entity.references) };
}

/** What stands around the call of a loop: an identity map, a guard, an early exit, calls that are tried again. */
interface Manner {
  readonly hasIdentityMap: boolean;
  readonly isGuarded: boolean;
  readonly leavesEarly: boolean;
  readonly retries: boolean;
}

function mannerOf({ draw }: World): Manner {
  return {
    hasIdentityMap: draw.chance(0.35),
    isGuarded: draw.chance(0.25),
    leavesEarly: draw.chance(0.15),
    retries: draw.chance(0.1),
  };
}

async function eachBy(
  { hasIdentityMap, isGuarded, leavesEarly, retries }: Manner,
  rows: readonly Row[],
  { column, read }: { readonly column: string; readonly read: (row: Row, scope: Scope) => Promise<unknown> },
  scope: Scope,
): Promise<void> {
  const known = new Set<unknown>();
  const until = leavesEarly ? Math.ceil(rows.length * 0.6) : rows.length;
  let at = 0;
  await scope.each(rows, async (row, inner) => {
    at += 1;
    const value = row[column];
    if (value === null || (isGuarded && Number(row['score']) % 4 === 0)) return at < until;
    if (hasIdentityMap && known.has(value)) return at < until;
    known.add(value);
    await read(row, inner);
    if (retries && inner.draw.chance(0.2)) await read(row, inner);
    return at < until;
  });
}

function belongsTo(world: World) {
  const found = referring(world);
  if (found === null) return null;
  const { column, to } = found.reference;
  const list = listOf(world, found.entity);
  const one = world.style.byKey(to.name, ['id', 'name', 'state'], ['id']);
  const manner = mannerOf(world);
  return {
    name: `${found.entity.name} with their ${to.name}`,
    run: async (scope: Scope) => {
      const read = (row: Row, inner: Scope) => inner.call(one, [row[column]]);
      await eachBy(manner, await list(scope), { column, read }, scope);
    },
  };
}

function childrenOf({ style, draw }: World, entity: Entity, column: string): Statement {
  const { name, references } = entity;
  const columns = ['id', ...references.map((each) => each.column), 'name'];
  const count: Statement = { text: `SELECT count(*) FROM ${name} WHERE ${column} = $1`, kind: 'select' };
  const sum: Statement = { text: `SELECT sum(score) AS total FROM ${name} WHERE ${column} = $1`, kind: 'select' };
  return draw.pick([
    style.select({ table: name, columns, where: [column] }),
    style.select({ table: name, columns, where: [column], order: 'created_at DESC', limit: 3 }),
    style.select({ table: name, columns, where: [column], filter: "state <> 'done'" }),
    style.select({ table: name, columns, where: [column, 'state'] }),
    count,
    sum,
  ]);
}

function hasMany(world: World) {
  const found = referring(world);
  if (found === null) return null;
  const { column, to } = found.reference;
  const list = listOf(world, to);
  const children = childrenOf(world, found.entity, column);
  const manner = mannerOf(world);
  const rest = children.text.includes('$2') ? ['open'] : [];
  return {
    name: `${to.name} with their ${found.entity.name}`,
    run: async (scope: Scope) => {
      const read = (row: Row, inner: Scope) => inner.call(children, [row['id'], ...rest]);
      await eachBy(manner, await list(scope), { column: 'id', read }, scope);
    },
  };
}

function nested(world: World) {
  const found = referring(world);
  if (found === null) return null;
  const { entity, reference } = found;
  const other = world.draw.pick(entity.references);
  const columns = ['id', ...entity.references.map(({ column }) => column), 'name'];
  const list = listOf(world, reference.to);
  const children = world.style.select({ table: entity.name, columns, where: [reference.column] });
  const one = world.style.byKey(other.to.name, ['id', 'name'], ['id']);
  if (other === reference) return null;
  return {
    name: `${reference.to.name}, their ${entity.name}, and the ${other.to.name} of each`,
    run: async (scope: Scope) => {
      await scope.each((await list(scope)).slice(0, 10), async (row, inner) => {
        await inner.each((await inner.call(children, [row['id']])).slice(0, 8), (child, innermost) =>
          child[other.column] === null ? Promise.resolve() : innermost.call(one, [child[other.column]]),
        );
      });
    },
  };
}

function throughJunction(world: World) {
  const { name, left, right } = world.draw.pick(world.schema.junctions);
  const list = listOf(world, left.to);
  const text = `SELECT r.id, r.name FROM ${name} j JOIN ${right.to.name} r ON r.id = j.${right.column} WHERE j.${left.column} = $1`;
  const linked: Statement = { text, kind: 'select', isThroughJunction: true };
  const manner = mannerOf(world);
  return {
    name: `${left.to.name} with their ${right.to.name} through ${name}`,
    run: async (scope: Scope) => {
      const read = (row: Row, inner: Scope) => inner.call(linked, [row['id']]);
      await eachBy(manner, await list(scope), { column: 'id', read }, scope);
    },
  };
}

function behindJunction(world: World) {
  const { name, left, right } = world.draw.pick(world.schema.junctions);
  const links = world.style.select({ table: name, columns: [left.column, right.column], where: [left.column] });
  const one = world.style.byKey(right.to.name, ['id', 'name', 'state'], ['id']);
  const keys = world.keysOf(left.to);
  const list = listOf(world, left.to);
  const isDetail = world.draw.chance(0.4);
  const readOf = (scope: Scope, rows: readonly Row[]) =>
    scope.each(rows, (row, inner) => inner.call(one, [row[right.column]]));
  return {
    name: `${isDetail ? 'one of' : ''} ${left.to.name}, its rows of ${name}, and the ${right.to.name} of each`,
    run: async (scope: Scope) => {
      if (isDetail) return readOf(scope, await scope.call(links, [scope.draw.pick(keys)]));
      const rows = (await list(scope)).slice(0, 12);
      await scope.each(rows, async (row, inner) => readOf(inner, await inner.call(links, [row['id']])));
    },
  };
}

function compositeKey(world: World) {
  const { documents, lines } = world.schema.composite;
  const isOfTenant = world.draw.chance(0.5);
  const where = isOfTenant ? { where: ['tenant'] } : {};
  const columns = ['tenant', 'number', 'title'];
  const list = world.style.select({ table: documents, columns, ...where, order: 'number DESC, tenant', limit: 20 });
  const ofOne = world.style.select({ table: lines, columns: ['line', 'amount'], where: ['tenant', 'number'] });
  return {
    name: `${documents} with their ${lines}`,
    run: async (scope: Scope) => {
      const rows = await scope.call(list, isOfTenant ? [1 + scope.draw.below(8)] : []);
      await scope.each(rows, (row, inner) => inner.call(ofOne, [row['tenant'], row['number']]));
    },
  };
}

/** Something that is the same for all rows is asked for at each. */
function repeatedInLoop(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const other = world.draw.pick(world.schema.entities);
  const list = listOf(world, entity);
  const one = world.style.byKey(other.name, ['id', 'state', 'score'], ['id']);
  const keys = world.keysOf(other);
  return {
    name: `${entity.name}, and the same row of ${other.name} at each`,
    run: async (scope: Scope) => {
      const key = scope.draw.pick(keys);
      await scope.each((await list(scope)).slice(0, 15), (_, inner) => inner.call(one, [key]));
    },
  };
}

/** Keys that a client has sent. */
function givenKeys(world: World) {
  const entity = world.draw.pick(world.schema.entities);
  const one = world.style.byKey(entity.name, ['id', 'name', 'state', 'score'], ['id']);
  const keys = world.keysOf(entity);
  return {
    name: `${entity.name} by keys that were sent`,
    run: (scope: Scope) => {
      const wanted = Array.from({ length: scope.draw.between(8, 20) }, () => scope.draw.pick(keys));
      return scope.each([...new Set(wanted)], (key, inner) => inner.call(one, [key]));
    },
  };
}

/** A list, its parents in one batch, and then something for each parent. */
function afterBatch(world: World) {
  const found = referring(world);
  if (found === null) return null;
  const { entity, reference } = found;
  const { to } = reference;
  const list = listOf(world, entity);
  const batch: Statement = { text: `SELECT id, name FROM ${to.name} WHERE id = ANY($1)`, kind: 'select' };
  const count: Statement = {
    text: `SELECT max(score) AS best FROM ${entity.name} WHERE ${reference.column} = $1`,
    kind: 'select',
  };
  return {
    name: `${entity.name}, their ${to.name} at once, and a figure of each`,
    run: async (scope: Scope) => {
      const keys = (await list(scope)).map((row) => row[reference.column]).filter((key) => key !== null);
      if (keys.length === 0) return;
      const rows = await scope.call(batch, [[...new Set(keys)]]);
      await scope.each(rows, (row, inner) => inner.call(count, [row['id']]));
    },
  };
}

/** Several statements a turn; what one gives, the next asks for. */
function severalInLoop(world: World) {
  const { schema, style, draw } = world;
  const found = schema.entities.filter(({ references }) => references.some(({ to }) => to.references.length > 0));
  if (found.length === 0) return null;
  const entity = draw.pick(found);
  const { column, to } = draw.pick(entity.references.filter((each) => each.to.references.length > 0));
  const next = draw.pick(to.references);
  const list = listOf(world, entity);
  const owner = style.byKey(to.name, ['id', next.column, 'name'], ['id']);
  const ownersOwner = style.byKey(next.to.name, ['id', 'state', 'name'], ['id']);
  return {
    name: `${entity.name}, the ${to.name} of each, and theirs of ${next.to.name}`,
    run: async (scope: Scope) => {
      await scope.each((await list(scope)).slice(0, 12), async (row, inner) => {
        if (row[column] === null) return;
        const [one] = await inner.call(owner, [row[column]]);
        if (one !== undefined && one[next.column] !== null) await inner.call(ownersOwner, [one[next.column]], one);
      });
    },
  };
}
