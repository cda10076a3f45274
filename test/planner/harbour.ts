import type { Session } from '../../src/postgres/session.js';

/**
 * A harbour with what schemas hold beside plain tables: partitions of partitions, inheritance, views, a materialized
 * view, functions, domains, composite types, arrays, ranges, extension types, generated and identity columns.
 */
const HARBOUR = `
  CREATE SCHEMA harbour;
  CREATE EXTENSION citext SCHEMA public;
  CREATE EXTENSION hstore SCHEMA public;
  CREATE EXTENSION ltree SCHEMA public;
  CREATE EXTENSION pg_trgm SCHEMA public;
  CREATE EXTENSION btree_gist SCHEMA public;
  CREATE TYPE harbour.state AS ENUM ('due', 'moored', 'left');
  CREATE DOMAIN harbour.code AS text NOT NULL CHECK (VALUE ~ '^[A-Z]{2}');
  CREATE DOMAIN harbour.short_code AS harbour.code CHECK (length(VALUE) < 9);
  CREATE TYPE harbour.place AS (quay text, berth int);
  CREATE FUNCTION harbour.step(a float8, b float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT a - b';
  CREATE TYPE harbour.depths AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = harbour.step);
  CREATE COLLATION harbour.swedish (PROVIDER = icu, LOCALE = 'sv');
  CREATE EXTENSION unaccent SCHEMA public;
  CREATE TEXT SEARCH DICTIONARY harbour.stemmed (TEMPLATE = snowball, LANGUAGE = 'english', STOPWORDS = 'english');
  CREATE TEXT SEARCH CONFIGURATION harbour.plain (COPY = simple);
  ALTER TEXT SEARCH CONFIGURATION harbour.plain ALTER MAPPING FOR word, asciiword WITH public.unaccent, harbour.stemmed;
  CREATE FUNCTION harbour.tonnes(kg int) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT kg / 1000 $$;
  CREATE FUNCTION harbour.folded(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN lower(value); END $$;

  CREATE TABLE harbour.ships (
    obsolete int, id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code harbour.short_code, name text COLLATE harbour.swedish,
    flag public.citext, kg int, tonnes int GENERATED ALWAYS AS (kg / 1000) STORED, tags text[], ports int[],
    berth harbour.place, lengths int4range, nights datemultirange, depths harbour.depths, papers public.hstore,
    route public.ltree, words tsvector, state harbour.state, states harbour.state[]);
  ALTER TABLE harbour.ships DROP COLUMN obsolete;
  INSERT INTO harbour.ships (code, name, flag, kg, tags, ports, berth, lengths, nights, depths, papers, route, words, state, states)
  SELECT chr(65 + i % 20) || chr(65 + i % 7) || i, (ARRAY['Åsa', 'zebra', 'Örn', 'ask'])[1 + i % 4] || i % 500,
         (ARRAY['Panama', 'panama', 'LIBERIA', 'malta', 'Greece'])[1 + i % 5], i * 37 % 90000,
         ARRAY['t' || i % 40, 't' || i % 7], ARRAY(SELECT (i * g) % 300 FROM generate_series(1, i % 9) AS g),
         ROW('q' || i % 12, i % 40)::harbour.place,
         CASE WHEN i % 11 = 0 THEN 'empty' ELSE int4range(i % 900, i % 900 + i % 70) END,
         datemultirange(daterange(date '2024-01-01' + i % 300, date '2024-01-03' + i % 300 + i % 5)),
         harbour.depths(i % 60 / 3.0, i % 60 / 3.0 + i % 7), public.hstore('k' || i % 30, 'v' || i % 100),
         ('a' || i % 5 || '.b' || i % 50 || '.c' || i)::public.ltree, to_tsvector('simple', 'w' || i % 200 || ' w' || i % 13),
         (ARRAY['due', 'moored', 'left'])[1 + (i * i) % 3]::harbour.state, ARRAY['due', 'left']::harbour.state[]
    FROM generate_series(1, 20000) AS i;
  CREATE INDEX ships_tags_idx ON harbour.ships USING gin (tags);
  CREATE INDEX ships_lengths_idx ON harbour.ships USING gist (lengths);
  CREATE INDEX ships_words_idx ON harbour.ships USING gin (words);
  CREATE INDEX ships_trigrams_idx ON harbour.ships USING gin ((code::text) public.gin_trgm_ops);
  CREATE INDEX ships_name_idx ON harbour.ships (name);
  CREATE INDEX ships_folded_idx ON harbour.ships (harbour.folded(name));
  CREATE INDEX ships_search_idx ON harbour.ships USING gin (to_tsvector('harbour.plain', name));
  CREATE INDEX ships_state_idx ON harbour.ships USING hash (state);
  CREATE INDEX ships_kg_idx ON harbour.ships USING brin (kg);

  CREATE TABLE harbour.calls (
    id bigint NOT NULL, ship_id int NOT NULL REFERENCES harbour.ships (id), at timestamptz NOT NULL, quay int NOT NULL, fee numeric(9, 2),
    PRIMARY KEY (id, at, quay), CHECK (quay >= 0)) PARTITION BY RANGE (at);
  CREATE TABLE harbour.calls_2024 PARTITION OF harbour.calls FOR VALUES FROM ('2024-01-01 UTC') TO ('2025-01-01 UTC');
  -- A partition with columns at other positions than its parent's.
  CREATE TABLE harbour.calls_2025 (fee numeric(9, 2), gone text, quay int NOT NULL CHECK (quay >= 0), at timestamptz NOT NULL, ship_id int NOT NULL, id bigint NOT NULL);
  ALTER TABLE harbour.calls_2025 DROP COLUMN gone;
  ALTER TABLE harbour.calls_2025 RENAME CONSTRAINT calls_2025_quay_check TO calls_quay_check;
  ALTER TABLE harbour.calls ATTACH PARTITION harbour.calls_2025 FOR VALUES FROM ('2025-01-01 UTC') TO ('2026-01-01 UTC');
  CREATE TABLE harbour.calls_later PARTITION OF harbour.calls DEFAULT PARTITION BY LIST (quay);
  CREATE TABLE harbour.calls_later_few PARTITION OF harbour.calls_later FOR VALUES IN (0, 1, 2);
  CREATE TABLE harbour.calls_later_rest PARTITION OF harbour.calls_later DEFAULT;
  INSERT INTO harbour.calls
  SELECT i, 1 + i * 7919 % 20000, timestamptz '2024-03-01 UTC' + i * interval '17 minutes', i % 12, i % 9000 / 10.0
    FROM generate_series(1, 60000) AS i;
  CREATE INDEX calls_ship_idx ON harbour.calls (ship_id);
  CREATE INDEX calls_2025_quay_idx ON harbour.calls_2025 (quay);
  CREATE TABLE harbour.crates (id int PRIMARY KEY, owner_name text, weight int) PARTITION BY HASH (id);
  CREATE TABLE harbour.crates_0 PARTITION OF harbour.crates FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE harbour.crates_1 PARTITION OF harbour.crates FOR VALUES WITH (MODULUS 2, REMAINDER 1);
  INSERT INTO harbour.crates SELECT i, 'o' || i % 300, i % 1000 FROM generate_series(1, 20000) AS i;
  CREATE STATISTICS harbour.crates_owners (ndistinct, mcv) ON owner_name, weight FROM harbour.crates;

  CREATE TABLE harbour.events (id int PRIMARY KEY, kind text, at date);
  CREATE TABLE harbour.storms (force int, CHECK (at < date '2024-06-01')) INHERITS (harbour.events);
  CREATE TABLE harbour.strikes (union_name text, CHECK (at >= date '2024-06-01')) INHERITS (harbour.events);
  INSERT INTO harbour.events SELECT i, 'k' || i % 9, date '2024-01-01' + i % 300 FROM generate_series(1, 3000) AS i;
  INSERT INTO harbour.storms SELECT i, 's' || i % 4, date '2024-01-01' + i % 150, i % 12 FROM generate_series(1, 5000) AS i;
  INSERT INTO harbour.strikes SELECT i, 'u' || i % 20, date '2024-06-01' + i % 150, 'n' || i % 6 FROM generate_series(1, 4000) AS i;
  CREATE INDEX storms_at_idx ON harbour.storms (at);
  CREATE INDEX strikes_kind_idx ON harbour.strikes (kind);

  CREATE MATERIALIZED VIEW harbour.quays AS
  SELECT quay, date_trunc('day', at) AS day, count(*) AS calls, sum(fee) AS fees FROM harbour.calls GROUP BY 1, 2;
  CREATE UNIQUE INDEX quays_key ON harbour.quays (quay, day);
  CREATE VIEW harbour.moored AS SELECT * FROM harbour.ships WHERE state = 'moored';
  CREATE VIEW harbour.heavy_moored WITH (security_barrier = true) AS
  SELECT id, name, harbour.tonnes(kg) AS t FROM harbour.moored WHERE harbour.tonnes(kg) > 80;
  CREATE VIEW harbour.visits AS SELECT s.name, c.at, c.quay FROM harbour.ships s JOIN harbour.calls c ON c.ship_id = s.id;
  CREATE FUNCTION harbour.calls_of(ship int) RETURNS SETOF harbour.calls LANGUAGE sql STABLE AS
  $$ SELECT * FROM harbour.calls WHERE ship_id = ship $$;
  CREATE FUNCTION harbour.heaviest() RETURNS int LANGUAGE sql STABLE AS $$ SELECT max(kg) FROM harbour.ships $$;
  CREATE UNLOGGED TABLE harbour.notes (id serial PRIMARY KEY, ship_id int, body text DEFAULT 'none');
  INSERT INTO harbour.notes (ship_id, body) SELECT i % 700, 'b' || i FROM generate_series(1, 8000) AS i`;

