import { expect, it } from 'vitest';
import { defaultOutsideCheck } from '../../src/advisors/default-outside-check.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

checkSchemaCases(defaultOutsideCheck, [
  {
    name: 'finds a state that is not on the list',
    sql: `CREATE TABLE t (state text DEFAULT 'new' CHECK (state IN ('open', 'done')))`,
    finds: ['warn public.t.state'],
  },
  {
    name: 'is silent where it is',
    sql: `CREATE TABLE t (state text DEFAULT 'open' CHECK (state IN ('open', 'done')))`,
    finds: [],
  },
  {
    name: 'finds a number outside of its range',
    sql: 'CREATE TABLE t (seats int DEFAULT 0 CHECK (seats > 0))',
    finds: ['warn public.t.seats'],
  },
  {
    name: 'is silent at the edge of the range',
    sql: 'CREATE TABLE t (seats int DEFAULT 0 CHECK (seats >= 0))',
    finds: [],
  },
  {
    name: 'finds a negative number',
    sql: 'CREATE TABLE t ("Seats" int DEFAULT -1 CHECK ("Seats" BETWEEN 0 AND 5))',
    finds: ['warn public.t."Seats"'],
  },
  {
    name: 'finds what a function says of it',
    sql: `CREATE TABLE t (hash text DEFAULT '' CHECK (length(hash) = 64))`,
    finds: ['warn public.t.hash'],
  },
  {
    name: 'finds a pattern that it does not meet',
    sql: `CREATE TABLE t (code varchar(5) DEFAULT 'x' CHECK (code ~ '^[A-Z]+$'))`,
    finds: ['warn public.t.code'],
  },
  {
    name: 'finds what the type makes of it',
    sql: 'CREATE TABLE t (part numeric(3,1) DEFAULT 0.04 CHECK (part > 0))',
    finds: ['warn public.t.part'],
  },
  {
    name: 'is silent about NULL, which passes',
    sql: 'CREATE TABLE t (seats int DEFAULT NULL CHECK (seats > 0))',
    finds: [],
  },
  {
    name: 'is silent about a CHECK over two columns',
    sql: 'CREATE TABLE t (a int DEFAULT 0, b int DEFAULT 1, CHECK (a > b))',
    finds: [],
  },
  {
    name: 'is silent about a default that is no constant',
    sql: `CREATE TABLE t (at timestamptz DEFAULT now() CHECK (at < '2000-01-01'))`,
    finds: [],
  },
  {
    name: 'finds a flag that must not be false',
    sql: 'CREATE TABLE t (seen boolean DEFAULT false CHECK (seen))',
    finds: ['warn public.t.seen'],
  },
  {
    name: 'finds an enum',
    sql: `CREATE TYPE mood AS ENUM ('good', 'bad'); CREATE TABLE t (m mood DEFAULT 'bad' CHECK (m <> 'bad'))`,
    finds: ['warn public.t.m'],
  },
]);

it('says what fails', async () => {
  const found = await onlyFinding(
    defaultOutsideCheck,
    `CREATE TABLE t (state text NOT NULL DEFAULT 'new' CHECK (state IN ('open', 'done')))`,
  );
  expect(found.message).toMatchInlineSnapshot(
    `"Each INSERT into public.t that leaves state out fails: its default 'new'::text does not meet t_state_check, which wants (state = ANY (ARRAY['open'::text, 'done'::text])). Without the default the program is told to name a value; or widen the CHECK."`,
  );
  expect(found.fix).toMatchObject({
    sql: [{ sql: 'ALTER TABLE public.t ALTER COLUMN state DROP DEFAULT' }],
    undo: ["ALTER TABLE public.t ALTER COLUMN state SET DEFAULT 'new'::text"],
  });
});
