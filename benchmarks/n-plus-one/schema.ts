import type { Draw } from './draw.js';

/** A table of the synthesised application. */
export interface Entity {
  readonly name: string;
  /** Columns of its primary key: one, or a tenant and a number. */
  readonly key: readonly string[];
  readonly rows: number;
  readonly references: readonly Reference[];
  /** SQL of the key's last column for the row `n`. */
  readonly keySql: (n: string) => string;
  readonly keyType: string;
}

export interface Reference {
  readonly column: string;
  readonly to: Entity;
}

/** A table that connects two others. */
export interface Junction {
  readonly name: string;
  readonly left: Reference;
  readonly right: Reference;
}

export interface Schema {
  readonly entities: readonly Entity[];
  readonly junctions: readonly Junction[];
  /** Keyed by tenant and number; its lines refer to both. */
  readonly composite: { readonly documents: string; readonly lines: string };
  /** A tree by `parent_id`. */
  readonly tree: string;
  readonly treeRows: number;
  /** Notes that are only written, and counts by a unique key, of the first entity. */
  readonly notes: string;
  readonly counts: string;
  readonly ddl: string;
}

const NAMES = [
  ...['account', 'project', 'task', 'invoice', 'customer', 'vehicle', 'route', 'ticket', 'article', 'device'],
  ...['site', 'contract', 'employee', 'team', 'asset', 'order', 'product', 'shipment', 'warehouse', 'campaign'],
];
const TENANTS = 8;
const TREE_ROWS = 600;

const KEYS: readonly { readonly type: string; readonly sql: (name: string) => (n: string) => string }[] = [
  { type: 'integer', sql: () => (n) => `(${n})` },
  { type: 'integer', sql: () => (n) => `(100000 + (${n}) * 7)` },
  { type: 'bigint', sql: () => (n) => `(1700000000000::bigint + (${n}) * 9973)` },
  { type: 'uuid', sql: (name) => (n) => `md5('${name}' || (${n}))::uuid` },
  {
    type: 'text',
    sql: (name) => (n) => `('${name.slice(0, 3)}-' || substr(md5('${name}' || (${n})), 1, 6) || (${n}))`,
  },
];

/** Gives a random schema: keys of all kinds, small tables and larger, foreign keys declared or not, a junction or two. */
export function synthesiseSchema(draw: Draw): Schema {
  const isDeclared = draw.chance(0.85);
  const entities: Entity[] = [];
  const names = [...NAMES].sort(() => draw.below(3) - 1).slice(0, draw.between(5, 8));
  for (const name of names) entities.push(entityOf(`${name}s`, entities, draw));
  const junctions = Array.from({ length: draw.between(1, 2) }, (_, place) => junctionOf(entities, place, draw));
  const composite = { documents: 'documents', lines: 'document_lines' };
  const fixed = { composite, tree: 'categories', treeRows: TREE_ROWS, notes: 'event_notes', counts: 'view_counts' };
  const parts = { entities, junctions, ...fixed };
  return { ...parts, ddl: ddlOf(parts, isDeclared, draw) };
}

function entityOf(name: string, before: readonly Entity[], draw: Draw): Entity {
  const kind = draw.pick(draw.chance(0.5) ? KEYS.slice(0, 1) : KEYS);
  const references: Reference[] = [];
  for (let wanted = Math.min(before.length, draw.between(1, 2)); wanted > 0; wanted--) {
    const to = draw.pick(before);
    if (references.every((each) => each.to !== to)) references.push({ column: `${to.name.slice(0, -1)}_id`, to });
  }
  const rows = draw.pick([60, 200, 500, 1000, 3000]);
  return { name, key: ['id'], rows, references, keySql: kind.sql(name), keyType: kind.type };
}

function junctionOf(entities: readonly Entity[], place: number, draw: Draw): Junction {
  const left = draw.pick(entities);
  const right = draw.pick(entities.filter((each) => each !== left));
  return {
    name: `${left.name}_${right.name}_${place}`,
    left: { column: `${left.name.slice(0, -1)}_id`, to: left },
    right: { column: `${right.name.slice(0, -1)}_id`, to: right },
  };
}

