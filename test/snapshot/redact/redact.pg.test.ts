import { beforeAll, describe, expect, it } from 'vitest';
import { silentProgress } from '../../../src/model/progress.js';
import type { ColumnStatistics } from '../../../src/model/statistics.js';
import { buildTwin } from '../../../src/planner/twin/build.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import type { SnapshotDocument } from '../../../src/snapshot/format.js';
import { type Redacted, redact } from '../../../src/snapshot/redact/redact.js';
import { parseArrayLiteral } from '../../../src/sql/array-literal.js';
import { testDatabase } from '../../postgres.js';

const SCHEMA = `
  SET timezone = 'UTC';
  CREATE TYPE mood AS ENUM ('sad', 'fine', 'great');
  CREATE EXTENSION citext;
  CREATE COLLATION german (provider = icu, locale = 'de');
  CREATE TABLE person (
    id int PRIMARY KEY, email text NOT NULL, city varchar(8) COLLATE german, country char(2), nick citext, born date,
    seen timestamptz, salary numeric(12,2), height real, key uuid, token bytea, host inet, mood mood, married boolean,
    tags text[], stay tstzrange, status text CHECK (status IN ('active', 'gone')), note jsonb, wake time, day timestamp);
  INSERT INTO person
  SELECT g, 'Person.' || md5(g::text) || '@Example-' || g % 7 || '.org',
         CASE WHEN g % 3 = 0 THEN 'Köln' WHEN g % 5 = 0 THEN 'Öhringe' ELSE chr(65 + g % 26) || substr(md5(g::text), 1, 5) END,
         chr(65 + g % 26) || chr(65 + g % 19), 'Nick' || g % 300, date '1950-01-01' + g * 3,
         timestamptz '2026-01-01Z' + g * interval '7 minutes 3 seconds', 1000 + g * 3.17, 1.5 + g / 10000.0,
         md5(g::text)::uuid, decode(md5(g::text), 'hex'), ('10.1.' || g % 250 || '.' || g / 250)::inet,
         (ARRAY['sad', 'fine', 'great'])[1 + g % 3]::mood, g % 4 = 0,
         ARRAY['secret' || g % 20, 'hidden' || g % 11],
         tstzrange(timestamptz '2026-01-01Z' + g * interval '1 hour', timestamptz '2026-01-02Z' + g * interval '1 hour'),
         CASE WHEN g % 10 = 0 THEN 'gone' ELSE 'active' END, jsonb_build_object('confidential', g),
         time '08:00' + g * interval '7 seconds', timestamp '2000-01-01' + g * interval '2 days'
    FROM generate_series(1, 6000) g;
  CREATE DOMAIN address AS text DEFAULT 'none' CHECK (VALUE LIKE '%@%');
  CREATE TABLE contact (id int PRIMARY KEY, address address);
  INSERT INTO contact SELECT g, 'someone' || g || '@example.org' FROM generate_series(1, 3000) g;
  CREATE TABLE visit (id bigint PRIMARY KEY, person_id bigint REFERENCES person, email text);
  INSERT INTO visit SELECT g * 13, p.id, p.email FROM generate_series(1, 12000) g JOIN person p ON p.id = 1 + (g * g) % 700;
  CREATE INDEX person_email ON person (lower(email)); CREATE INDEX person_nick ON person (nick, key);
  CREATE INDEX person_key ON person (key); CREATE INDEX person_mail ON person (email); CREATE INDEX person_seen ON person (seen);
  CREATE INDEX person_active ON person (city) WHERE status = 'active';
  CREATE STATISTICS person_places (mcv) ON city, country, mood, married, seen FROM person;
  CREATE STATISTICS person_names ON lower(email), country FROM person;
  ANALYZE;`;

let session: Session;
let plain: SnapshotDocument;
let redacted: Redacted;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(SCHEMA);
  plain = await documentOf();
  redacted = await redact(plain, session, silentProgress);
}, 120_000);

async function documentOf(): Promise<SnapshotDocument> {
  const workload = { statements: [], skipped: [], unavailable: null };
  return { snapshot: await readSnapshot(session), role: 'postgres', redacted: false, workload };
}

function column(document: SnapshotDocument, table: string, name: string): ColumnStatistics {
  const found = document.snapshot.statistics.columns.find((row) => row.table === table && row.column === name);
  if (found === undefined) throw new Error(`no statistics of ${table}.${name}`);
  return found;
}

function listOf(literal: string | null | undefined): readonly string[] {
  return literal == null ? [] : parseArrayLiteral(literal).filter((value) => value !== null);
}

function valuesOf(document: SnapshotDocument, table: string, name: string): readonly string[] {
  const { mostCommonValues, histogramBounds, rangeBoundsHistogram } = column(document, table, name);
  return [mostCommonValues, histogramBounds, rangeBoundsHistogram].flatMap(listOf);
}

interface Item {
  readonly values: readonly string[];
  readonly frequency: number;
}

