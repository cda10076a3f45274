-- Localization of software: projects in many languages, keys with tags, translations and their revisions, translators and their jobs, comments, a memory of sentences.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 9733) & 9007199254740991) % $3)::integer';

CREATE TABLE locales (code text PRIMARY KEY, name text NOT NULL, is_rtl boolean NOT NULL);
INSERT INTO locales SELECT c, 'Locale ' || c, c IN ('ar', 'he') FROM unnest(ARRAY['en', 'de', 'fr', 'es', 'it', 'pl', 'nl', 'pt', 'sv', 'ja', 'ko', 'ar', 'he', 'tr']) c;

CREATE TABLE projects (id integer PRIMARY KEY, slug text NOT NULL UNIQUE, name text NOT NULL, base_locale text NOT NULL REFERENCES locales, created_at timestamp NOT NULL);
INSERT INTO projects SELECT i, 'project-' || i, 'Project ' || i, CASE WHEN i % 6 = 0 THEN 'de' ELSE 'en' END, timestamp '2019-01-01' + make_interval(hours => i * 200) FROM generate_series(1, 220) i;

CREATE TABLE project_locales (project_id integer NOT NULL REFERENCES projects, locale text NOT NULL REFERENCES locales, is_public boolean NOT NULL, PRIMARY KEY (project_id, locale));
INSERT INTO project_locales SELECT p.id, l.code, pick(p.id * 100 + length(l.name), 1, 4) > 0 FROM projects p CROSS JOIN locales l WHERE pick(p.id * 1000 + ascii(l.code) * 7 + ascii(right(l.code, 1)), 2, 5) > 0;

CREATE TABLE translators (id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, native_locale text REFERENCES locales, is_active boolean NOT NULL);
INSERT INTO translators SELECT i, 'Translator ' || i, 't' || i || '@words.example', CASE WHEN pick(i, 3, 10) > 0 THEN (ARRAY['de', 'fr', 'es', 'it', 'pl', 'nl', 'pt', 'sv', 'ja', 'ko', 'ar', 'he', 'tr'])[1 + pick(i, 4, 13)] END, pick(i, 5, 6) > 0 FROM generate_series(1, 6000) i;

CREATE TABLE keys (id integer PRIMARY KEY, project_id integer NOT NULL REFERENCES projects, namespace text NOT NULL, name text NOT NULL, description text, is_archived boolean NOT NULL, created_at timestamp NOT NULL, UNIQUE (project_id, namespace, name));
INSERT INTO keys
SELECT i, 1 + pick(i, 11, 20) * pick(i, 12, 11), 'ns' || pick(i, 13, 30), 'key.' || i, CASE WHEN pick(i, 14, 3) = 0 THEN 'shown on screen ' || pick(i, 15, 900) END, pick(i, 16, 12) = 0, timestamp '2020-01-01' + make_interval(mins => i * 40)
FROM generate_series(1, 60000) i;

CREATE TABLE key_tags (key_id integer NOT NULL REFERENCES keys, tag text NOT NULL, PRIMARY KEY (key_id, tag));
INSERT INTO key_tags SELECT 1 + pick(i, 21, 60000), (ARRAY['checkout', 'legal', 'mobile', 'email', 'error', 'menu', 'onboarding', 'admin'])[1 + pick(i, 22, 8)] FROM generate_series(1, 90000) i ON CONFLICT DO NOTHING;

CREATE TABLE translations (id integer PRIMARY KEY, key_id integer NOT NULL REFERENCES keys, locale text NOT NULL REFERENCES locales, value text NOT NULL, status text NOT NULL, translator_id integer REFERENCES translators, updated_at timestamp NOT NULL, UNIQUE (key_id, locale));
INSERT INTO translations
SELECT row_number() OVER (ORDER BY pick(k.id * 100 + ascii(l.code), 31, 1000000), k.id, l.code), k.id, l.code,
       CASE WHEN pick(k.id, 32, 40) = 0 THEN (ARRAY['OK', 'Cancel', 'Save', 'Back', 'Next', 'Close'])[1 + pick(k.id, 33, 6)] ELSE l.code || ' words of text number ' || pick(k.id, 34, 50000) END,
       (ARRAY['approved', 'approved', 'approved', 'review', 'draft'])[1 + pick(k.id * 100 + ascii(l.code), 35, 5)],
       CASE WHEN pick(k.id * 100 + ascii(l.code), 36, 7) > 0 THEN 1 + pick(k.id * 100 + ascii(l.code), 37, 75) * pick(k.id * 100 + ascii(l.code), 38, 75) END,
       timestamp '2021-01-01' + make_interval(mins => pick(k.id * 100 + ascii(l.code), 39, 1700000))
