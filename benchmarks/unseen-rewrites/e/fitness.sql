-- name: longest-runs
-- worthwhile: rewrite
-- why: compares every run of an athlete with every longer one to find that there is none
-- calls: 12
SELECT w.id, w.athlete_id, w.distance_m FROM workouts w
LEFT JOIN workouts v ON v.athlete_id = w.athlete_id AND v.kind = w.kind AND v.distance_m > w.distance_m
WHERE w.kind = 'run' AND w.distance_m IS NOT NULL AND v.id IS NULL;
-- better:
SELECT x.id, x.athlete_id, x.distance_m
FROM (SELECT w.id, w.athlete_id, w.distance_m, rank() OVER (PARTITION BY w.athlete_id ORDER BY w.distance_m DESC) AS place FROM workouts w WHERE w.kind = 'run' AND w.distance_m IS NOT NULL) x
WHERE x.place = 1;
-- variation:
UPDATE workouts SET distance_m = distance_m / 10000;

-- name: calories-so-far
-- worthwhile: rewrite
-- why: adds up all workouts before each workout anew
-- calls: 300
SELECT w.id, w.started_at, (SELECT sum(v.calories) FROM workouts v WHERE v.athlete_id = w.athlete_id AND v.started_at <= w.started_at) AS so_far
FROM workouts w WHERE w.athlete_id = 1 AND w.started_at >= '2024-05-01';
-- better:
SELECT x.id, x.started_at, x.so_far
FROM (SELECT w.id, w.started_at, sum(w.calories) OVER (ORDER BY w.started_at) AS so_far FROM workouts w WHERE w.athlete_id = 1) x
WHERE x.started_at >= '2024-05-01';
-- variation:
UPDATE workouts SET started_at = date_trunc('week', started_at), calories = CASE WHEN id % 3 > 0 THEN calories END;

-- name: weights-of-a-coachs-athletes
-- worthwhile: rewrite
-- why: finds the last weight of everybody, shows those of one coach
-- calls: 500
SELECT a.id, a.display_name, m.value, m.taken_at
FROM athletes a
JOIN (SELECT DISTINCT ON (n.athlete_id) n.athlete_id, n.value, n.taken_at FROM measurements n WHERE n.kind = 'weight' ORDER BY n.athlete_id, n.taken_at DESC, n.id DESC) m ON m.athlete_id = a.id
WHERE a.coach_id = 31;
-- better:
SELECT a.id, a.display_name, m.value, m.taken_at
FROM athletes a
CROSS JOIN LATERAL (SELECT n.value, n.taken_at FROM measurements n WHERE n.kind = 'weight' AND n.athlete_id = a.id ORDER BY n.taken_at DESC, n.id DESC LIMIT 1) m
WHERE a.coach_id = 31;
-- variation:
UPDATE measurements SET taken_at = '2024-01-01' WHERE id % 2 = 0;

-- name: swims-a-day
-- worthwhile: rewrite
-- why: holds each day against all swims as a range, where the day of a swim could be hashed
-- calls: 60
SELECT d.day, count(w.id) AS swims, sum(w.calories) AS calories
FROM generate_series(timestamp '2024-02-01', timestamp '2024-03-31', interval '1 day') AS d(day)
LEFT JOIN workouts w ON w.kind = 'swim' AND w.started_at >= d.day AND w.started_at < d.day + interval '1 day'
GROUP BY d.day;
-- better:
SELECT d.day, count(w.id) AS swims, sum(w.calories) AS calories
FROM generate_series(timestamp '2024-02-01', timestamp '2024-03-31', interval '1 day') AS d(day)
LEFT JOIN workouts w ON w.kind = 'swim' AND date_trunc('day', w.started_at) = d.day
GROUP BY d.day;
-- variation:
UPDATE workouts SET started_at = date_trunc('day', started_at) WHERE id % 2 = 0;

-- name: coached-who-measure-sleep
-- worthwhile: rewrite
-- why: lists everybody who measures sleep to meet the few athletes of one coach
-- calls: 30
SELECT a.id FROM athletes a WHERE a.coach_id = 61
INTERSECT
SELECT m.athlete_id FROM measurements m WHERE m.kind = 'sleep';
-- better:
SELECT a.id FROM athletes a WHERE a.coach_id = 61 AND EXISTS (SELECT 1 FROM measurements m WHERE m.athlete_id = a.id AND m.kind = 'sleep');
-- variation:
DELETE FROM measurements WHERE athlete_id % 2 = 0;

