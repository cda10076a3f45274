import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';
import { firstCondition } from './first-form.js';

let session: Session;
let catalog: Catalog;

/** Nights in which midnight is twice, is missing, or is that of a day that is missing; clocks set back by two and three hours. */
const NIGHTS = [
  ['America/Havana', '2023-11-05'],
  ['America/Havana', '2024-03-10'],
  ['Pacific/Apia', '2011-12-30'],
  ['Africa/Cairo', '2024-04-26'],
  ['Australia/Lord_Howe', '2024-04-07'],
  ['Antarctica/Troll', '2024-10-27'],
  ['Antarctica/Casey', '2023-03-09'],
  ['Europe/Vienna', '2024-03-31'],
] as const;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script('CREATE TABLE stays (id int PRIMARY KEY, at timestamptz, local timestamp, day date)');
  ({ catalog } = await readSnapshot(session));
});

/** Fills the table with moments of each quarter of an hour about a night, and what lies before and after all of them. */
async function fill(zone: string, day: string): Promise<void> {
  await session.script(`
    SET timezone = '${zone}';
    TRUNCATE stays;
    INSERT INTO stays
      SELECT i, timestamptz '${day} 00:00Z' - interval '2 days' + i * interval '15 minutes',
             timestamp '${day}' - interval '2 days' + i * interval '15 minutes', date '${day}' - 5 + i % 11
      FROM generate_series(0, 400) i;
    INSERT INTO stays VALUES (-1, 'infinity', 'infinity', 'infinity'), (-2, '-infinity', '-infinity', '-infinity'),
      (-3, NULL, NULL, NULL), (-4, '0044-03-15 BC', '0044-03-15 BC', '0044-03-15 BC')`);
}

/** The first form of the only condition; null for none. */
function written(condition: string): string | null {
  return firstCondition(`SELECT id FROM stays WHERE ${condition}`, catalog);
}

async function idsOf(condition: string): Promise<readonly number[]> {
  const { rows } = await session.query<{ id: number }>(`SELECT id FROM stays WHERE ${condition} ORDER BY id`);
  return rows.map(({ id }) => id);
}

/** :day and :zone stand for those of the night. */
const CONDITIONS = [
  "at::date = ':day'",
  "date(at) > ':day'",
  "at::date <= date ':day' + 1",
  "at::date BETWEEN ':day' AND date ':day' + 1",
  "at::date = timestamptz ':day 00:00'",
  "at::date < timestamp ':day 00:30'",
  "at::date > timestamptz ':day 00:00' - interval '30 minutes'",
  "local::date = timestamp ':day 00:30'",
  "local::date >= timestamp ':day 00:30'",
  "local::date >= timestamptz ':day 00:00'",
  "local::date < timestamptz ':day 01:00'",
  "local::date BETWEEN timestamptz ':day 00:30' AND ':day'",
  "date_trunc('day', at) = ':day'",
  "date_trunc('day', at) > timestamptz ':day 00:00' - interval '30 minutes'",
  "date_trunc('hour', at) = timestamptz ':day 01:00'",
  "date_trunc('hour', at) < timestamptz ':day 01:30'",
  "date_trunc('month', at) >= ':day'",
  "date_trunc('day', local) = timestamptz ':day 00:00'",
  "date_trunc('hour', local) > timestamptz ':day 00:30'",
  "date_trunc('hour', local) <= timestamptz ':day 00:30'",
  "date_trunc('day', local) >= timestamp ':day 00:30'",
  "to_char(at, 'YYYY-MM-DD') = lower(':day')",
  "to_char(day, 'YYYY-MM-DD') = lower(':day')",
  "(at AT TIME ZONE ':zone')::date = ':day'",
  "(at AT TIME ZONE ':zone')::date >= timestamp ':day 02:00'",
  "(at AT TIME ZONE ':zone')::date < timestamptz ':day 00:30'",
  "(at AT TIME ZONE 'UTC')::date BETWEEN timestamptz ':day 00:30' AND date ':day' + 1",
  "date_trunc('day', at AT TIME ZONE ':zone') <= 'infinity'",
  "date_trunc('day', at AT TIME ZONE ':zone') >= timestamp ':day 12:00'",
  "date_trunc('hour', at AT TIME ZONE 'Australia/Lord_Howe') > timestamptz ':day 00:30'",
  "to_char(at, 'YYYY-MM-DD') = ':day'",
  "to_char(at, 'YYYY-MM-DD HH24') = ':day 01'",
  "left(at::text, 10) = ':day'",
  "day::date < timestamp ':day 02:00'",
  "day::date = 'infinity'",
  "date(day) >= timestamptz ':day 02:15'",
  "date_trunc('week', day) <= 'infinity'",
  "date_trunc('day', day) >= timestamp ':day 01:00'",
  "to_char(day, 'YYYY-MM-DD HH24') = ':day 00'",
  "local + interval '1 hour' = timestamptz ':day 00:30'",
  "local - interval '1 day' < timestamptz ':day'",
  "local - interval '24 hours' BETWEEN timestamptz ':day 00:30' AND timestamptz ':day 12:30'",
  "at - interval '1 day' >= ':day'",
  "at + interval '1 day -3 hours' > timestamp ':day 02:00'",
  "timestamptz ':day' - local = interval '1 day'",
  "timestamptz ':day 00:30' - at >= interval '1 day 2 hours'",
  "date ':day' - at = interval '24 hours'",
  "extract(epoch FROM at::date - timestamp ':day') / 86400 = 0",
  "extract(epoch FROM timestamptz ':day 12:00' - local) BETWEEN 0 AND 3600",
] as const;

describe('a condition about moments, where clocks are set', () => {
  it.each(NIGHTS)('gives the same rows in %s about %s', async (zone, day) => {
    await fill(zone, day);
    const differing: string[] = [];
    for (const condition of CONDITIONS.map((each) => each.replaceAll(':day', day).replaceAll(':zone', zone))) {
      const other = written(condition);
      const [ids, others] = [await idsOf(condition), await idsOf(other ?? 'false')];
      if (other === null || JSON.stringify(ids) !== JSON.stringify(others)) differing.push(`${condition}: ${other}`);
    }
    expect(differing).toEqual([]);
  });

  it.each([
    ['a moment is taken away', "at - (timestamptz '2024-01-01' + interval '1 day') < interval '1 hour'"],
    ['a year is added', "local + interval '1 yr 1 day' < timestamp '2024-01-01'"],
    ['a year and a month are, in the standard’s writing', "local + interval '1-1 3:00' < timestamp '2024-01-01'"],
    ['a negative interval is compared with an age', "age(timestamptz '2024-01-01', at) > interval '-3650 days'"],
  ])('stays where %s', (_, condition) => {
    expect(written(condition)).toBeNull();
  });
});
