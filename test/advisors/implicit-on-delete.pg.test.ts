import { expect, it } from 'vitest';
import { implicitOnDelete } from '../../src/advisors/implicit-on-delete.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

const PARENT = 'CREATE TABLE users (id int PRIMARY KEY, a int, b int, UNIQUE (a, b));';

checkSchemaCases(implicitOnDelete, [
  {
    name: 'finds the keys to one table together',
    sql: `${PARENT} CREATE TABLE one (u int REFERENCES users); CREATE TABLE two (u int NOT NULL REFERENCES users, x int, y int, FOREIGN KEY (x, y) REFERENCES users (a, b))`,
    finds: ['info public.users'],
  },
  {
    name: 'is silent about keys that say what is meant',
    sql: `${PARENT} CREATE TABLE one (u int REFERENCES users ON DELETE CASCADE); CREATE TABLE two (u int REFERENCES users ON DELETE SET NULL);
      CREATE TABLE three (u int REFERENCES users ON DELETE RESTRICT); CREATE TABLE four (u int REFERENCES users ON DELETE SET DEFAULT)`,
    finds: [],
  },
  {
    name: 'is silent about a deferrable key, which wants NO ACTION',
    sql: `${PARENT} CREATE TABLE one (u int REFERENCES users DEFERRABLE INITIALLY DEFERRED)`,
    finds: [],
  },
  {
    name: 'finds a key to the own table',
    sql: 'CREATE TABLE "Tree" (id int PRIMARY KEY, parent int REFERENCES "Tree")',
    finds: ['info public."Tree"'],
  },
  {
    name: 'warns where rows have been deleted from the parent',
    sql: `${PARENT} INSERT INTO users VALUES (1); DELETE FROM users; CREATE TABLE one (u int REFERENCES users)`,
    finds: ['warn public.users'],
  },
  {
    name: 'warns where the workload deletes from the parent',
    sql: `${PARENT} CREATE TABLE one (u int REFERENCES users)`,
    workload: [{ sql: 'DELETE FROM users WHERE id = $1' }],
    finds: ['warn public.users'],
  },
  {
    name: 'finds a key of partitions once, and none of inherited copies',
    sql: `${PARENT} CREATE TABLE p (u int REFERENCES users, n int) PARTITION BY LIST (n); CREATE TABLE p1 PARTITION OF p DEFAULT`,
    finds: ['info public.users'],
  },
  { name: 'is silent where no key is', sql: PARENT, finds: [] },
]);

it('tells NO ACTION from RESTRICT, shows what else hangs on the table, and makes the new key before the old one goes', async () => {
  const found = await onlyFinding(
    implicitOnDelete,
    `${PARENT} CREATE TABLE one (u int REFERENCES users, "By" int NOT NULL REFERENCES users); CREATE TABLE two (u int REFERENCES users ON DELETE CASCADE)`,
  );
  expect(found.message).toMatchInlineSnapshot(
    `"public.one (u) and public.one (By) lead to public.users without an ON DELETE action, which means NO ACTION: a row of public.users cannot be deleted while one of them leads to it. That is not RESTRICT: it is checked when the statement is over, and not at once. Say what is meant: RESTRICT, CASCADE or SET NULL. The other keys to it: public.two (u) goes with it (CASCADE)."`,
  );
  expect(found.fix?.sql.map(({ sql }) => sql)).toMatchInlineSnapshot(`
    [
      "ALTER TABLE public.one ADD CONSTRAINT one_u_fkey_on_delete FOREIGN KEY (u) REFERENCES public.users(id) ON DELETE SET NULL NOT VALID",
      "ALTER TABLE public.one VALIDATE CONSTRAINT one_u_fkey_on_delete",
      "ALTER TABLE public.one DROP CONSTRAINT one_u_fkey",
      "ALTER TABLE public.one RENAME CONSTRAINT one_u_fkey_on_delete TO one_u_fkey",
      "ALTER TABLE public.one ADD CONSTRAINT "one_By_fkey_on_delete" FOREIGN KEY ("By") REFERENCES public.users(id) ON DELETE RESTRICT NOT VALID",
      "ALTER TABLE public.one VALIDATE CONSTRAINT "one_By_fkey_on_delete"",
      "ALTER TABLE public.one DROP CONSTRAINT "one_By_fkey"",
      "ALTER TABLE public.one RENAME CONSTRAINT "one_By_fkey_on_delete" TO "one_By_fkey"",
    ]
  `);
  expect(found.fix?.undo).toMatchInlineSnapshot(`
    [
      "ALTER TABLE public.one DROP CONSTRAINT one_u_fkey",
      "ALTER TABLE public.one ADD CONSTRAINT one_u_fkey FOREIGN KEY (u) REFERENCES public.users(id)",
      "ALTER TABLE public.one DROP CONSTRAINT "one_By_fkey"",
      "ALTER TABLE public.one ADD CONSTRAINT "one_By_fkey" FOREIGN KEY ("By") REFERENCES public.users(id)",
    ]
  `);
});
