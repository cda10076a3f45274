-- A museum's collection: objects and their makers, subject terms, images, places in a tree with moves, shows, loans, a log.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 3571) & 9007199254740991) % $3)::integer';

CREATE TABLE collections (id integer PRIMARY KEY, name text NOT NULL UNIQUE, curator text);
INSERT INTO collections SELECT i, 'Collection ' || i, CASE WHEN pick(i, 1, 5) > 0 THEN 'Dr. ' || pick(i, 2, 30) END FROM generate_series(1, 45) i;

CREATE TABLE objects (id integer PRIMARY KEY, inventory_no text COLLATE "C" NOT NULL UNIQUE, collection_id integer NOT NULL REFERENCES collections, title text NOT NULL, description text, material text, made_from smallint, made_to smallint, acquired_on date, catalogued_at timestamp NOT NULL, owner_staff_id integer, visibility text NOT NULL);
INSERT INTO objects
SELECT i, chr(65 + pick(i, 11, 26)) || (1890 + pick(i, 12, 130)) || '.' || i, 1 + pick(i, 13, 7) * pick(i, 14, 7), (ARRAY['Bowl', 'Vase', 'Portrait', 'Landscape', 'Coin', 'Fragment', 'Mask', 'Sketch'])[1 + pick(i, 15, 8)] || ' ' || (ARRAY['of a woman', 'with birds', 'from the north', 'in blue', 'with handle', 'of a saint'])[1 + pick(i, 16, 6)] || ' ' || pick(i, 17, 700), CASE WHEN pick(i, 18, 4) > 0 THEN repeat('Found in a grave near the river, broken and mended. ', 1 + pick(i, 19, 6)) || (ARRAY['bronze', 'ivory', 'terracotta', 'linen', 'oak', 'obsidian'])[1 + pick(i, 20, 5) + CASE WHEN pick(i, 21, 300) = 0 THEN 1 ELSE 0 END] END,
       CASE WHEN pick(i, 22, 6) > 0 THEN (ARRAY['clay', 'silver', 'oil on canvas', 'paper', 'wood'])[1 + pick(i, 23, 5)] END, CASE WHEN pick(i, 24, 5) > 0 THEN pick(i, 25, 2400) - 500 END, CASE WHEN pick(i, 24, 5) > 0 THEN pick(i, 25, 2400) - 500 + pick(i, 26, 100) END, CASE WHEN pick(i, 27, 8) > 0 THEN date '1890-01-01' + pick(i, 28, 48000) END, timestamp '2006-01-01' + make_interval(mins => i * 120), CASE WHEN pick(i, 29, 20) > 0 THEN 1 + pick(i, 30, 90) END, (ARRAY['public', 'public', 'staff', 'staff', 'private'])[1 + pick(i, 31, 5)]
FROM generate_series(1, 68000) i;
CREATE INDEX objects_collection_idx ON objects (collection_id);
CREATE INDEX objects_catalogued_idx ON objects (catalogued_at);
CREATE INDEX objects_owner_idx ON objects (owner_staff_id);

CREATE TABLE object_grants (object_id integer NOT NULL REFERENCES objects, staff_id integer NOT NULL, PRIMARY KEY (object_id, staff_id));
INSERT INTO object_grants SELECT 1 + pick(i, 32, 68000), 1 + pick(i, 33, 90) FROM generate_series(1, 20000) i ON CONFLICT DO NOTHING;
CREATE INDEX object_grants_staff_idx ON object_grants (staff_id);

CREATE TABLE makers (id integer PRIMARY KEY, name text NOT NULL, born smallint, died smallint, biography text);
INSERT INTO makers SELECT i, 'Master ' || i, CASE WHEN pick(i, 34, 3) > 0 THEN 1400 + pick(i, 35, 550) END, CASE WHEN pick(i, 34, 3) > 1 THEN 1460 + pick(i, 35, 550) END, repeat('Was taught abroad and worked for the court. ', 1 + pick(i, 36, 20)) FROM generate_series(1, 9000) i;
CREATE TABLE object_makers (object_id integer NOT NULL REFERENCES objects, maker_id integer NOT NULL REFERENCES makers, share text NOT NULL, PRIMARY KEY (object_id, maker_id));
INSERT INTO object_makers SELECT 1 + pick(i, 37, 68000), 1 + pick(i, 38, 94) * pick(i, 39, 95), (ARRAY['by', 'by', 'workshop of', 'after'])[1 + pick(i, 40, 4)] FROM generate_series(1, 80000) i ON CONFLICT DO NOTHING;
CREATE INDEX object_makers_maker_idx ON object_makers (maker_id);

