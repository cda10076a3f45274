-- A university library and its research portal: institutions, authors, venues, publications with subjects and citations, downloads; members, copies, loans, holds.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 4799) & 9007199254740991) % $3)::integer';

CREATE TABLE institutions (id integer PRIMARY KEY, name text NOT NULL, country text);
INSERT INTO institutions SELECT i, 'University ' || i, CASE WHEN i % 9 > 0 THEN (ARRAY['CH', 'AT', 'DE', 'CZ', 'SI'])[1 + i % 5] END FROM generate_series(1, 800) i;

CREATE TABLE authors (id integer PRIMARY KEY, given_name text, family_name text NOT NULL, orcid varchar(19) UNIQUE, institution_id integer REFERENCES institutions);
INSERT INTO authors
SELECT i, CASE WHEN i % 14 > 0 THEN 'Given' || pick(i, 1, 500) END, 'Family' || pick(i, 2, 90) * pick(i, 3, 120), CASE WHEN pick(i, 4, 3) > 0 THEN '0000-0002-' || lpad((i / 10000)::text, 4, '0') || '-' || lpad((i % 10000)::text, 4, '0') END,
       CASE WHEN pick(i, 5, 8) > 0 THEN 1 + pick(i, 6, 28) * pick(i, 7, 28) END
FROM generate_series(1, 30000) i;

CREATE TABLE venues (id integer PRIMARY KEY, name text NOT NULL UNIQUE, kind text NOT NULL, issn varchar(9));
INSERT INTO venues SELECT i, 'Venue ' || i, (ARRAY['journal', 'journal', 'conference', 'repository'])[1 + i % 4], CASE WHEN i % 4 < 2 THEN lpad(i::text, 4, '0') || '-' || lpad((i * 37 % 10000)::text, 4, '0') END FROM generate_series(1, 900) i;

CREATE TABLE subjects (id integer PRIMARY KEY, parent_id integer REFERENCES subjects, name text NOT NULL);
INSERT INTO subjects SELECT i, CASE WHEN i > 8 THEN 1 + i / 6 END, 'Subject ' || i FROM generate_series(1, 300) i;

CREATE TABLE publications (
  id integer PRIMARY KEY,
  title text NOT NULL,
  abstract text,
  venue_id integer REFERENCES venues,
  doi text UNIQUE,
  language text NOT NULL,
  keywords text[] NOT NULL,
  cited_count integer,
  published_on date NOT NULL
);
INSERT INTO publications
SELECT i, 'On topic ' || pick(i, 11, 9000) || ' and ' || i, CASE WHEN pick(i, 12, 3) > 0 THEN repeat('abstract ' || i || ' ', 1 + pick(i, 13, 12)) END, CASE WHEN pick(i, 14, 12) > 0 THEN 1 + pick(i, 15, 29) * pick(i, 16, 30) END,
       CASE WHEN pick(i, 17, 6) > 0 THEN '10.' || 1000 + i % 40 || '/P.' || i END, (ARRAY['en', 'en', 'en', 'de', 'fr'])[1 + pick(i, 18, 5)],
       ARRAY['topic ' || pick(i, 19, 50) * pick(i, 20, 50), 'method ' || pick(i, 21, 130)], CASE WHEN pick(i, 22, 10) > 0 THEN pick(i, 23, 14) * pick(i, 24, 14) END, date '2005-01-01' + i / 10
FROM generate_series(1, 70000) i;
CREATE INDEX publications_venue_idx ON publications (venue_id);
CREATE INDEX publications_published_idx ON publications (published_on);
CREATE INDEX publications_keywords_idx ON publications USING gin (keywords);

CREATE TABLE authorships (publication_id integer NOT NULL REFERENCES publications, author_id integer NOT NULL REFERENCES authors, position integer NOT NULL, corresponding boolean, PRIMARY KEY (publication_id, author_id));
INSERT INTO authorships SELECT 1 + i / 3, 1 + pick(i, 31, 170) * pick(i, 32, 175), 1 + i % 3, CASE WHEN i % 5 > 0 THEN i % 3 = 0 END FROM generate_series(0, 200000) i ON CONFLICT DO NOTHING;
CREATE INDEX authorships_author_idx ON authorships (author_id);

CREATE TABLE citations (citing_id integer NOT NULL REFERENCES publications, cited_id integer NOT NULL REFERENCES publications, context text, PRIMARY KEY (citing_id, cited_id));
INSERT INTO citations SELECT 1 + pick(i, 41, 70000), 1 + pick(i, 42, 260) * pick(i, 43, 265), CASE WHEN pick(i, 44, 5) = 0 THEN 'background' END FROM generate_series(1, 220000) i ON CONFLICT DO NOTHING;
CREATE INDEX citations_cited_idx ON citations (cited_id);

