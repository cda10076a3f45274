-- Training: athletes and their coaches, plans, workouts with sets and pulse samples, measurements of the body, goals.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 6173) & 9007199254740991) % $3)::integer';

CREATE TABLE athletes (id integer PRIMARY KEY, email text NOT NULL UNIQUE, display_name text, born_on date, coach_id integer REFERENCES athletes, joined_on date NOT NULL);
INSERT INTO athletes SELECT i, 'Athlete' || i || '@Gym.example', CASE WHEN pick(i, 1, 11) > 0 THEN 'Athlete ' || pick(i, 2, 3000) END, CASE WHEN pick(i, 3, 4) > 0 THEN date '1955-01-01' + pick(i, 4, 19000) END, CASE WHEN i > 200 AND pick(i, 5, 3) = 0 THEN 1 + pick(i, 6, 200) END, date '2022-01-01' + i / 12 FROM generate_series(1, 9000) i;
CREATE INDEX athletes_coach_idx ON athletes (coach_id);

CREATE TABLE coach_clients (coach_id integer NOT NULL REFERENCES athletes, athlete_id integer NOT NULL REFERENCES athletes, since date NOT NULL, PRIMARY KEY (coach_id, athlete_id));
INSERT INTO coach_clients SELECT 1 + pick(i, 7, 200), 1 + pick(i, 8, 9000), date '2023-01-01' + i % 500 FROM generate_series(1, 2500) i ON CONFLICT DO NOTHING;

CREATE TABLE plans (id integer PRIMARY KEY, author_id integer NOT NULL REFERENCES athletes, title text NOT NULL, level text NOT NULL, is_public boolean NOT NULL);
INSERT INTO plans SELECT i, 1 + pick(i, 11, 200), 'Plan ' || i, (ARRAY['beginner', 'beginner', 'advanced', 'elite'])[1 + pick(i, 12, 4)], pick(i, 13, 5) > 0 FROM generate_series(1, 900) i;

CREATE TABLE exercises (id integer PRIMARY KEY, name text NOT NULL UNIQUE, muscle text);
INSERT INTO exercises SELECT i, 'Exercise ' || i, CASE WHEN i % 7 > 0 THEN (ARRAY['legs', 'back', 'chest', 'core'])[1 + pick(i, 14, 4)] END FROM generate_series(1, 400) i;

CREATE TABLE workouts (
  id integer PRIMARY KEY,
  athlete_id integer NOT NULL REFERENCES athletes,
  plan_id integer REFERENCES plans,
  kind text NOT NULL,
  started_at timestamp NOT NULL,
  ended_at timestamp,
  distance_m integer,
  calories integer,
  notes text
);
INSERT INTO workouts
SELECT i, 1 + pick(i, 21, 94) * pick(i, 22, 95), CASE WHEN pick(i, 23, 3) = 0 THEN 1 + pick(i, 24, 900) END, (ARRAY['run', 'run', 'ride', 'swim', 'strength', 'strength'])[1 + pick(i, 25, 6)], timestamp '2023-01-01' + make_interval(mins => i * 9),
       CASE WHEN pick(i, 26, 400) > 0 THEN timestamp '2023-01-01' + make_interval(mins => i * 9 + 20 + pick(i, 27, 100)) END, CASE WHEN pick(i, 25, 6) < 4 THEN 500 + pick(i, 28, 120) * pick(i, 29, 500) END, CASE WHEN pick(i, 30, 8) > 0 THEN 50 + pick(i, 31, 900) END,
       CASE WHEN pick(i, 32, 5) = 0 THEN repeat('felt good ', 1 + pick(i, 33, 12)) END
FROM generate_series(1, 90000) i;
CREATE INDEX workouts_athlete_idx ON workouts (athlete_id, started_at);
CREATE INDEX workouts_plan_idx ON workouts (plan_id);
CREATE INDEX workouts_distance_idx ON workouts (distance_m);

CREATE TABLE sets (workout_id integer NOT NULL REFERENCES workouts, position integer NOT NULL, exercise_id integer NOT NULL REFERENCES exercises, reps integer, weight_kg numeric(6,2), PRIMARY KEY (workout_id, position));
INSERT INTO sets SELECT w.id, n, 1 + pick(w.id * 8 + n, 41, 19) * pick(w.id * 8 + n, 42, 21), CASE WHEN pick(w.id * 8 + n, 43, 9) > 0 THEN 3 + pick(w.id * 8 + n, 44, 15) END, CASE WHEN pick(w.id * 8 + n, 45, 4) > 0 THEN 2.5 * (1 + pick(w.id * 8 + n, 46, 60)) END FROM workouts w CROSS JOIN generate_series(1, 5) n WHERE w.kind = 'strength';

CREATE TABLE samples (id integer PRIMARY KEY, workout_id integer NOT NULL REFERENCES workouts, bpm integer NOT NULL, recorded_at timestamp NOT NULL);
INSERT INTO samples SELECT i, 1 + pick(i, 51, 299) * pick(i, 52, 301), 70 + pick(i, 53, 60) + pick(i, 54, 60), timestamp '2023-01-01' + make_interval(mins => i * 4 + pick(i, 55, 90)) FROM generate_series(1, 200000) i;
CREATE INDEX samples_workout_idx ON samples (workout_id);

CREATE TABLE measurements (id integer PRIMARY KEY, athlete_id integer NOT NULL REFERENCES athletes, kind text NOT NULL, value numeric(7,2) NOT NULL, taken_at timestamp NOT NULL);
INSERT INTO measurements SELECT i, 1 + pick(i, 61, 94) * pick(i, 62, 95), (ARRAY['weight', 'weight', 'weight', 'waist', 'pulse', 'sleep'])[1 + pick(i, 63, 6)], 40 + pick(i, 64, 9000) / 100.0, timestamp '2023-01-01' + make_interval(mins => i * 5) FROM generate_series(1, 180000) i;
CREATE INDEX measurements_athlete_idx ON measurements (athlete_id, kind, taken_at);

CREATE TABLE goals (id integer PRIMARY KEY, athlete_id integer NOT NULL REFERENCES athletes, kind text NOT NULL, target numeric(9,2) NOT NULL, due_on date, reached_at timestamp);
INSERT INTO goals SELECT i, 1 + pick(i, 71, 9000), (ARRAY['distance', 'weight', 'workouts'])[1 + pick(i, 72, 3)], 10 * (1 + pick(i, 73, 90)), CASE WHEN pick(i, 74, 4) > 0 THEN date '2023-06-01' + i % 700 END, CASE WHEN pick(i, 75, 3) = 0 THEN timestamp '2024-01-01' + make_interval(mins => i) END FROM generate_series(1, 14000) i;
CREATE INDEX goals_athlete_idx ON goals (athlete_id);
DROP FUNCTION pick;
