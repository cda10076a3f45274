import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Equivalence } from '../../../src/model/equivalence.js';
import { createEmptySchema } from '../../../src/planner/twin/empty-schema.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { openEquivalence } from '../../../src/proof/equivalence.js';
import { eitherSide } from '../../../src/sql/rewrite/either-side.js';
import { testDatabase } from '../../postgres.js';
import { PAIR_SCHEMA } from '../../proof/equivalence/wrong-rewrites.js';
import { twinServer } from '../../twin-server.js';

let catalog: Catalog;
let equivalence: Equivalence;

beforeAll(async () => {
  const { session } = await testDatabase();
  await session.script(PAIR_SCHEMA);
  catalog = (await readSnapshot(session)).catalog;
  equivalence = openEquivalence({ catalog, server: twinServer, define: createEmptySchema, databases: 300 });
}, 60_000);

afterAll(() => equivalence.close());

const JOINED = 'FROM orders o JOIN customers c ON c.id = o.customer';

describe('a query by one or the other table', () => {
  it('is written as one query a table, each row once', () => {
    const sql = `SELECT o.id ${JOINED} WHERE o.amount > 1 AND (o.state = 'paid' OR c.region = 'a')`;
    expect(eitherSide(sql, catalog)).toMatchInlineSnapshot(`
      "SELECT o.id
      FROM orders AS o
      JOIN customers AS c ON c.id = o.customer
      WHERE
        o.amount > 1
        AND o.state = 'paid'
      UNION
      ALL
      SELECT o.id
      FROM orders AS o
      JOIN customers AS c ON c.id = o.customer
      WHERE
        o.amount > 1
        AND c.region = 'a'
        AND o.state = 'paid' IS NOT TRUE"
    `);
  });

  it.each([
    [
      'sides of several conditions',
      `SELECT o.id ${JOINED} WHERE (o.discount = 2 AND NOT o.amount > 1) OR (c.credit = 3 AND c.region = 'a')`,
    ],
    ['a side that denies', `SELECT o.id ${JOINED} WHERE NOT (o.discount = 2 AND o.amount > 1) OR c.credit IS NULL`],
    ['columns that may be NULL', `SELECT o.id, o.discount ${JOINED} WHERE o.discount = 2 OR c.credit = 3`],
    [
      'three sides',
      `SELECT o.id ${JOINED} JOIN items i ON i.order_id = o.id WHERE o.amount = 1 OR c.credit = 2 OR i.price = 3`,
    ],
    [
      'an outer join',
      `SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer = c.id WHERE c.region = 'a' OR o.state = 'paid'`,
    ],
    [
      'an order and a limit',
      `SELECT o.id AS n, c.name ${JOINED} WHERE o.amount = 1 OR c.region = 'a' ORDER BY c.name DESC, n LIMIT 2`,
    ],
    [
      'WITH',
      `WITH big AS (SELECT * FROM orders WHERE amount > 1) SELECT b.id FROM big b, customers c, orders o WHERE c.id = b.customer AND o.id = b.id AND (c.region = 'a' OR o.state = 'paid')`,
    ],
    ['parameters', `SELECT o.id ${JOINED} WHERE o.state = $1 OR c.region = $2`],
    [
      'distinct rows, NULL among them, that a join repeats',
      `SELECT DISTINCT c.region, 'x' AS mark FROM customers c LEFT JOIN orders o ON o.customer = c.id WHERE c.name = 'a' OR o.state = 'paid' ORDER BY c.region LIMIT 3`,
    ],
  ])('gives the same with %s', async (_, sql) => {
    const [verdict] = await equivalence.compare(sql, [eitherSide(sql, catalog) ?? '']);
    expect(verdict).toMatchObject({ kind: 'no counterexample' });
  });

  it.each([
    ['one table alone is asked', `SELECT o.id ${JOINED} WHERE o.state = 'paid' OR o.amount = 1`],
    ['one side asks both tables', `SELECT o.id ${JOINED} WHERE o.state = 'paid' OR o.amount = c.credit`],
    ['rows are grouped', `SELECT count(*) ${JOINED} WHERE o.state = 'paid' OR c.region = 'a'`],
    [
      'the first row of each is given',
      `SELECT DISTINCT ON (o.state) o.id ${JOINED} WHERE o.amount = 1 OR c.region = 'a'`,
    ],
    [
      'groups are made distinct',
      `SELECT DISTINCT o.state ${JOINED} WHERE o.amount = 1 OR c.region = 'a' GROUP BY o.state`,
    ],
    ['rows are numbered', `SELECT row_number() OVER () ${JOINED} WHERE o.state = 'paid' OR c.region = 'a'`],
    [
      'it is sorted by what is not selected',
      `SELECT o.id ${JOINED} WHERE o.state = 'paid' OR c.region = 'a' ORDER BY o.amount`,
    ],
    ['rows are locked', `SELECT o.id ${JOINED} WHERE o.state = 'paid' OR c.region = 'a' FOR UPDATE OF o`],
    ['a function is not the same each time', `SELECT o.id ${JOINED} WHERE o.amount > random() OR c.region = 'a'`],
    ['it is no query', `DELETE FROM orders o USING customers c WHERE o.state = 'paid' OR c.region = 'a'`],
  ])('is left alone where %s', (_, sql) => {
    expect(eitherSide(sql, catalog)).toBeNull();
  });
});