CREATE TABLE terms (id integer PRIMARY KEY, label text NOT NULL UNIQUE, parent_id integer REFERENCES terms);
INSERT INTO terms SELECT i, 'term ' || i, CASE WHEN i > 20 THEN 1 + pick(i, 41, i / 6) END FROM generate_series(1, 1500) i;
CREATE TABLE object_terms (object_id integer NOT NULL REFERENCES objects, term_id integer NOT NULL REFERENCES terms, PRIMARY KEY (object_id, term_id));
INSERT INTO object_terms SELECT 1 + pick(i, 42, 68000), 1 + pick(i, 43, 38) * pick(i, 44, 39) FROM generate_series(1, 240000) i ON CONFLICT DO NOTHING;
CREATE INDEX object_terms_term_idx ON object_terms (term_id);

CREATE TABLE places (id integer PRIMARY KEY, parent_id integer REFERENCES places, name text NOT NULL, climate text);
INSERT INTO places SELECT i, CASE WHEN i > 6 THEN 1 + pick(i, 51, i / 5) END, 'Place ' || i, CASE WHEN pick(i, 52, 3) = 0 THEN 'cool' END FROM generate_series(1, 1200) i;
CREATE TABLE moves (id integer PRIMARY KEY, object_id integer NOT NULL REFERENCES objects, place_id integer NOT NULL REFERENCES places, moved_at timestamp NOT NULL, moved_by text NOT NULL, reason text, UNIQUE (object_id, moved_at));
INSERT INTO moves SELECT i, CASE WHEN i <= 68000 THEN i ELSE 1 + pick(i, 53, 260) * pick(i, 54, 261) END, 1 + pick(i, 55, 34) * pick(i, 56, 35), timestamp '2006-02-01' + make_interval(mins => i * 40), 'staff' || pick(i, 57, 60), CASE WHEN pick(i, 58, 3) = 0 THEN 'for photography' END FROM generate_series(1, 230000) i;
CREATE INDEX moves_mover_idx ON moves (moved_by);

CREATE TABLE images (id integer PRIMARY KEY, object_id integer NOT NULL REFERENCES objects, position smallint NOT NULL, path text NOT NULL, width integer NOT NULL, taken_at timestamp NOT NULL, rights text NOT NULL);
INSERT INTO images SELECT i, 1 + pick(i, 61, 260) * pick(i, 62, 261), 1 + pick(i, 63, 12), 'images/' || md5(i::text) || '.tif', 1200 + pick(i, 64, 5000), timestamp '2007-01-01' + make_interval(mins => i * 60), (ARRAY['free', 'free', 'museum', 'other'])[1 + pick(i, 65, 4)] FROM generate_series(1, 140000) i;
CREATE INDEX images_taken_idx ON images (taken_at);

CREATE TABLE shows (id integer PRIMARY KEY, title text NOT NULL, opens_on date NOT NULL, closes_on date NOT NULL);
INSERT INTO shows SELECT i, 'Show ' || i, date '2006-03-01' + i * 16, date '2006-03-01' + i * 16 + 90 + pick(i, 66, 200) FROM generate_series(1, 420) i;
CREATE TABLE show_objects (show_id integer NOT NULL REFERENCES shows, object_id integer NOT NULL REFERENCES objects, label text, PRIMARY KEY (show_id, object_id));
INSERT INTO show_objects SELECT 1 + pick(i, 67, 420), 1 + pick(i, 68, 260) * pick(i, 69, 261), CASE WHEN pick(i, 70, 2) = 0 THEN 'A label for visitors.' END FROM generate_series(1, 60000) i ON CONFLICT DO NOTHING;
CREATE INDEX show_objects_object_idx ON show_objects (object_id);

CREATE TABLE loans (id integer PRIMARY KEY, object_id integer NOT NULL REFERENCES objects, borrower text NOT NULL, during daterange NOT NULL, insured_cents bigint);
INSERT INTO loans SELECT i, 1 + pick(i, 71, 260) * pick(i, 72, 261), 'Museum ' || pick(i, 73, 150), daterange(date '2006-05-01' + i / 11, CASE WHEN pick(i, 74, 900) > 0 THEN date '2006-05-01' + i / 11 + 15 + pick(i, 75, 60) END), CASE WHEN pick(i, 76, 5) > 0 THEN 100000 + pick(i, 77, 900000) END FROM generate_series(1, 74000) i;
CREATE INDEX loans_object_idx ON loans (object_id);

CREATE TABLE changes (id bigint PRIMARY KEY, object_id integer NOT NULL, staff_id integer, field text NOT NULL, old_value text, new_value text, changed_at timestamp NOT NULL);
INSERT INTO changes SELECT i, 1 + pick(i, 81, 260) * pick(i, 82, 261), CASE WHEN pick(i, 83, 9) > 0 THEN 1 + pick(i, 84, 90) END, (ARRAY['title', 'description', 'material', 'place', 'visibility'])[1 + pick(i, 85, 5)], CASE WHEN pick(i, 86, 3) > 0 THEN 'old ' || pick(i, 87, 900) END, 'new ' || pick(i, 88, 900), timestamp '2010-01-01' + make_interval(mins => i * 25) FROM generate_series(1, 280000) i;
CREATE INDEX changes_field_idx ON changes (field);
CREATE INDEX changes_changed_idx ON changes (changed_at);
DROP FUNCTION pick;
