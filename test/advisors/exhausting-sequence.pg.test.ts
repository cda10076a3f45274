import { expect, it } from 'vitest';
import { exhaustingSequence } from '../../src/advisors/exhausting-sequence.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

checkSchemaCases(exhaustingSequence, [
  {
    name: 'finds a sequence of its own',
    sql: `CREATE SEQUENCE s MAXVALUE 100; SELECT setval('s', 75)`,
    finds: ['warn public.s'],
  },
  { name: 'is silent one before', sql: `CREATE SEQUENCE s MAXVALUE 100; SELECT setval('s', 74)`, finds: [] },
  {
    name: 'is silent about one that starts again',
    sql: `CREATE SEQUENCE s MAXVALUE 100 CYCLE; SELECT setval('s', 99)`,
    finds: [],
  },
  { name: 'is silent about one that was never used', sql: 'CREATE SEQUENCE s MAXVALUE 2', finds: [] },
  {
    name: 'finds one that counts down',
    sql: `CREATE SEQUENCE "S" INCREMENT -1 MINVALUE -100; SELECT setval('"S"', -95)`,
    finds: ['error public."S"'],
  },
  {
    name: 'finds a sequence of integers behind a column that was made bigint',
    sql: `CREATE TABLE t (id serial PRIMARY KEY); ALTER TABLE t ALTER id TYPE bigint; SELECT setval('t_id_seq', 2000000000)`,
    finds: ['error public.t_id_seq'],
  },
  {
    name: 'leaves a column that ends first to its own rule',
    sql: `CREATE TABLE t (id serial PRIMARY KEY); SELECT setval('t_id_seq', 2000000000)`,
    finds: [],
  },
]);

it('lets it go on as far as its column', async () => {
  const found = await onlyFinding(
    exhaustingSequence,
    `CREATE TABLE t (id serial PRIMARY KEY); ALTER TABLE t ALTER id TYPE bigint; SELECT setval('t_id_seq', 2000000000)`,
  );
  expect(found.message).toMatchInlineSnapshot(
    `"public.t_id_seq, which fills public.t.id, stands at 2,000,000,000 and ends at 2,147,483,647: behind it nextval() fails."`,
  );
  expect(found.fix).toMatchObject({
    sql: [{ sql: 'ALTER SEQUENCE public.t_id_seq AS bigint NO MAXVALUE' }],
    undo: ['ALTER SEQUENCE public.t_id_seq AS integer MAXVALUE 2147483647'],
  });
});