/** Fills an empty database with the harbour. */
export async function makeHarbour(session: Session): Promise<void> {
  await session.script(HARBOUR);
  await session.query('VACUUM');
  await session.query('ANALYZE');
}

/** Statements on the harbour, by what they show. */
export const HARBOUR_STATEMENTS: Readonly<Record<string, string>> = {
  'a materialized view': "SELECT * FROM harbour.quays WHERE quay = 3 AND day > '2025-03-01'",
  'a view': "SELECT * FROM harbour.moored WHERE flag = 'malta'",
  'a view with a security barrier': "SELECT * FROM harbour.heavy_moored WHERE name > 'Z'",
  'a view of a join': "SELECT * FROM harbour.visits WHERE name = 'Åsa4' AND at < '2024-06-01'",
  'a function that is inlined': 'SELECT * FROM harbour.ships WHERE harbour.tonnes(kg) = 7',
  'a function of an index': "SELECT * FROM harbour.ships WHERE harbour.folded(name) = 'zebra1'",
  'a set of a function': 'SELECT * FROM harbour.calls_of(17)',
  'a domain': "SELECT * FROM harbour.ships WHERE code = 'AB20'",
  'a domain range': "SELECT count(*) FROM harbour.ships WHERE code > 'RA'",
  'a composite type': "SELECT * FROM harbour.ships WHERE berth = ROW('q1', 1)::harbour.place",
  'a field of a composite type': "SELECT * FROM harbour.ships WHERE (berth).quay = 'q1'",
  'case-insensitive text': "SELECT * FROM harbour.ships WHERE flag = 'PANAMA'",
  'another collation': "SELECT * FROM harbour.ships WHERE name > 'Ö' ORDER BY name LIMIT 10",
  'a generated column': 'SELECT * FROM harbour.ships WHERE tonnes = 12',
  'an array that contains': "SELECT * FROM harbour.ships WHERE tags @> '{t3,t5}'",
  'an array that overlaps': "SELECT * FROM harbour.ships WHERE tags && '{t30,t31}'",
  'an array of integers': "SELECT * FROM harbour.ships WHERE ports @> '{7}'",
  'an element of an array': 'SELECT * FROM harbour.ships WHERE 12 = ANY (ports)',
  'an array of an enum': "SELECT * FROM harbour.ships WHERE states @> '{due}' AND state = 'left'",
  'a range that contains': 'SELECT * FROM harbour.ships WHERE lengths @> 400',
  'a range that overlaps': "SELECT * FROM harbour.ships WHERE lengths && '[10,30)'",
  'a range that ends before': "SELECT * FROM harbour.ships WHERE lengths << '[300,310)'",
  'a multirange': "SELECT * FROM harbour.ships WHERE nights @> date '2024-05-05'",
  'a range type of its own': "SELECT * FROM harbour.ships WHERE depths && '[3,4]'::harbour.depths",
  'key and value pairs': "SELECT * FROM harbour.ships WHERE papers @> 'k3=>v3'",
  'a label tree': "SELECT * FROM harbour.ships WHERE route <@ 'a1.b1'",
  'text search': "SELECT * FROM harbour.ships WHERE words @@ to_tsquery('simple', 'w7 & w100')",
  'a text search configuration of its own':
    "SELECT * FROM harbour.ships WHERE to_tsvector('harbour.plain', name) @@ to_tsquery('harbour.plain', 'asa4')",
  trigrams: "SELECT * FROM harbour.ships WHERE code::text LIKE '%B12%'",
  'a hash index': "SELECT id FROM harbour.ships WHERE state = 'due' AND kg < 100",
  'all partitions': 'SELECT quay, count(*) FROM harbour.calls GROUP BY quay',
  'partitions that are pruned':
    "SELECT * FROM harbour.calls WHERE at > '2025-06-01' AND at < '2025-07-01' AND quay = 3",
  'partitions of partitions': "SELECT * FROM harbour.calls WHERE at > '2026-01-05' AND quay = 1",
  'a partition itself': 'SELECT * FROM harbour.calls_2025 WHERE quay = 5 ORDER BY fee',
  'a partitioned index': 'SELECT * FROM harbour.calls WHERE ship_id = 99',
  'partitions in order': 'SELECT * FROM harbour.calls ORDER BY at DESC LIMIT 10',
  'a join with partitions':
    "SELECT s.name, sum(c.fee) FROM harbour.ships s JOIN harbour.calls c ON c.ship_id = s.id WHERE s.state = 'moored' AND c.at < '2024-04-01' GROUP BY 1",
  'hash partitions': 'SELECT * FROM harbour.crates WHERE id = 77',
  'extended statistics of partitions': "SELECT * FROM harbour.crates WHERE owner_name = 'o7' AND weight = 307",
  'an update of partitions': "UPDATE harbour.calls SET fee = 1 WHERE ship_id = 5 AND at > '2025-01-01'",
  'inheritance children': 'SELECT kind, count(*) FROM harbour.events GROUP BY kind',
  'children ruled out by a CHECK': "SELECT * FROM harbour.events WHERE at = '2024-07-07'",
  'a parent alone': "SELECT * FROM ONLY harbour.events WHERE kind = 'k1'",
  'an unlogged table': 'SELECT * FROM harbour.notes WHERE ship_id = 5',
  'an insert with defaults': 'INSERT INTO harbour.notes (ship_id) SELECT id FROM harbour.ships',
  'an insert with an identity': "INSERT INTO harbour.ships (code, kg) SELECT 'AB', quay FROM harbour.calls_2024",
};
