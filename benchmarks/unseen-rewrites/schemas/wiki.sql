-- A wiki: users in groups, spaces, pages in trees with their revisions, grants, watchers, views, links between pages.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE users (id integer PRIMARY KEY, login text NOT NULL UNIQUE, display_name text, is_active boolean NOT NULL);
INSERT INTO users SELECT i, 'user' || i, CASE WHEN i % 12 > 0 THEN 'User ' || i % 4800 END, i % 15 > 0 FROM generate_series(1, 6000) i;

CREATE TABLE groups (id integer PRIMARY KEY, name text NOT NULL UNIQUE);
INSERT INTO groups SELECT i, 'group ' || i FROM generate_series(1, 240) i;

CREATE TABLE group_members (group_id integer NOT NULL REFERENCES groups, user_id integer NOT NULL REFERENCES users, PRIMARY KEY (group_id, user_id));
INSERT INTO group_members SELECT 1 + pick(i, 1, 15) * pick(i, 2, 16), 1 + pick(i, 3, 6000) FROM generate_series(1, 20000) i ON CONFLICT DO NOTHING;
CREATE INDEX group_members_user_idx ON group_members (user_id);

CREATE TABLE spaces (id integer PRIMARY KEY, key text NOT NULL UNIQUE, name text NOT NULL, owner_id integer REFERENCES users);
INSERT INTO spaces SELECT i, 'SP' || i, 'Space ' || i, CASE WHEN i % 6 > 0 THEN 1 + pick(i, 4, 5000) END FROM generate_series(1, 220) i;

CREATE TABLE pages (
  id integer PRIMARY KEY,
  space_id integer NOT NULL REFERENCES spaces,
  parent_id integer REFERENCES pages,
  title text NOT NULL,
  status text NOT NULL,
  author_id integer REFERENCES users,
  labels text[] NOT NULL,
  macros jsonb CHECK (jsonb_typeof(macros) = 'array'),
  body text NOT NULL,
  updated_at timestamptz NOT NULL
);
INSERT INTO pages
SELECT i, 1 + pick(i, 11, 14) * pick(i, 12, 16), CASE WHEN i > 220 THEN 1 + pick(i, 13, least(i - 1, i / 6 + 200)) END,
       (ARRAY['How to ', 'Minutes of ', 'Design of ', 'Runbook ', 'Notes on '])[1 + pick(i, 14, 5)] || (ARRAY['deploying', 'invoices', 'onboarding', 'backups', 'the gateway', 'holidays'])[1 + pick(i, 15, 6)] || ' ' || pick(i, 16, 4000),
       (ARRAY['current', 'current', 'current', 'current', 'draft', 'archived', 'deleted'])[1 + pick(i, 17, 7)], CASE WHEN pick(i, 18, 12) > 0 THEN 1 + pick(i, 19, 75) * pick(i, 20, 80) END,
       CASE WHEN pick(i, 21, 3) > 0 THEN ARRAY['label' || pick(i, 22, 40), 'team' || pick(i, 23, 9)] ELSE '{}' END,
       CASE WHEN pick(i, 24, 5) > 0 THEN jsonb_build_array(jsonb_build_object('name', CASE WHEN pick(i, 25, 500) = 0 THEN 'legacy-chart' ELSE 'toc' END, 'depth', pick(i, 26, 4)), jsonb_build_object('name', 'code', 'lang', 'sql')) END,
       'Page about ' || (ARRAY['databases', 'networks', 'people', 'budgets'])[1 + pick(i, 27, 4)] || ' and ' || CASE WHEN pick(i, 28, 300) = 0 THEN 'quarterly failover drills ' ELSE 'everyday matters ' END || repeat(md5(i::text) || ' of what was said ', 3),
       timestamptz '2023-01-01 00:00+00' + make_interval(mins => i * 20 + pick(i, 29, 30))
FROM generate_series(1, 45000) i;
CREATE INDEX pages_space_idx ON pages (space_id);
CREATE INDEX pages_parent_idx ON pages (parent_id);
CREATE INDEX pages_author_idx ON pages (author_id);

