import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Equivalence } from '../../src/model/equivalence.js';
import { createEmptySchema } from '../../src/planner/twin/empty-schema.js';
import { readSnapshot } from '../../src/postgres/snapshot-reader.js';
import { steppedTables } from '../../src/proof/endless-recursion.js';
import { openEquivalence } from '../../src/proof/equivalence.js';
import { parseStatement } from '../../src/sql/parse.js';
import { testDatabase } from '../postgres.js';
import { twinServer } from '../twin-server.js';

const SCHEMA = `
  CREATE TABLE branches (id integer PRIMARY KEY, parent_id integer REFERENCES branches, name text NOT NULL);
  CREATE TABLE leaves (id integer PRIMARY KEY, branch_id integer NOT NULL REFERENCES branches, size integer);`;

const below = (first: string, union = 'UNION ALL') =>
  `WITH RECURSIVE below AS (SELECT b.id AS root, b.id FROM branches b ${first} ${union} SELECT t.root, c.id FROM below t JOIN branches c ON c.parent_id = t.id)`;

let equivalence: Equivalence;

beforeAll(async () => {
  const { session } = await testDatabase();
  await session.script(SCHEMA);
  const { catalog } = await readSnapshot(session);
  equivalence = openEquivalence({ catalog, server: twinServer, define: createEmptySchema });
}, 60_000);

afterAll(() => equivalence.close());

it.each([
  [
    `${below('')} SELECT l.id FROM leaves l JOIN below n ON n.id = l.branch_id WHERE n.root = 3`,
    `${below('WHERE b.id = 3')} SELECT l.id FROM leaves l JOIN below n ON n.id = l.branch_id`,
    'no counterexample',
  ],
  [
    `${below('')} SELECT l.id FROM leaves l JOIN below n ON n.id = l.branch_id WHERE n.root = 3`,
    `SELECT l.id FROM leaves l WHERE l.branch_id = 3`,
    'differs',
  ],
])('a recursion ends on tiny databases: %s', async (original, rewritten, kind) => {
  expect(await equivalence.compare(original, [rewritten])).toMatchObject([{ kind }]);
});

it.each([
  ['that keeps repeated rows', below(''), ['below', 'branches']],
  ['that passes them by', below('', 'UNION'), []],
  ['that counts its steps', below('', 'UNION').replace('t.root, c.id', 't.root + 1, c.id'), ['below', 'branches']],
  ['that goes so deep', below('').replace('= t.id', '= t.id AND t.root < 9'), []],
  ['that goes where it has not been', below('').replace('= t.id', '= t.id WHERE NOT c.id = ANY (path)'), []],
  ['that chooses what it goes to', below('').replace('= t.id', "= t.id AND c.name <> 'a'"), ['below', 'branches']],
  ['that none is', 'WITH below AS (SELECT id FROM branches UNION ALL SELECT id FROM leaves)', []],
])('a recursion %s goes through %s', (_, text, tables) => {
  expect([...steppedTables([parseStatement(`${text} SELECT id FROM below`).tree])].sort()).toEqual(tables);
});
