import { expect, it } from 'vitest';
import { mixedUuidGenerators } from '../../src/advisors/mixed-uuid-generators.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

const OLD = 'CREATE EXTENSION "uuid-ossp"; CREATE TABLE old (id uuid DEFAULT uuid_generate_v4());';
const NEW = 'CREATE TABLE new (id uuid DEFAULT gen_random_uuid());';

checkSchemaCases(mixedUuidGenerators, [
  { name: 'finds two functions', sql: OLD + NEW, finds: ['info uuid'] },
  { name: 'is silent about the old one alone', sql: OLD, finds: [] },
  { name: 'is silent about the new one alone', sql: NEW, finds: [] },
  {
    name: 'is silent about other versions of UUIDs',
    sql: `${NEW} CREATE EXTENSION "uuid-ossp"; CREATE TABLE timed (id uuid DEFAULT uuid_generate_v1())`,
    finds: [],
  },
]);

it('names the columns of the old function and gives them the other', async () => {
  const found = await onlyFinding(
    mixedUuidGenerators,
    `${OLD}${NEW} CREATE TABLE "Other" ("Id" uuid DEFAULT uuid_generate_v4())`,
  );
  expect(found.message).toMatchInlineSnapshot(
    `"public.old.id and public."Other".Id use uuid_generate_v4() of the extension uuid-ossp, while one other uses gen_random_uuid(), which PostgreSQL has itself. Set the default of these to gen_random_uuid(): keys that are there stay as they are."`,
  );
  expect(found.fix).toMatchObject({
    sql: [
      { sql: 'ALTER TABLE public.old ALTER COLUMN id SET DEFAULT gen_random_uuid()' },
      { sql: 'ALTER TABLE public."Other" ALTER COLUMN "Id" SET DEFAULT gen_random_uuid()' },
    ],
    undo: [
      'ALTER TABLE public.old ALTER COLUMN id SET DEFAULT public.uuid_generate_v4()',
      'ALTER TABLE public."Other" ALTER COLUMN "Id" SET DEFAULT public.uuid_generate_v4()',
    ],
  });
});
