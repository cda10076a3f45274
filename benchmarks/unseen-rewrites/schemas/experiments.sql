-- Feature flags and experiments: projects, flags with their settings by environment, experiments with variants, visitors assigned to them, their events, daily evaluations, an audit log.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 4441) & 9007199254740991) % $3)::integer';

CREATE TABLE projects (id integer PRIMARY KEY, slug text NOT NULL UNIQUE, plan text NOT NULL);
INSERT INTO projects SELECT i, 'app-' || i, (ARRAY['free', 'growth', 'scale'])[1 + i % 3] FROM generate_series(1, 90) i;

CREATE TABLE people (id integer PRIMARY KEY, email text NOT NULL UNIQUE, name text, left_on date);
INSERT INTO people SELECT i, 'dev' || i || '@flags.example', CASE WHEN pick(i, 1, 9) > 0 THEN 'Dev ' || i END, CASE WHEN pick(i, 2, 8) = 0 THEN date '2023-01-01' + i END FROM generate_series(1, 800) i;

CREATE TABLE environments (id integer PRIMARY KEY, project_id integer NOT NULL REFERENCES projects, name text NOT NULL, UNIQUE (project_id, name));
INSERT INTO environments SELECT i, 1 + (i - 1) % 90, (ARRAY['production', 'staging', 'development'])[1 + (i - 1) / 90] FROM generate_series(1, 270) i;

CREATE TABLE flags (id integer PRIMARY KEY, project_id integer NOT NULL REFERENCES projects, key text NOT NULL, kind text NOT NULL, owner_id integer REFERENCES people, is_archived boolean NOT NULL, created_at timestamp NOT NULL, UNIQUE (project_id, key));
INSERT INTO flags
SELECT i, 1 + pick(i, 11, 9) * pick(i, 12, 11), 'flag-' || i, (ARRAY['release', 'release', 'experiment', 'ops'])[1 + pick(i, 13, 4)], CASE WHEN pick(i, 14, 8) > 0 THEN 1 + pick(i, 15, 800) END, pick(i, 16, 4) = 0, timestamp '2020-01-01' + make_interval(mins => i * 250)
FROM generate_series(1, 8000) i;

CREATE TABLE flag_settings (flag_id integer NOT NULL REFERENCES flags, environment_id integer NOT NULL REFERENCES environments, is_on boolean NOT NULL, rules jsonb NOT NULL CHECK (jsonb_typeof(rules) = 'array'), updated_at timestamp NOT NULL, PRIMARY KEY (flag_id, environment_id));
INSERT INTO flag_settings
SELECT f.id, e.id, pick(f.id * 300 + e.id, 21, 3) > 0,
       CASE WHEN pick(f.id * 300 + e.id, 22, 3) = 0 THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object('segment', 'segment ' || pick(f.id * 300 + e.id, 23, 400), 'serve', 'on'), jsonb_build_object('country', (ARRAY['DE', 'FR', 'US'])[1 + pick(f.id, 24, 3)], 'percent', pick(f.id, 25, 100))) END,
       timestamp '2022-01-01' + make_interval(mins => pick(f.id * 300 + e.id, 26, 1200000))
FROM flags f JOIN environments e ON e.project_id = f.project_id;
CREATE INDEX flag_settings_rules_idx ON flag_settings USING gin (rules jsonb_path_ops);

CREATE TABLE experiments (id integer PRIMARY KEY, flag_id integer NOT NULL REFERENCES flags, name text NOT NULL, starts_at timestamp NOT NULL, ends_at timestamp, status text NOT NULL);
INSERT INTO experiments SELECT i, 1 + pick(i, 31, 8000), 'Experiment ' || i, timestamp '2023-01-01' + make_interval(hours => i * 12), CASE WHEN i < 900 THEN timestamp '2023-01-15' + make_interval(hours => i * 12) END, CASE WHEN i < 900 THEN 'ended' ELSE 'running' END FROM generate_series(1, 1000) i;
CREATE INDEX experiments_flag_idx ON experiments (flag_id);

CREATE TABLE variants (id integer PRIMARY KEY, experiment_id integer NOT NULL REFERENCES experiments, key text NOT NULL, weight integer NOT NULL);
INSERT INTO variants SELECT i, 1 + (i - 1) % 1000, (ARRAY['control', 'treatment', 'second treatment'])[1 + (i - 1) / 1000], 1 FROM generate_series(1, 2600) i;
CREATE INDEX variants_experiment_idx ON variants (experiment_id);

