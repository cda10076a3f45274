import { expect, it } from 'vitest';
import { laggingAutovacuum } from '../../src/advisors/lagging-autovacuum.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

const filled = (options: string, dead: number) => `CREATE TABLE t (id int) WITH (autovacuum_enabled = off${options});
  INSERT INTO t SELECT generate_series(1, 20000); ANALYZE t; DELETE FROM t WHERE id <= ${dead};`;
const ON =
  'ALTER TABLE t SET (autovacuum_enabled = on, autovacuum_vacuum_threshold = 100, autovacuum_vacuum_scale_factor = 0)';

checkSchemaCases(laggingAutovacuum, [
  { name: 'finds a table that is left out of autovacuum', sql: filled('', 10_000), finds: ['warn public.t'] },
  { name: 'is silent about fewer than 10,000 dead rows', sql: filled('', 9_999), finds: [] },
  {
    name: 'is silent where autovacuum may come any minute',
    sql: `${filled('', 10_000)} ALTER TABLE t RESET (autovacuum_enabled)`,
    finds: [],
  },
  { name: 'finds many times what autovacuum lets pass', sql: `${filled('', 10_000)} ${ON}`, finds: ['warn public.t'] },
  { name: 'is silent once it is vacuumed', sql: `${filled('', 10_000)} VACUUM t`, finds: [] },
]);

it('switches autovacuum on again where it is off', async () => {
  const found = await onlyFinding(laggingAutovacuum, filled('', 15_000));
  expect(found.message.replace(/\d+ kB/, 'n kB')).toMatchInlineSnapshot(
    `"15,000 of the rows of public.t (n kB), 43 %, are dead. Autovacuum is switched off for it."`,
  );
  expect(found.fix?.sql.map(({ sql }) => sql)).toEqual([
    'ALTER TABLE public.t RESET (autovacuum_enabled)',
    'VACUUM (ANALYZE) public.t',
  ]);
});

it('lets it begin earlier and work faster where it is on', async () => {
  const found = await onlyFinding(laggingAutovacuum, `${filled('', 15_000)} ${ON}`);
  expect(found.message.replace(/\d+ kB/, 'n kB')).toMatchInlineSnapshot(
    `"15,000 of the rows of public.t (n kB), 43 %, are dead. Autovacuum begins at 100, and no VACUUM is known to have run: begin earlier, and let it work faster here."`,
  );
  expect(found.fix?.sql[0]?.sql).toBe(
    'ALTER TABLE public.t SET (autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_limit = 1000)',
  );
  expect(found.fix?.undo).toEqual([
    'ALTER TABLE public.t SET (autovacuum_vacuum_scale_factor = 0)',
    'ALTER TABLE public.t RESET (autovacuum_vacuum_cost_limit)',
  ]);
});