const REPLACED = [
  'email',
  'city',
  'country',
  'nick',
  'born',
  'seen',
  'salary',
  'height',
  'key',
  'token',
  'host',
  'tags',
  'stay',
  'day',
  'wake',
];

describe('a redacted snapshot', () => {
  it('holds no value of a text, an address or a key, whole or as the part of another', () => {
    const file = JSON.stringify(redacted.document.snapshot.statistics);
    const secrets = ['email', 'nick', 'city', 'key', 'token', 'host', 'tags'].flatMap((name) =>
      valuesOf(plain, 'person', name),
    );
    const ends = ['email', 'nick', 'key'].flatMap((name) => column(plain, 'person', name).minimum ?? []);
    expect(ends).toHaveLength(3);
    secrets.push(...ends);
    expect(secrets.length).toBeGreaterThan(500);
    expect(secrets.filter((secret) => file.includes(secret))).toEqual([]);
    expect(file).not.toMatch(/secret|hidden|person\.|example|Köln|Öhringe|confidential|nick\d/i);
    const hex = (text: string) => Buffer.from(text).toString('hex');
    expect(['Köln', 'Öhringe', '@Example', '@example'].filter((text) => file.includes(hex(text)))).toEqual([]);
  });

  it('has another value for nearly every one of each type', () => {
    for (const name of REPLACED) {
      const before = valuesOf(plain, 'person', name);
      const after = valuesOf(redacted.document, 'person', name);
      expect([name, after.length]).toEqual([name, before.length]);
      const kept = after.filter((value, place) => value === before[place]);
      expect([name, kept.length / after.length < 0.05]).toEqual([name, true]);
    }
  });

  it('keeps what is no value: shares, counts, widths, labels and the constants of the schema', () => {
    for (const source of plain.snapshot.statistics.columns.filter(({ column }) => column !== 'note')) {
      const { nullFraction, averageWidthBytes, distinct, mostCommonFrequencies, correlation } = source;
      expect(column(redacted.document, source.table, source.column)).toMatchObject({
        ...{ nullFraction, averageWidthBytes, distinct, mostCommonFrequencies, correlation },
      });
    }
    for (const name of ['mood', 'married', 'status'])
      expect(valuesOf(redacted.document, 'person', name)).toEqual(valuesOf(plain, 'person', name));
  });

  it('keeps the order that the server has for each list of bounds', async () => {
    for (const name of REPLACED) {
      const { histogramBounds } = column(redacted.document, 'person', name);
      if (histogramBounds === null) continue;
      const { rows } = await session.query<{ ordered: boolean }>(
        `SELECT bool_and(bound >= previous) AS ordered
           FROM (SELECT bound, lag(bound) OVER (ORDER BY place) AS previous
                   FROM unnest((SELECT array_agg(value ORDER BY place) FROM (
                          SELECT t.value, t.place FROM unnest($1::text[]) WITH ORDINALITY AS t (value, place)) AS v)
                        ) WITH ORDINALITY AS raw (raw_value, place),
                        LATERAL (SELECT raw_value::${await typeOf(name)} AS bound) AS typed) AS bounds`,
        [listOf(histogramBounds)],
      );
      expect([name, rows[0]?.ordered]).toEqual([name, true]);
    }
  });

  it('keeps the lengths of texts, as far as their order and their column leave room', () => {
    const before = valuesOf(plain, 'person', 'email').map((value) => Buffer.byteLength(value));
    const after = valuesOf(redacted.document, 'person', 'email').map((value) => Buffer.byteLength(value));
    expect(after).toEqual(before);
    expect(Math.max(...valuesOf(redacted.document, 'person', 'city').map((value) => value.length))).toBeLessThanOrEqual(
      8,
    );
    expect(Math.max(...valuesOf(redacted.document, 'person', 'country').map((value) => value.length))).toBe(2);
  });

  it('keeps equal what a foreign key or a name joins', () => {
    const pairs = new Map<string, string>();
    for (const [table, name] of [
      ['person', 'email'],
      ['visit', 'email'],
    ] as const)
      for (const [place, value] of valuesOf(plain, table, name).entries()) {
        const standIn = valuesOf(redacted.document, table, name)[place] ?? '';
        expect(pairs.get(value) ?? standIn).toBe(standIn);
        pairs.set(value, standIn);
      }
  });

  it('keeps distances: a number moves by less than a tenth of the way to its neighbour', () => {
    const before = listOf(column(plain, 'person', 'salary').histogramBounds).map(Number);
    const after = listOf(column(redacted.document, 'person', 'salary').histogramBounds).map(Number);
    for (const [place, value] of before.entries()) {
      const gap = Math.min(value - (before[place - 1] ?? -1e9), (before[place + 1] ?? 1e9) - value);
      expect(Math.abs((after[place] ?? 0) - value)).toBeLessThan(gap / 10);
    }
  });

  it('has lists of common combinations that the server reads, with the stand-ins of the columns', async () => {
    await session.query('CREATE CAST (bytea AS pg_mcv_list) WITHOUT FUNCTION');
    const items = async ({ snapshot }: SnapshotDocument) => {
      const hex = snapshot.statistics.extended.find(({ name }) => name === 'person_places')?.mostCommonHex;
      const list = "pg_mcv_list_items(decode($1, 'hex')::pg_mcv_list)";
      return (await session.query<Item>(`SELECT values, frequency, base_frequency FROM ${list}`, [hex])).rows;
    };
    const [before, after] = [await items(plain), await items(redacted.document)];
    expect(before.length).toBeGreaterThan(20);
    expect(after.map(({ frequency }) => frequency)).toEqual(before.map(({ frequency }) => frequency));
    const standIns = new Map(
      valuesOf(plain, 'person', 'city').map((value, place) => [
        value,
        valuesOf(redacted.document, 'person', 'city')[place],
      ]),
    );
    for (const [place, { values }] of before.entries()) {
      const [city = '', country, seen, mood, married] = values;
      const changed = after[place]?.values ?? [];
      expect(changed.slice(3)).toEqual([mood, married]);
      expect(changed[0]).toBe(standIns.get(city) ?? changed[0]);
      expect([changed[0] === city, changed[1] === country]).toEqual([false, false]);
      expect(changed[2]).toMatch(/^2026-\d\d-\d\d \d\d:\d\d:\d\d/);
      expect(seen).toMatch(/^2026/);
    }
  });

  it('is the same file for the same statistics', async () => {
    expect(await redact(plain, session, silentProgress)).toEqual(redacted);
  });

  it('leaves out what has no stand-in, and says so', () => {
    expect(redacted.dropped).toEqual(['values of public.person.note (jsonb)']);
    expect(column(redacted.document, 'person', 'note').histogramBounds).toBeNull();
  });

  it('leaves out statistics that it does not know', async () => {
    const [first, ...others] = plain.snapshot.statistics.columns;
    const columns = [{ ...first, ofALaterVersion: '{a secret}' }, ...others] as ColumnStatistics[];
    const statistics = { ...plain.snapshot.statistics, columns, more: ['a secret'] };
    const document = { ...plain, snapshot: { ...plain.snapshot, statistics } };
    expect(JSON.stringify((await redact(document, session, silentProgress)).document)).not.toContain('a secret');
  });

  it('plans as before, with values of its own', async () => {
    const twins = [await buildTwin(plain.snapshot), await buildTwin(redacted.document.snapshot)] as const;
    try {
      const pick = (document: SnapshotDocument, name: string, place: number) =>
        `'${(listOf(column(document, 'person', name).histogramBounds)[place] ?? '').replaceAll("'", "''")}'`;
      const common = (document: SnapshotDocument, name: string) =>
        `'${listOf(column(document, 'person', name).mostCommonValues)[0] ?? ''}'`;
      const statements = (document: SnapshotDocument) => [
        `SELECT * FROM person WHERE seen > ${pick(document, 'seen', 90)}`,
        `SELECT * FROM person WHERE seen > ${pick(document, 'seen', 100)}`,
        `SELECT * FROM person WHERE salary BETWEEN ${pick(document, 'salary', 10)} AND ${pick(document, 'salary', 20)}`,
        `SELECT * FROM person WHERE email < ${pick(document, 'email', 30)}`,
        `SELECT * FROM person WHERE born < ${pick(document, 'born', 50)} AND married`,
        `SELECT * FROM person WHERE city = ${common(document, 'city')} AND status = 'active' AND mood = 'sad'`,
        `SELECT * FROM person WHERE stay && '${valuesOf(document, 'person', 'stay')[50]}'::tstzrange`,
        `SELECT * FROM person WHERE key > ${pick(document, 'key', 70)}`,
        `SELECT * FROM contact WHERE address > '${valuesOf(document, 'contact', 'address')[70]}'`,
        `SELECT * FROM person WHERE id < ${pick(document, 'id', 7)}`,
        'SELECT * FROM visit v JOIN person p ON p.id = v.person_id JOIN person q ON q.email = v.email',
        'SELECT city, country, count(*) FROM person GROUP BY 1, 2',
      ];
      const before = await twins[0].costs(statements(plain), []);
      const after = await twins[1].costs(statements(redacted.document), []);
      for (const [place, statement] of statements(plain).entries()) {
        const costs = [before[place], after[place]].map((cost) =>
          cost instanceof Error ? cost.message : cost?.totalCost,
        );
        const ratio = Number(costs[1]) / Number(costs[0]);
        expect([statement, costs, Math.abs(ratio - 1) < 0.1]).toEqual([statement, costs, true]);
      }
    } finally {
      await Promise.all(twins.map((twin) => twin.close()));
    }
  }, 120_000);
});

async function typeOf(name: string): Promise<string> {
  const { rows } = await session.query<{ type: string }>(
    `SELECT format_type(atttypid, atttypmod) || CASE WHEN attcollation = 'german'::regcollation THEN ' COLLATE german' ELSE '' END AS type
       FROM pg_attribute WHERE attrelid = 'person'::regclass AND attname = $1`,
    [name],
  );
  return rows[0]?.type ?? 'text';
}