CREATE TABLE revisions (page_id integer NOT NULL REFERENCES pages, version integer NOT NULL, author_id integer NOT NULL REFERENCES users, comment text, changed_chars integer NOT NULL, created_at timestamptz NOT NULL, PRIMARY KEY (page_id, version));
INSERT INTO revisions
SELECT CASE WHEN i <= 45000 THEN i ELSE 1 + pick(i / 40, 31, 210) * pick(i / 40, 32, 214) END, CASE WHEN i <= 45000 THEN 1 ELSE i END, 1 + pick(i, 33, 75) * pick(i, 34, 80), CASE WHEN pick(i, 35, 4) = 0 THEN 'minor edit ' || pick(i, 36, 200) END, pick(i, 37, 4000),
       timestamptz '2023-01-01 00:00+00' + make_interval(mins => i * 6) FROM generate_series(1, 150000) i;
CREATE INDEX revisions_author_idx ON revisions (author_id);

CREATE TABLE comments (id integer PRIMARY KEY, page_id integer NOT NULL REFERENCES pages, author_id integer REFERENCES users, body text NOT NULL, resolved_at timestamptz, created_at timestamptz NOT NULL);
INSERT INTO comments SELECT i, 1 + pick(i, 41, 210) * pick(i, 42, 214), CASE WHEN pick(i, 43, 9) > 0 THEN 1 + pick(i, 44, 6000) END, 'remark ' || repeat('see above ', 1 + i % 7), CASE WHEN pick(i, 45, 3) > 0 THEN timestamptz '2023-01-09 00:00+00' + make_interval(mins => i * 12) END,
       timestamptz '2023-01-02 00:00+00' + make_interval(mins => i * 12) FROM generate_series(1, 70000) i;
CREATE INDEX comments_page_idx ON comments (page_id);

CREATE TABLE grants (id integer PRIMARY KEY, space_id integer REFERENCES spaces, page_id integer REFERENCES pages, user_id integer REFERENCES users, group_id integer REFERENCES groups, level text NOT NULL);
INSERT INTO grants SELECT i, CASE WHEN i % 3 > 0 THEN 1 + pick(i, 51, 220) END, CASE WHEN i % 3 = 0 THEN 1 + pick(i, 52, 45000) END, CASE WHEN i % 4 > 0 THEN 1 + pick(i, 53, 6000) END, CASE WHEN i % 4 = 0 THEN 1 + pick(i, 54, 240) END,
       (ARRAY['read', 'read', 'write', 'admin'])[1 + pick(i, 55, 4)] FROM generate_series(1, 9000) i;
CREATE INDEX grants_user_idx ON grants (user_id);

CREATE TABLE watchers (page_id integer NOT NULL REFERENCES pages, user_id integer NOT NULL REFERENCES users, PRIMARY KEY (page_id, user_id));
INSERT INTO watchers SELECT 1 + pick(i, 61, 210) * pick(i, 62, 214), 1 + pick(i, 63, 75) * pick(i, 64, 80) FROM generate_series(1, 80000) i ON CONFLICT DO NOTHING;

CREATE TABLE views (id integer PRIMARY KEY, page_id integer NOT NULL REFERENCES pages, user_id integer REFERENCES users, viewed_at timestamptz NOT NULL, referrer text);
INSERT INTO views SELECT i, 1 + pick(i, 71, 210) * pick(i, 72, 214), CASE WHEN pick(i, 73, 4) > 0 THEN 1 + pick(i, 74, 75) * pick(i, 75, 80) END, timestamptz '2024-06-01 00:00+00' + make_interval(mins => i + pick(i, 76, 9)), CASE WHEN pick(i, 77, 3) = 0 THEN '/search?q=' || pick(i, 78, 900) END
FROM generate_series(1, 170000) i;
CREATE INDEX views_page_idx ON views (page_id);
CREATE INDEX views_viewed_idx ON views (viewed_at, id);

CREATE TABLE links (from_page_id integer NOT NULL REFERENCES pages, to_page_id integer NOT NULL REFERENCES pages, anchor text);
INSERT INTO links SELECT 1 + pick(i, 81, 45000), 1 + pick(i, 82, 210) * pick(i, 83, 214), CASE WHEN pick(i, 84, 5) = 0 THEN 'a' || i END FROM generate_series(1, 90000) i;
CREATE INDEX links_from_idx ON links (from_page_id);
DROP FUNCTION pick;