CREATE TABLE publication_subjects (publication_id integer NOT NULL REFERENCES publications, subject_id integer NOT NULL REFERENCES subjects, PRIMARY KEY (publication_id, subject_id));
INSERT INTO publication_subjects SELECT 1 + pick(i, 51, 70000), 1 + pick(i, 52, 17) * pick(i, 53, 17) FROM generate_series(1, 120000) i ON CONFLICT DO NOTHING;

CREATE TABLE members (id integer PRIMARY KEY, card_no varchar(12) NOT NULL UNIQUE, name text NOT NULL, email text NOT NULL, faculty text, joined_on date NOT NULL);
INSERT INTO members SELECT i, 'L' || lpad((i::bigint * 7919 % 1000003)::text, 7, '0'), 'Reader ' || pick(i, 61, 9000), 'Reader' || i || '@Uni.example', (ARRAY['law', 'medicine', 'physics', 'history', 'music', NULL])[1 + pick(i, 62, 6)], date '2016-01-01' + i / 5 FROM generate_series(1, 12000) i;

CREATE TABLE copies (id integer PRIMARY KEY, publication_id integer NOT NULL REFERENCES publications, shelf_mark text NOT NULL, branch text NOT NULL, state text NOT NULL);
INSERT INTO copies SELECT i, 1 + pick(i, 71, 260) * pick(i, 72, 265), (ARRAY['QA', 'QC', 'PN', 'KF', 'ML'])[1 + pick(i, 73, 5)] || 10 + pick(i, 74, 90) || '.' || i, (ARRAY['main', 'main', 'science', 'law', 'depot'])[1 + pick(i, 75, 5)], (ARRAY['in', 'in', 'damaged', 'in', 'lost'])[1 + pick(i, 76, 3) * pick(i, 77, 3)]
FROM generate_series(1, 60000) i;
CREATE INDEX copies_publication_idx ON copies (publication_id);
CREATE INDEX copies_shelf_idx ON copies (shelf_mark text_pattern_ops);

CREATE TABLE loans (id integer PRIMARY KEY, copy_id integer NOT NULL REFERENCES copies, member_id integer NOT NULL REFERENCES members, lent_at timestamp NOT NULL, due_on date NOT NULL, returned_at timestamp, fine_cents integer);
INSERT INTO loans
SELECT i, 1 + pick(i, 81, 240) * pick(i, 82, 245), 1 + pick(i, 83, 108) * pick(i, 84, 110), timestamp '2019-01-01' + make_interval(mins => i * 15), date '2019-01-29' + i / 96, CASE WHEN pick(i, 85, 60) > 0 THEN timestamp '2019-01-01' + make_interval(mins => i * 15 + pick(i, 86, 50000)) END,
       CASE WHEN pick(i, 87, 8) = 0 THEN 50 * pick(i, 88, 30) END
FROM generate_series(1, 180000) i;
CREATE INDEX loans_copy_idx ON loans (copy_id);
CREATE INDEX loans_member_idx ON loans (member_id);

CREATE TABLE holds (id integer PRIMARY KEY, publication_id integer NOT NULL REFERENCES publications, member_id integer NOT NULL REFERENCES members, placed_at timestamp NOT NULL, fulfilled_at timestamp);
INSERT INTO holds SELECT i, 1 + pick(i, 91, 260) * pick(i, 92, 265), 1 + pick(i, 93, 108) * pick(i, 94, 110), timestamp '2021-01-01' + make_interval(mins => i * 30), CASE WHEN pick(i, 95, 20) > 0 THEN timestamp '2021-01-02' + make_interval(mins => i * 30) END FROM generate_series(1, 60000) i;
CREATE INDEX holds_publication_idx ON holds (publication_id, placed_at);
CREATE INDEX holds_member_idx ON holds (member_id);

CREATE TABLE downloads (id integer PRIMARY KEY, publication_id integer NOT NULL REFERENCES publications, member_id integer REFERENCES members, downloaded_at timestamp NOT NULL, bytes integer NOT NULL);
INSERT INTO downloads SELECT i, 1 + pick(i, 101, 260) * pick(i, 102, 269), CASE WHEN pick(i, 103, 4) > 0 THEN 1 + pick(i, 104, 12000) END, timestamp '2023-01-01' + make_interval(mins => i * 4), 10000 + pick(i, 105, 9000000) FROM generate_series(1, 160000) i;
CREATE INDEX downloads_publication_idx ON downloads (publication_id, downloaded_at);
DROP FUNCTION pick;