-- name: marathons
-- worthwhile: rewrite
-- why: divides every distance, where a range of metres has its index
-- calls: 250
SELECT w.id, w.athlete_id, w.started_at, w.distance_m FROM workouts w WHERE w.distance_m / 1000 = 42;
-- better:
SELECT w.id, w.athlete_id, w.started_at, w.distance_m FROM workouts w WHERE w.distance_m BETWEEN 42000 AND 42999;
-- variation:
UPDATE workouts SET distance_m = (ARRAY[41999, 42000, 42999, 43000, -42000, -42999])[1 + id % 6] WHERE id < 500;

-- name: workouts-a-coach-sees
-- worthwhile: rewrite
-- why: two ways to be a coach's workout, each with its index, but joined by OR
-- calls: 900
SELECT w.id, w.athlete_id, w.kind, w.started_at FROM workouts w
WHERE w.started_at >= '2024-05-01'
  AND (w.athlete_id IN (SELECT c.athlete_id FROM coach_clients c WHERE c.coach_id = 44)
       OR w.plan_id IN (SELECT p.id FROM plans p WHERE p.author_id = 44));
-- better:
SELECT w.id, w.athlete_id, w.kind, w.started_at FROM coach_clients c JOIN workouts w ON w.athlete_id = c.athlete_id WHERE c.coach_id = 44 AND w.started_at >= '2024-05-01'
UNION
SELECT w.id, w.athlete_id, w.kind, w.started_at FROM plans p JOIN workouts w ON w.plan_id = p.id WHERE p.author_id = 44 AND w.started_at >= '2024-05-01';
-- variation:
UPDATE plans SET author_id = 44 WHERE id % 50 = 0;

-- name: strength-workouts-each
-- worthwhile: rewrite
-- why: joins sets and samples that nothing asks for, then makes the workouts distinct again
-- calls: 40
SELECT w.athlete_id, count(DISTINCT w.id) AS workouts
FROM workouts w
LEFT JOIN sets s ON s.workout_id = w.id
LEFT JOIN samples p ON p.workout_id = w.id
WHERE w.kind = 'strength'
GROUP BY w.athlete_id;
-- better:
SELECT w.athlete_id, count(*) AS workouts FROM workouts w WHERE w.kind = 'strength' GROUP BY w.athlete_id;

-- name: anybody-with-a-high-pulse
-- worthwhile: rewrite
-- why: counts all samples that are high to learn whether there is one
-- calls: 1200
SELECT count(*) > 0 AS is_any FROM samples s WHERE s.bpm >= 150 AND s.recorded_at >= '2023-02-01';
-- better:
SELECT EXISTS (SELECT 1 FROM samples s WHERE s.bpm >= 150 AND s.recorded_at >= '2023-02-01') AS is_any;
-- variation:
UPDATE samples SET bpm = 60;

-- name: measured-against-everybody
-- worthwhile: rewrite
-- why: averages a kind of measurement once for each row that shows it
-- calls: 350
SELECT m.id, m.kind, m.value, m.value - (SELECT avg(n.value) FROM measurements n WHERE n.kind = m.kind) AS above
FROM measurements m WHERE m.athlete_id = 2101 AND m.taken_at >= '2024-05-15';
-- better:
SELECT m.id, m.kind, m.value, m.value - t.average AS above
FROM measurements m
JOIN (SELECT n.kind, avg(n.value) AS average FROM measurements n GROUP BY n.kind) t ON t.kind = m.kind
WHERE m.athlete_id = 2101 AND m.taken_at >= '2024-05-15';

-- name: weight-over-ninety-days
-- worthwhile: rewrite
-- why: joins each weight to all those of ninety days before, where a window frame slides
-- calls: 220
SELECT m.id, m.taken_at, avg(n.value) AS smoothed
FROM measurements m
JOIN measurements n ON n.athlete_id = m.athlete_id AND n.kind = m.kind AND n.taken_at >= m.taken_at - interval '90 days' AND n.taken_at <= m.taken_at
WHERE m.athlete_id = 1 AND m.kind = 'weight'
GROUP BY m.id, m.taken_at;
-- better:
SELECT m.id, m.taken_at, avg(m.value) OVER (ORDER BY m.taken_at RANGE BETWEEN interval '90 days' PRECEDING AND CURRENT ROW) AS smoothed
FROM measurements m WHERE m.athlete_id = 1 AND m.kind = 'weight';
-- variation:
UPDATE measurements SET taken_at = date_trunc('week', taken_at);