function ddlOf(
  { entities, junctions, composite, tree, notes, counts }: Omit<Schema, 'ddl'>,
  isDeclared: boolean,
  draw: Draw,
): string {
  const refers = (to: string) => (isDeclared ? ` REFERENCES ${to}` : '');
  const [first] = entities;
  return [
    ...entities.flatMap((entity) => entityDdl(entity, refers, draw)),
    ...junctions.flatMap(({ name, left, right }) => [
      `CREATE TABLE ${name} (${[left, right].map((each) => `${each.column} ${each.to.keyType} NOT NULL${refers(each.to.name)}`).join(', ')}, PRIMARY KEY (${left.column}, ${right.column}))`,
      `INSERT INTO ${name} SELECT DISTINCT ${left.to.keySql(`1 + n % ${left.to.rows}`)}, ${right.to.keySql(spread(right.to.rows, draw))} FROM generate_series(1, ${left.to.rows * 4}) AS n`,
    ]),
    `CREATE TABLE ${composite.documents} (tenant integer, number integer, title text, state text, PRIMARY KEY (tenant, number))`,
    `INSERT INTO ${composite.documents} SELECT 1 + n % ${TENANTS}, 1 + n / ${TENANTS}, 'document ' || n, 'open' FROM generate_series(0, 1999) AS n`,
    `CREATE TABLE ${composite.lines} (tenant integer, number integer, line integer, amount numeric, PRIMARY KEY (tenant, number, line)${isDeclared ? `, FOREIGN KEY (tenant, number) REFERENCES ${composite.documents}` : ''})`,
    `INSERT INTO ${composite.lines} SELECT tenant, number, line, line * 2.5 FROM ${composite.documents}, generate_series(1, 3) AS line`,
    `CREATE TABLE ${tree} (id integer PRIMARY KEY, parent_id integer${refers(tree)}, name text)`,
    `INSERT INTO ${tree} SELECT n, nullif(n / 4, 0), 'category ' || n FROM generate_series(1, ${TREE_ROWS}) AS n`,
    `CREATE INDEX ON ${tree} (parent_id)`,
    `CREATE TABLE ${notes} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, subject_id ${first?.keyType}${refers(first?.name ?? '')}, body text, at timestamptz DEFAULT now())`,
    `CREATE TABLE ${counts} (subject_id ${first?.keyType} PRIMARY KEY${refers(first?.name ?? '')}, views integer NOT NULL)`,
    'ANALYZE',
  ].join(';\n');
}

function entityDdl(entity: Entity, refers: (to: string) => string, draw: Draw): readonly string[] {
  const { name, keyType, references, rows, keySql } = entity;
  const columns = references.map(({ column, to }) => `${column} ${to.keyType}${refers(to.name)}`);
  const values = references.map(({ to }) => {
    const value = to.keySql(spread(to.rows, draw));
    return draw.chance(0.3) ? `CASE WHEN n % 13 = 0 THEN NULL ELSE ${value} END` : value;
  });
  return [
    `CREATE TABLE ${name} (${[`id ${keyType} PRIMARY KEY`, ...columns, 'name text', 'state text', 'score integer', 'created_at timestamptz'].join(', ')})`,
    `INSERT INTO ${name} SELECT ${[keySql('n'), ...values, `'${name} ' || n`, `(ARRAY['new', 'open', 'done'])[1 + n % 3]`, 'n * 31 % 100', `timestamptz '2026-01-01' + n * interval '37 minutes'`].join(', ')} FROM generate_series(1, ${rows}) AS n`,
    ...references.map(({ column }) => `CREATE INDEX ON ${name} (${column})`),
  ];
}

/** Some rows are referred to far more often than others. */
function spread(rows: number, draw: Draw): string {
  const salt = draw.below(100_000);
  return `1 + floor(${rows} * power(((n * 48271 + ${salt}) % 99991) / 99991.0, ${draw.pick([1, 1, 2])}))::integer`;
}
