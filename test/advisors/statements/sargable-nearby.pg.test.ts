import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';
import { firstCondition } from './first-form.js';

let session: Session;
let catalog: Catalog;

/** Moments of each hour about the nights when clocks are set, and numbers with their special values. */
beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`
    SET timezone = 'Europe/Berlin';
    CREATE TABLE stays (id int PRIMARY KEY, at timestamptz, local timestamp, day date, rest interval, price numeric, weight float8, n int, born date);
    INSERT INTO stays
      SELECT i, t + i % 7 * interval '1 second', t AT TIME ZONE 'UTC' + i % 5 * interval '1 second', t::date, i * interval '1 hour',
             i * 0.37, i * 0.37, i - 200, current_date - i * 37
      FROM generate_series(1, 1600) i, LATERAL (SELECT timestamptz '2026-03-20 00:00Z' + i * interval '31 minutes' AS t) x;
    INSERT INTO stays (id, born) SELECT 2000 + i, (current_date - make_interval(years => i / 5))::date + i % 5 - 2 FROM generate_series(-10, 400) i;
    INSERT INTO stays (id, price, weight) VALUES (9000, 'NaN', 'NaN'), (9001, NULL, '-Infinity'), (9002, 0, 'Infinity')`);
  ({ catalog } = await readSnapshot(session));
});

/** The first form of the only condition; null for none. */
function written(condition: string): string | null {
  return firstCondition(`SELECT id FROM stays WHERE ${condition}`, catalog);
}

async function idsOf(condition: string): Promise<readonly number[]> {
  const { rows } = await session.query<{ id: number }>(`SELECT id FROM stays WHERE ${condition} ORDER BY id`);
  return rows.map(({ id }) => id);
}

const NIGHT = "timestamptz '2026-03-29 12:00 Europe/Berlin'";

describe('a column within an expression that rises or falls with it', () => {
  it.each([
    `extract(epoch FROM ${NIGHT} - at) < 43200`,
    `extract(epoch FROM ${NIGHT} - at) BETWEEN 0 AND 90000`,
    `extract(epoch FROM (at - ${NIGHT})) >= 3600`,
    `extract(epoch FROM (${NIGHT} - at))::int / 10000 = 4`,
    `extract(epoch FROM ${NIGHT} - at) / 3600 <= 14`,
    `extract(epoch FROM ${NIGHT} - at)::int / 3600 = 14`,
    `abs(extract(epoch FROM at - ${NIGHT})) < 50000`,
    `extract(epoch FROM ${NIGHT} - interval '1 day' - at) <= 60`,
    `round(extract(epoch FROM ${NIGHT} - local) / 60) > 300`,
    `extract(epoch FROM at) BETWEEN 1774000000 AND 1774900000`,
    `extract(day FROM ${NIGHT} - at) = 1`,
    `date_part('day', ${NIGHT} - at) <= 0`,
    `date_part('day', local - timestamp '2026-03-25 06:00') >= 2`,
    `extract(day FROM timestamp '2026-03-25 06:00' - day) = 0`,
    `date '2026-03-30' - at::date = 1`,
    `date '2026-03-30' - at::date BETWEEN 0 AND 2`,
    `date(at) - date '2026-03-30' >= 3`,
    `abs(day - date '2026-03-30') <= 3`,
    `abs(date '2026-03-30' - local::date) < 2`,
    "age(born) >= interval '18 years'",
    `age(current_date, born) BETWEEN interval '3 years' AND interval '5 years 2 months'`,
    'extract(year FROM age(born)) >= 18',
    'extract(year FROM age(born)) = 0',
    `date_part('year', age(current_date, born)) BETWEEN 18 AND 25`,
    'extract(years FROM age(born)) < 7',
    'abs(price - 100) < 2',
    'abs(weight - 100) <= 1.5',
    'abs(n) <= 5',
    'floor(price / 10) = 5',
    'round(price * 1.19 - 3) > 400',
    'trunc(weight) BETWEEN 7 AND 9',
    'n / 10 = 3',
    'n / 10 = 0',
    'n * 2 = 154',
    '10 - abs(n) >= 7',
    '10 - n >= 7 AND n > 0',
    'abs(7 - n) < 4',
  ])('is bounded beside %s', async (condition) => {
    const other = written(condition);
    expect(other).toMatch(/stays\.\w+ [<>]= /);
    const ids = await idsOf(condition);
    expect(ids.length).toBeGreaterThan(0);
    expect(await idsOf(other ?? '')).toEqual(ids);
  });

  it.each([
    ['an interval may be taken away', `extract(epoch FROM at - interval '1 day') < 5`],
    ['nobody knows what a parameter is', 'extract(epoch FROM at - $1) < 5'],
    ['it differs from row to row', 'extract(epoch FROM clock_timestamp() - at) < 5'],
    ['NaN would change sides', 'round(100 - price) > 5'],
    ['NaN would change sides of a difference', '100 - price > 5'],
    ['NaN would be on neither side of a difference', '100 - price BETWEEN 5 AND 7'],
    ['another column moves too', 'extract(epoch FROM local - at) < 5'],
    ['it is far either way', 'abs(n) > 5'],
    ['a part does not rise with the moment', `extract(hour FROM ${NIGHT} - at) < 5`],
    ['the factor may turn it', 'abs(n * -2) < 5'],
    ['it is no moment', `extract(epoch FROM interval '3 hours' - rest) > 5`],
  ])('stays where %s', (_, condition) => {
    expect(written(condition)).toBeNull();
  });
});
