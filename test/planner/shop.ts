import type { IndexKey } from '../../src/model/catalog.js';
import type { PlanNode } from '../../src/model/plan.js';
import type { IndexSpec } from '../../src/model/planner.js';
import { parsePlan } from '../../src/postgres/explain.js';
import type { Session } from '../../src/postgres/session.js';
import { createIndexSql } from '../../src/sql/index-definition.js';

/** A small shop with what a twin has to get right: an enum, a dropped column, partial and expression indexes, extended statistics. */
const SHOP = `
  CREATE SCHEMA shop;
  CREATE TYPE shop.state AS ENUM ('new', 'paid', 'sent', 'lost');
  CREATE TABLE shop.customers (obsolete text, id int PRIMARY KEY, email text NOT NULL, country text, joined_at timestamptz);
  ALTER TABLE shop.customers DROP COLUMN obsolete;
  CREATE TABLE shop.orders (
    id bigint PRIMARY KEY, customer_id int NOT NULL REFERENCES shop.customers (id), state shop.state NOT NULL,
    region text NOT NULL CHECK (region <> ''), city text NOT NULL, amount numeric(10, 2), created_at timestamptz NOT NULL,
    sent_at timestamptz);
  INSERT INTO shop.customers
  SELECT i, 'customer' || i || '@example.org', CASE WHEN i % 9 > 0 THEN 'c' || i % 9 END,
         timestamptz '2024-01-01 UTC' + i * interval '1 hour'
    FROM generate_series(1, 2000) AS i;
  INSERT INTO shop.orders
  SELECT i, 1 + i * 7919 % 2000, (ARRAY['sent', 'sent', 'sent', 'paid', 'new', 'lost'])[1 + (i * i) % 6]::shop.state,
         'r' || i % 5, 'r' || i % 5 || 'c' || i % 15, (i * 37 % 5000) / 100.0,
         timestamptz '2024-01-01 UTC' + i * interval '10 minutes',
         CASE WHEN i % 4 > 0 THEN timestamptz '2024-01-02 UTC' + i * interval '10 minutes' END
    FROM generate_series(1, 30000) AS i;
  CREATE INDEX orders_created_at_idx ON shop.orders (created_at);
  CREATE INDEX orders_new_idx ON shop.orders (customer_id) WHERE state = 'new';
  CREATE INDEX customers_lower_idx ON shop.customers (lower(email));
  CREATE STATISTICS shop.orders_places (ndistinct, dependencies, mcv) ON state, region, city FROM shop.orders;
  CREATE STATISTICS shop.orders_days ON (date_trunc('day', created_at AT TIME ZONE 'UTC')) FROM shop.orders;
  ALTER TABLE shop.customers SET (autovacuum_enabled = off);
  ALTER TABLE shop.orders SET (autovacuum_enabled = off)`;

/** Orders that came after ANALYZE: only the end of the index on created_at tells of them. */
const LATE_ORDERS = `
  INSERT INTO shop.orders
  SELECT i, 1 + i * 7919 % 2000, 'new', 'r' || i % 5, 'r' || i % 5 || 'c' || i % 15, 1,
         timestamptz '2024-01-01 UTC' + i * interval '10 minutes', NULL
    FROM generate_series(30001, 31000) AS i`;

/** Fills an empty database with the shop. */
export async function makeShop(session: Session): Promise<void> {
  await session.script(SHOP);
  await session.query('VACUUM shop.customers, shop.orders');
  await session.query('ANALYZE shop.customers, shop.orders');
  await session.query(LATE_ORDERS);
}

/** Builds the spec of an index on a table of the shop; a key is `name`, `name desc` or `(expression)`. */
export function indexOn(table: string, keys: readonly string[], changes: Partial<IndexSpec> = {}): IndexSpec {
  return {
    table: { schema: 'shop', name: table },
    method: 'btree',
    keys: keys.map(keyOf),
    include: [],
    predicate: null,
    unique: false,
    ...changes,
  };
}

function keyOf(text: string): IndexKey {
  const sql = text.replace(/ desc$/, '');
  const descending = sql !== text;
  const column = sql.startsWith('(') ? null : sql;
  return { column, sql, descending, nullsFirst: descending, opclass: null, collation: null };
}

/** Gives the plan on the session's own server. */
export async function realPlan(session: Session, sql: string): Promise<PlanNode> {
  const { rows } = await session.query(`EXPLAIN (FORMAT JSON, VERBOSE) ${sql}`);
  return parsePlan(rows[0]?.['QUERY PLAN']);
}

/** Gives the plan, and the index's blocks, while the index really stands. */
export async function realPlanWith(session: Session, sql: string, index: IndexSpec) {
  await session.script(`BEGIN; ${createIndexSql(index, { name: 'really_built' })}`);
  try {
    const { rows } = await session.query<{ blocks: number }>(
      `SELECT (pg_relation_size('${index.table.schema}.really_built') / 8192)::float8 AS blocks`,
    );
    return { plan: await realPlan(session, sql), blocks: rows[0]?.blocks ?? 0 };
  } finally {
    await session.query('ROLLBACK');
  }
}

/** Node types with relations and whether an index is used, as one text. */
export function shapeOf(plan: PlanNode): string {
  const children = plan.children.map(shapeOf).join(', ');
  const node = [plan.nodeType, plan.relation, plan.index === null ? null : 'by index'].filter((part) => part !== null);
  return children === '' ? node.join(' ') : `${node.join(' ')} (${children})`;
}
