import { expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import { analyzeStatement } from '../../../src/sql/analysis/analyze.js';
import { parseStatement } from '../../../src/sql/parse.js';
import { catalogOf } from '../../catalog.js';

const DEFAULTS: Readonly<Record<string, string>> = { state: "'new'::text", urgent: 'false', at: 'now()' };
const bare = catalogOf({ jobs: ['id integer', 'state text', 'urgent boolean', 'at timestamptz', 'note text'] });
const catalog: Catalog = {
  ...bare,
  tables: bare.tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) => ({ ...column, default: DEFAULTS[column.name] ?? null })),
  })),
};

/** `state='new' at=computed note=null`, in the order of the statement. */
function writtenBy(sql: string): readonly string[] {
  return analyzeStatement(parseStatement(sql).tree, catalog).writes.map(({ values }) =>
    [...values]
      .map(([name, value]) => `${name}=${value.kind === 'constant' ? `'${value.text}'` : value.kind}`)
      .join(' '),
  );
}

it.each([
  ["INSERT INTO jobs VALUES (1, 'old', true, $1, NULL)", ["id='1' state='old' urgent='true' note=null"]],
  ['INSERT INTO jobs (id) VALUES ($1)', ["state='new' urgent='false' at=computed note=null"]],
  ['INSERT INTO jobs DEFAULT VALUES', ["id=null state='new' urgent='false' at=computed note=null"]],
  [
    "INSERT INTO jobs (id, state, note) VALUES (1, DEFAULT, 'a'), (2, 'new', 'b')",
    ["urgent='false' at=computed state='new'"],
  ],
  ["INSERT INTO jobs (id, state) SELECT $1, 'old'", ["urgent='false' at=computed note=null state='old'"]],
  ['INSERT INTO jobs SELECT * FROM jobs', ['']],
  ["UPDATE jobs SET state = 'old', at = CURRENT_TIMESTAMP, note = $1, id = id + 1", ["state='old' at=computed"]],
  ['UPDATE jobs SET state = DEFAULT, note = NULL::text', ["state='new' note=null"]],
  ['DELETE FROM jobs', ['']],
  [
    "INSERT INTO jobs VALUES (1, 'a', $1, $2, $3) ON CONFLICT (id) DO UPDATE SET state = 'b'",
    ["id='1' state='a'", "state='b'"],
  ],
  [
    `MERGE INTO jobs j USING (SELECT 1 AS n) s ON j.id = s.n WHEN MATCHED THEN UPDATE SET state = 'old'
       WHEN NOT MATCHED THEN INSERT (id, state) VALUES (s.n, 'fresh')`,
    ["state='old'", "urgent='false' at=computed note=null state='fresh'"],
  ],
])('%s', (sql, expected) => {
  expect(writtenBy(sql)).toEqual(expected);
});
