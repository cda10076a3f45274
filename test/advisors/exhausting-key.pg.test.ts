import { expect, it } from 'vitest';
import { exhaustingKey } from '../../src/advisors/exhausting-key.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

const at = (table: string, value: number) => `SELECT setval('${table}_id_seq', ${value});`;
const SERIAL = 'CREATE TABLE t (id serial PRIMARY KEY);';

checkSchemaCases(exhaustingKey, [
  { name: 'warns at three quarters', sql: SERIAL + at('t', 1_610_612_736), finds: ['warn public.t.id'] },
  { name: 'is silent one before', sql: SERIAL + at('t', 1_610_612_735), finds: [] },
  { name: 'is an error at nine tenths', sql: SERIAL + at('t', 1_932_735_283), finds: ['error public.t.id'] },
  {
    name: 'finds an identity column of smallint',
    sql: `CREATE TABLE t (id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY); ${at('t', 30_000)}`,
    finds: ['error public.t.id'],
  },
  {
    name: 'is silent about bigint',
    sql: `CREATE TABLE t (id bigserial PRIMARY KEY); ${at('t', 2_147_483_647)}`,
    finds: [],
  },
  {
    name: 'goes by the greatest value where there is no sequence',
    sql: 'CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT 2000000000 + n FROM generate_series(1, 100) AS n; ANALYZE',
    finds: ['error public.t.id'],
  },
  {
    name: 'is silent about a column that is no key',
    sql: 'CREATE TABLE t (id int PRIMARY KEY, n int); CREATE INDEX ON t (n); INSERT INTO t VALUES (1, 2000000000); ANALYZE',
    finds: [],
  },
  {
    name: 'finds what refers to a wider key',
    sql: `CREATE TABLE t (id bigserial PRIMARY KEY); ${at('t', 2_000_000_000)} CREATE TABLE child (t_id int REFERENCES t)`,
    finds: ['error public.child.t_id'],
  },
  { name: 'is silent about a sequence at its beginning', sql: SERIAL, finds: [] },
]);

it('gives the key, what refers to it and its sequence more room', async () => {
  const found = await onlyFinding(
    exhaustingKey,
    `${SERIAL} ${at('t', 2_000_000_000)} CREATE TABLE child (t_id int); ALTER TABLE child ADD FOREIGN KEY (t_id) REFERENCES t; DROP TABLE child;
    CREATE TABLE note (id int)`,
  );
  expect(found.message).toMatchInlineSnapshot(
    `"public.t.id is integer and has come to 2,000,000,000: 147,483,647 values are left, then every INSERT fails. As bigint it has no end; that rewrites public.t (0 kB) and its indexes."`,
  );
  expect(found.fix).toMatchObject({
    sql: [
      { sql: 'ALTER TABLE public.t ALTER COLUMN id TYPE bigint' },
      { sql: 'ALTER SEQUENCE public.t_id_seq AS bigint' },
    ],
    undo: ['ALTER SEQUENCE public.t_id_seq AS integer', 'ALTER TABLE public.t ALTER COLUMN id TYPE integer'],
  });
});