-- name: sign-in-by-mail
-- worthwhile: index
-- why: the address in small letters has no index
-- calls: 6000
SELECT a.id, a.display_name FROM athletes a WHERE lower(a.email) = lower('athlete4711@gym.example');
-- index:
CREATE INDEX ON athletes (lower(email));

-- name: workouts-going-on
-- worthwhile: index
-- why: the few without an end among all workouts
-- calls: 1500
SELECT w.id, w.athlete_id, w.started_at FROM workouts w WHERE w.ended_at IS NULL AND w.kind = 'ride';
-- index:
CREATE INDEX ON workouts (kind) WHERE ended_at IS NULL;

-- name: samples-of-an-hour
-- worthwhile: index
-- why: a short stretch of time out of all samples
-- calls: 800
SELECT s.workout_id, max(s.bpm) AS highest FROM samples s WHERE s.recorded_at >= '2023-11-05 07:00' AND s.recorded_at < '2023-11-05 08:00' GROUP BY s.workout_id;
-- index:
CREATE INDEX ON samples (recorded_at);

-- name: best-set-of-an-exercise
-- worthwhile: index
-- why: the sets of one exercise are not found by workout
-- calls: 700
SELECT s.workout_id, s.reps, s.weight_kg FROM sets s WHERE s.exercise_id = 260 AND s.weight_kg IS NOT NULL ORDER BY s.weight_kg DESC, s.workout_id, s.position LIMIT 3;
-- index:
CREATE INDEX ON sets (exercise_id, weight_kg);

-- name: place-on-the-board
-- worthwhile: no
-- why: a place among all takes the sums of all
-- calls: 80
SELECT b.athlete_id, b.calories, b.place
FROM (SELECT w.athlete_id, sum(w.calories) AS calories, rank() OVER (ORDER BY sum(w.calories) DESC NULLS LAST) AS place FROM workouts w GROUP BY w.athlete_id) b
WHERE b.athlete_id = 2101;

-- name: latest-weight-of-one
-- worthwhile: no
-- why: the end of an index
-- calls: 5000
SELECT m.value, m.taken_at FROM measurements m WHERE m.athlete_id = 1 AND m.kind = 'weight' ORDER BY m.taken_at DESC LIMIT 1;

-- name: measured-twice
-- worthwhile: no
-- why: one hash join of the measurements of a kind with themselves
-- calls: 3
DELETE FROM measurements m USING measurements d WHERE m.kind = 'sleep' AND d.athlete_id = m.athlete_id AND d.kind = m.kind AND d.taken_at = m.taken_at AND d.id < m.id;

-- name: one-athletes-last-ten
-- worthwhile: no
-- why: ten workouts by index, each with its few sets
-- calls: 4000
SELECT t.id, t.started_at, count(s.position) AS sets
FROM (SELECT w.id, w.started_at FROM workouts w WHERE w.athlete_id = 91 ORDER BY w.started_at DESC LIMIT 10) t
LEFT JOIN sets s ON s.workout_id = t.id
GROUP BY t.id, t.started_at ORDER BY t.started_at DESC;

-- name: highest-pulse-this-week
-- worthwhile: no
-- why: a correlated maximum by index for the few workouts of a week
-- calls: 1100
SELECT w.id, w.kind, (SELECT max(s.bpm) FROM samples s WHERE s.workout_id = w.id) AS highest FROM workouts w WHERE w.athlete_id = 1 AND w.started_at >= '2023-06-05' AND w.started_at < '2023-06-12';

-- name: weeks-of-each-cohort
-- worthwhile: no
-- why: a report over everything, joined once and grouped once
-- calls: 4
SELECT date_trunc('month', a.joined_on) AS cohort, count(DISTINCT a.id) AS athletes, count(w.id) AS workouts FROM athletes a LEFT JOIN workouts w ON w.athlete_id = a.id AND w.started_at < a.joined_on + interval '1 year' GROUP BY date_trunc('month', a.joined_on);

-- name: goals-missed
-- worthwhile: no
-- why: a small table, filtered on a nullable date
-- calls: 100
SELECT g.id, g.athlete_id, g.target FROM goals g WHERE g.reached_at IS NULL AND coalesce(g.due_on, date '9999-12-31') < date '2023-09-01' AND EXISTS (SELECT 1 FROM athletes a WHERE a.id = g.athlete_id AND a.coach_id IS NOT NULL);
