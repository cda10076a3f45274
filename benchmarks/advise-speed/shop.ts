import type { Session } from '../../src/postgres/session.js';

/** Rows of the whole schema. */
const ROWS_IN_ALL = 400_000;

/** Each table but the first refers to the one before. */
const areasOf = (tables: number) => Array.from({ length: tables }, (_, place) => `area_${place + 1}`);

/** Creates and fills so many tables of one shape, with skew, NULLs and correlated columns, always the same. */
export async function fillShop(session: Session, tables: number, rowsInAll = ROWS_IN_ALL): Promise<void> {
  const rows = rowsInAll / tables;
  const areas = areasOf(tables);
  await session.query('SELECT setseed(0.25)');
  for (const [place, area] of areas.entries()) {
    const parent = areas[place - 1];
    const reference = parent === undefined ? '' : ` REFERENCES ${parent}`;
    await session.script(`
      CREATE TABLE ${area} (
        id bigint PRIMARY KEY, parent_id bigint${reference}, owner_id uuid NOT NULL, code text NOT NULL,
        status text NOT NULL, kind integer NOT NULL, amount numeric(12, 2) NOT NULL, closed_at timestamptz,
        created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, note text);
      INSERT INTO ${area}
      SELECT n, CASE WHEN random() < 0.9 THEN 1 + floor(power(random(), 3) * ${rows - 1}) END,
             md5((n % 5000)::text)::uuid, 'Code-' || (n * 7919 % ${rows}),
             (ARRAY['done', 'done', 'done', 'done', 'open', 'failed'])[1 + floor(power(random(), 2) * 6)::int],
             floor(power(random(), 2) * 200), round((random() * 1000)::numeric, 2),
             CASE WHEN random() < 0.1 THEN timestamptz '2026-01-01' + n * interval '1 minute' END,
             timestamptz '2026-01-01' + n * interval '1 minute',
             timestamptz '2026-01-01' + (n + floor(random() * 5000)) * interval '1 minute',
             repeat('note ', (n % 20)::int)
        FROM generate_series(1, ${rows}) AS n`);
  }
  // What is counted after ANALYZE looks like rows that came after it: a table or two would have stale statistics by chance.
  await session.query('SELECT pg_catalog.pg_stat_force_next_flush()');
  await session.query('VACUUM ANALYZE');
}

/** Gives the text of a workload file with so many different statements over all tables. */
export function shopWorkload(count: number, tables: number): string {
  const areas = areasOf(tables);
  const all = SHAPES.flatMap((shape) => areas.map((area, place) => shape(area, areas[(place + 1) % tables] ?? area)));
  // Every so-manieth, so that all shapes are met on all tables alike.
  const stride = all.length / count;
  return Array.from({ length: count }, (_, place) => all[Math.floor(place * stride)] ?? '')
    .map((sql, place) => `-- name: s${place + 1}\n-- calls: ${1 + ((place * 37) % 500)}\n${sql};\n`)
    .join('\n');
}

type Shape = (area: string, parent: string) => string;

/** What applications ask of their tables. */
const SHAPES: readonly Shape[] = [
  (area) => `SELECT * FROM ${area} WHERE status = $1 AND created_at < $2 ORDER BY created_at`,
  (area) => `SELECT id, code FROM ${area} WHERE parent_id = $1 ORDER BY created_at DESC LIMIT 20`,
  (area) =>
    `SELECT * FROM ${area} WHERE (status = 'open' AND created_at < now() - interval '1 day') OR (status = 'failed' AND updated_at < now() - interval '2 days')`,
  (area, parent) =>
    `SELECT ${parent}.code, ${area}.amount FROM ${parent} JOIN ${area} ON ${area}.parent_id = ${parent}.id WHERE ${parent}.kind = $1 AND ${area}.status = $2`,
  (area, parent) =>
    `SELECT id, (SELECT max(${area}.created_at) FROM ${area} WHERE ${area}.parent_id = ${parent}.id) FROM ${parent} WHERE owner_id = $1`,
  (area) => `SELECT count(*) FROM ${area} WHERE kind = $1 AND status IN ('open', 'failed')`,
  (area) => `SELECT * FROM ${area} WHERE closed_at IS NULL AND kind = $1 ORDER BY updated_at LIMIT 50`,
  (area) => `SELECT kind, sum(amount) FROM ${area} WHERE created_at > $1 GROUP BY kind ORDER BY kind`,
  (area) => `UPDATE ${area} SET status = 'done', updated_at = now() WHERE parent_id = $1 AND status = $2`,
  (area) => `DELETE FROM ${area} WHERE updated_at < $1 AND status = 'done'`,
  (area) => `SELECT * FROM ${area} WHERE lower(code) = $1`,
  (area, parent) =>
    `SELECT id FROM ${parent} WHERE status = $1 AND NOT EXISTS (SELECT 1 FROM ${area} WHERE ${area}.parent_id = ${parent}.id AND ${area}.kind = $2)`,
  (area) => `INSERT INTO ${area} (id, owner_id, code, status, kind, amount) VALUES ($1, $2, $3, $4, $5, $6)`,
  (area) => `SELECT DISTINCT ON (owner_id) owner_id, code FROM ${area} ORDER BY owner_id, created_at DESC`,
  (area) => `SELECT * FROM ${area} WHERE amount BETWEEN $1 AND $2 AND kind = $3 ORDER BY amount DESC LIMIT 10`,
];