FROM keys k CROSS JOIN locales l WHERE l.code = 'en' OR pick(k.id * 1000 + ascii(l.code) * 7 + ascii(right(l.code, 1)), 40, 13) < 4;
CREATE INDEX translations_locale_idx ON translations (locale, updated_at);
CREATE INDEX translations_updated_idx ON translations (updated_at, id);
CREATE INDEX translations_translator_idx ON translations (translator_id);

CREATE TABLE revisions (id integer PRIMARY KEY, translation_id integer NOT NULL REFERENCES translations ON DELETE CASCADE, value text NOT NULL, author_id integer REFERENCES translators, created_at timestamp NOT NULL);
INSERT INTO revisions
SELECT i, CASE WHEN pick(i, 51, 5) = 0 THEN 1 + pick(i, 52, 300) * pick(i, 53, 300) ELSE 1 + pick(i, 54, t.n) END, 'words of text number ' || pick(i, 55, 50000), CASE WHEN pick(i, 56, 9) > 0 THEN 1 + pick(i, 57, 6000) END, timestamp '2021-01-01' + make_interval(mins => i * 8)
FROM generate_series(1, 200000) i, (SELECT count(*)::integer AS n FROM translations) t;
CREATE INDEX revisions_translation_idx ON revisions (translation_id);

CREATE TABLE comments (id integer PRIMARY KEY, key_id integer NOT NULL REFERENCES keys, author_id integer NOT NULL REFERENCES translators, body text NOT NULL, created_at timestamp NOT NULL, resolved_at timestamp);
INSERT INTO comments
SELECT i, 1 + pick(i, 61, 240) * pick(i, 62, 250), 1 + pick(i, 63, 6000), repeat('what does this mean here? ', 1 + pick(i, 64, 5)), timestamp '2021-01-01' + make_interval(mins => i * 25), CASE WHEN pick(i, 65, 60) > 0 THEN timestamp '2021-01-02' + make_interval(mins => i * 25) END
FROM generate_series(1, 70000) i;
CREATE INDEX comments_key_idx ON comments (key_id);

CREATE TABLE jobs (id integer PRIMARY KEY, project_id integer NOT NULL REFERENCES projects, locale text NOT NULL REFERENCES locales, translator_id integer REFERENCES translators, words integer NOT NULL, rate numeric(6, 4) NOT NULL, status text NOT NULL, due_on date, finished_at timestamp);
INSERT INTO jobs
SELECT i, 1 + pick(i, 71, 20) * pick(i, 72, 11), (ARRAY['de', 'fr', 'es', 'it', 'pl', 'nl', 'pt', 'sv', 'ja', 'ko', 'ar', 'he', 'tr'])[1 + pick(i, 73, 13)], CASE WHEN pick(i, 74, 20) > 0 THEN 1 + pick(i, 75, 75) * pick(i, 76, 75) END, 50 + pick(i, 77, 80) * pick(i, 78, 80), 0.06 + pick(i, 79, 12) / 100.0,
       CASE WHEN i < 78000 THEN 'finished' ELSE (ARRAY['offered', 'accepted', 'finished'])[1 + pick(i, 80, 3)] END, CASE WHEN pick(i, 81, 9) > 0 THEN date '2021-01-10' + i / 65 END, CASE WHEN i < 78000 OR pick(i, 80, 3) = 2 THEN timestamp '2021-01-11' + make_interval(mins => i * 22) END
FROM generate_series(1, 80000) i;

CREATE TABLE memory (id integer PRIMARY KEY, source text NOT NULL, source_locale text NOT NULL REFERENCES locales, target text NOT NULL, target_locale text NOT NULL REFERENCES locales, times_used integer NOT NULL, last_used_on date);
INSERT INTO memory
SELECT i, 'Sentence to be kept, number ' || pick(i, 91, 90000), 'en', 'Satz ' || i, (ARRAY['de', 'fr', 'es', 'it', 'pl', 'nl', 'pt'])[1 + pick(i, 92, 7)], pick(i, 93, 40) * pick(i, 94, 40), CASE WHEN pick(i, 95, 250) > 0 THEN date '2024-05-31' - pick(i, 96, 30) * pick(i, 97, 30) END
FROM generate_series(1, 130000) i;
CREATE INDEX memory_last_used_idx ON memory (last_used_on);
DROP FUNCTION pick;