CREATE TABLE visitors (id integer PRIMARY KEY, anonymous_id text NOT NULL UNIQUE, country char(2), device text NOT NULL, first_seen_at timestamp NOT NULL);
INSERT INTO visitors SELECT i, md5('visitor' || i), CASE WHEN pick(i, 41, 12) > 0 THEN (ARRAY['DE', 'FR', 'US', 'GB', 'JP'])[1 + pick(i, 42, 5)] END, (ARRAY['phone', 'phone', 'desktop', 'tablet'])[1 + pick(i, 43, 4)], timestamp '2023-01-01' + make_interval(mins => i * 7) FROM generate_series(1, 100000) i;
CREATE INDEX visitors_seen_idx ON visitors (first_seen_at);

CREATE TABLE assignments (experiment_id integer NOT NULL REFERENCES experiments, visitor_id integer NOT NULL REFERENCES visitors, variant_id integer NOT NULL REFERENCES variants, assigned_at timestamp NOT NULL, PRIMARY KEY (experiment_id, visitor_id));
INSERT INTO assignments
SELECT e, v, CASE WHEN pick(i, 51, 2) = 0 THEN e ELSE e + 1000 END, timestamp '2023-01-02' + make_interval(mins => i * 2)
FROM (SELECT i, CASE WHEN pick(i, 52, 6) = 0 THEN 901 + pick(i, 53, 4) ELSE 1 + pick(i, 54, 32) * pick(i, 55, 32) END AS e, 1 + pick(i, 56, 95000) AS v FROM generate_series(1, 290000) i) s
WHERE e <= 1000
ON CONFLICT DO NOTHING;

CREATE TABLE events (id integer PRIMARY KEY, visitor_id integer NOT NULL REFERENCES visitors, name text NOT NULL, value numeric(10, 2), occurred_at timestamp NOT NULL CHECK (occurred_at BETWEEN '2000-01-01' AND '2100-01-01'), props jsonb);
INSERT INTO events
SELECT i, 1 + pick(i, 61, 320) * pick(i, 62, 312), (ARRAY['view', 'view', 'view', 'click', 'click', 'signup', 'purchase'])[1 + pick(i, 63, 7)], CASE WHEN pick(i, 63, 7) = 6 THEN 5 + pick(i, 64, 20000) / 100.0 END, timestamp '2023-01-02' + make_interval(mins => i * 2), CASE WHEN pick(i, 65, 3) = 0 THEN jsonb_build_object('plan', (ARRAY['free', 'pro'])[1 + pick(i, 66, 2)]) END
FROM generate_series(1, 300000) i;
CREATE INDEX events_visitor_idx ON events (visitor_id, occurred_at);
CREATE INDEX events_occurred_idx ON events (occurred_at);

CREATE TABLE evaluations (flag_id integer NOT NULL REFERENCES flags, day date NOT NULL, environment_id integer NOT NULL REFERENCES environments, variation text NOT NULL, evaluations integer NOT NULL, PRIMARY KEY (flag_id, day, environment_id, variation));
INSERT INTO evaluations
SELECT f, date '2024-05-31' - pick(i, 72, 40) * pick(i, 73, 25), e.id, (ARRAY['on', 'off'])[1 + pick(i, 74, 2)], 1 + pick(i, 75, 200) * pick(i, 76, 200)
FROM (SELECT i, 1 + pick(i, 71, 90) * pick(i, 77, 88) AS f FROM generate_series(1, 180000) i) s JOIN flags g ON g.id = s.f JOIN environments e ON e.project_id = g.project_id AND e.name = (ARRAY['production', 'production', 'staging'])[1 + pick(i, 78, 3)]
ON CONFLICT DO NOTHING;

CREATE TABLE audit_log (id integer PRIMARY KEY, project_id integer NOT NULL REFERENCES projects, actor_id integer REFERENCES people, object_kind text NOT NULL, object_id integer NOT NULL, action text NOT NULL, at timestamp NOT NULL);
INSERT INTO audit_log
SELECT i, 1 + pick(i, 81, 9) * pick(i, 82, 11), CASE WHEN pick(i, 83, 11) > 0 THEN 1 + pick(i, 84, 800) END, (ARRAY['flag', 'flag', 'flag', 'experiment', 'segment'])[1 + pick(i, 85, 5)], 1 + pick(i, 86, 90) * pick(i, 87, 88), (ARRAY['update', 'update', 'create', 'archive'])[1 + pick(i, 88, 4)], timestamp '2021-01-01' + make_interval(mins => i * 15)
FROM generate_series(1, 120000) i;
CREATE INDEX audit_log_object_idx ON audit_log (object_id);
CREATE INDEX audit_log_at_idx ON audit_log (at);
DROP FUNCTION pick;
