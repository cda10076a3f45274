import { expect, it } from 'vitest';
import { missedHotUpdates } from '../../src/advisors/missed-hot-updates.js';
import { checkSchemaCases, onlyFinding } from './schema/check-schema-cases.js';

const updated = (options = '', rows = 10_000) => `CREATE TABLE t (id int PRIMARY KEY, seen int, kind text) ${options};
  INSERT INTO t SELECT n, 0, 'k' FROM generate_series(1, ${rows}) AS n; UPDATE t SET seen = 1; ANALYZE t`;
const TOUCH = [{ sql: 'UPDATE t SET seen = $2 WHERE id = $1' }];

checkSchemaCases(missedHotUpdates, [
  { name: 'finds pages without room', sql: updated(), workload: TOUCH, finds: ['warn public.t'] },
  { name: 'is silent about fewer than 10,000 updates', sql: updated('', 9_999), workload: TOUCH, finds: [] },
  { name: 'is silent where pages keep room', sql: updated('WITH (fillfactor = 90)'), workload: TOUCH, finds: [] },
  {
    name: 'is silent where the workload does not update it',
    sql: updated(),
    workload: [{ sql: 'SELECT seen FROM t WHERE id = $1' }],
    finds: [],
  },
  {
    name: 'is silent where an updated column is indexed',
    sql: `${updated()}; CREATE INDEX ON t (seen)`,
    workload: TOUCH,
    finds: [],
  },
  {
    name: 'is silent where it stands in an index’s predicate',
    sql: `${updated()}; CREATE INDEX ON t (kind) WHERE seen > 0`,
    workload: TOUCH,
    finds: [],
  },
  {
    name: 'is silent where there is no index to spare',
    sql: updated().replace('PRIMARY KEY', ''),
    workload: TOUCH,
    finds: [],
  },
]);

it('leaves room on each page', async () => {
  const found = await onlyFinding(missedHotUpdates, updated(), TOUCH);
  expect(found.message).toMatchInlineSnapshot(
    `"No update of the workload changes a column that an index of public.t holds, yet 10,000 of 10,000 were not HOT: there was no room on the row’s page, which is filled to 100 %. With a fillfactor of 85 new pages keep room, and 1 index is left alone."`,
  );
  expect(found.fix).toMatchObject({
    sql: [{ sql: 'ALTER TABLE public.t SET (fillfactor = 85)' }],
    undo: ['ALTER TABLE public.t RESET (fillfactor)'],
  });
});
