-- name: continue-watching-of-an-account
-- worthwhile: rewrite
-- why: the plays of everybody are numbered before the profiles of one account are picked
-- calls: 4000
SELECT p.name AS profile, l.title_id, l.episode_id, l.started_at, l.watched_s
FROM profiles p
JOIN (
  SELECT profile_id, title_id, episode_id, started_at, watched_s,
         row_number() OVER (PARTITION BY profile_id, title_id ORDER BY started_at DESC, id DESC) AS rn
  FROM plays
) l ON l.profile_id = p.id AND l.rn = 1
WHERE p.account_id = 4711;
-- better:
SELECT p.name AS profile, l.title_id, l.episode_id, l.started_at, l.watched_s
FROM profiles p
CROSS JOIN LATERAL (
  SELECT DISTINCT ON (title_id) title_id, episode_id, started_at, watched_s
  FROM plays
  WHERE profile_id = p.id
  ORDER BY title_id, started_at DESC, id DESC
) l
WHERE p.account_id = 4711;
-- variation:
UPDATE plays SET profile_id = (SELECT min(id) FROM profiles WHERE account_id = 4711), title_id = 1 + id % 7, started_at = '2024-01-01' WHERE id <= 400;

-- name: watchlist-with-stars
-- worthwhile: rewrite
-- why: the ratings of all titles are averaged for the few on one list
-- calls: 3000
SELECT t.id, t.name, w.added_at, r.stars, coalesce(r.votes, 0) AS votes
FROM watchlist w
JOIN titles t ON t.id = w.title_id
LEFT JOIN (
  SELECT title_id, round(avg(stars), 2) AS stars, count(*) AS votes
  FROM ratings
  GROUP BY title_id
) r ON r.title_id = t.id
WHERE w.profile_id = 48
ORDER BY w.added_at DESC;
-- better:
SELECT t.id, t.name, w.added_at, r.stars, r.votes
FROM watchlist w
JOIN titles t ON t.id = w.title_id
CROSS JOIN LATERAL (
  SELECT round(avg(stars), 2) AS stars, count(*) AS votes
  FROM ratings
  WHERE title_id = t.id
) r
WHERE w.profile_id = 48
ORDER BY w.added_at DESC;

-- name: plays-of-an-episode-null-safe
-- worthwhile: rewrite
-- why: a comparison that is safe for NULL has no use for the index, and the value is given
-- calls: 2500
SELECT p.id, p.profile_id, p.started_at, p.watched_s
FROM plays p
WHERE p.episode_id IS NOT DISTINCT FROM 5123;
-- better:
SELECT p.id, p.profile_id, p.started_at, p.watched_s
FROM plays p
WHERE p.episode_id = 5123;
-- variation:
UPDATE plays SET episode_id = CASE id % 2 WHEN 0 THEN 5123 END WHERE id % 40 < 2;

-- name: figures-of-the-month
-- worthwhile: rewrite
-- why: six counts of the same plays, each with its own scan
-- calls: 200
SELECT
  (SELECT count(*) FROM plays WHERE started_at >= '2024-03-01' AND started_at < '2024-04-01') AS plays,
  (SELECT count(*) FROM plays WHERE started_at >= '2024-03-01' AND started_at < '2024-04-01' AND is_completed) AS completed,
  (SELECT count(*) FROM plays WHERE started_at >= '2024-03-01' AND started_at < '2024-04-01' AND device = 'tv') AS on_tv,
  (SELECT count(*) FROM plays WHERE started_at >= '2024-03-01' AND started_at < '2024-04-01' AND device = 'phone') AS on_phones,
  (SELECT sum(watched_s) FROM plays WHERE started_at >= '2024-03-01' AND started_at < '2024-04-01') AS seconds,
  (SELECT count(*) FROM plays WHERE started_at >= '2024-03-01' AND started_at < '2024-04-01' AND watched_s < 120) AS abandoned;
-- better:
SELECT count(*) AS plays,
  count(*) FILTER (WHERE is_completed) AS completed,
  count(*) FILTER (WHERE device = 'tv') AS on_tv,
  count(*) FILTER (WHERE device = 'phone') AS on_phones,
  sum(watched_s) AS seconds,
  count(*) FILTER (WHERE watched_s < 120) AS abandoned
FROM plays
WHERE started_at >= '2024-03-01' AND started_at < '2024-04-01';

-- name: accounts-by-country-plan-and-in-all
-- worthwhile: rewrite
-- why: one table is read once for each level of the report
-- calls: 60
SELECT a.country::text AS country, a.plan, count(DISTINCT a.id) AS accounts, count(p.id) AS profiles
FROM accounts a JOIN profiles p ON p.account_id = a.id WHERE a.cancelled_at IS NULL
GROUP BY a.country, a.plan
UNION ALL
SELECT a.country::text, NULL, count(DISTINCT a.id), count(p.id)
FROM accounts a JOIN profiles p ON p.account_id = a.id WHERE a.cancelled_at IS NULL
GROUP BY a.country
UNION ALL
SELECT NULL, NULL, count(DISTINCT a.id), count(p.id)
FROM accounts a JOIN profiles p ON p.account_id = a.id WHERE a.cancelled_at IS NULL;
-- better:
SELECT a.country::text AS country, a.plan, count(*) AS accounts, coalesce(sum(p.n), 0)::bigint AS profiles
FROM accounts a
JOIN (SELECT account_id, count(*) AS n FROM profiles GROUP BY account_id) p ON p.account_id = a.id
WHERE a.cancelled_at IS NULL
GROUP BY GROUPING SETS ((a.country, a.plan), (a.country), ());
-- variation:
UPDATE accounts SET cancelled_at = NULL WHERE country = 'DE';

-- name: popular-titles-with-votes
-- worthwhile: rewrite
-- why: the ratings of all titles are counted to show twenty-four of them
-- calls: 5000
-- ordered: yes
SELECT t.id, t.name, t.certificate, t.popularity, count(r.profile_id) AS votes, round(avg(r.stars), 1) AS stars
FROM titles t
LEFT JOIN ratings r ON r.title_id = t.id
GROUP BY t.id
ORDER BY t.popularity DESC, t.id DESC
LIMIT 24;
-- better:
SELECT t.id, t.name, t.certificate, t.popularity, r.votes, r.stars
FROM (SELECT id, name, certificate, popularity FROM titles ORDER BY popularity DESC, id DESC LIMIT 24) t
CROSS JOIN LATERAL (SELECT count(*) AS votes, round(avg(stars), 1) AS stars FROM ratings WHERE title_id = t.id) r
ORDER BY t.popularity DESC, t.id DESC;
-- variation:
UPDATE titles SET popularity = 5000 WHERE id % 500 = 0;

-- name: next-page-of-the-play-log
-- worthwhile: rewrite
-- why: where the last page ended is told by an OR, and the log is read from its newest entry each time
-- calls: 800
-- ordered: yes
SELECT p.id, p.profile_id, p.title_id, p.started_at, p.device
FROM plays p
WHERE p.started_at < '2023-09-14 11:15:00' OR (p.started_at = '2023-09-14 11:15:00' AND p.id < 123001)
ORDER BY p.started_at DESC, p.id DESC
LIMIT 100;
-- better:
SELECT p.id, p.profile_id, p.title_id, p.started_at, p.device
FROM plays p
WHERE (p.started_at, p.id) < ('2023-09-14 11:15:00', 123001)
ORDER BY p.started_at DESC, p.id DESC
LIMIT 100;
-- variation:
UPDATE plays SET started_at = '2023-09-14 11:15:00' WHERE id BETWEEN 122900 AND 123100;

-- name: most-streams-at-once
-- worthwhile: rewrite
-- why: every play of the week is compared with every other
-- calls: 30
WITH s AS (
  SELECT id, started_at, started_at + make_interval(secs => watched_s) AS ended_at
  FROM plays
  WHERE started_at >= '2024-02-05' AND started_at < '2024-02-12'
)
SELECT max(n) AS most
FROM (
  SELECT a.id, count(*) AS n
  FROM s a
  JOIN s b ON b.started_at <= a.started_at AND b.ended_at > a.started_at
  GROUP BY a.id
) c;
-- better:
SELECT max(n) AS most
FROM (
  SELECT sum(change) OVER (ORDER BY at) AS n
  FROM plays
  CROSS JOIN LATERAL (VALUES (started_at, 1), (started_at + make_interval(secs => watched_s), -1)) e (at, change)
  WHERE started_at >= '2024-02-05' AND started_at < '2024-02-12'
) c
WHERE n > 0;
-- variation:
UPDATE plays SET watched_s = CASE id % 3 WHEN 0 THEN 0 ELSE 7200 END, started_at = date_trunc('hour', started_at) WHERE started_at >= '2024-02-05' AND started_at < '2024-02-12';

-- name: titles-of-a-studio
-- worthwhile: rewrite
-- why: the studio is taken out of every document, past the index on them
-- calls: 900
SELECT t.id, t.name, t.released_on FROM titles t WHERE t.meta ->> 'studio' = 'Studio 77';
-- better:
SELECT t.id, t.name, t.released_on FROM titles t WHERE t.meta @> '{"studio": "Studio 77"}';
-- variation:
UPDATE titles SET meta = CASE id % 4 WHEN 0 THEN '{"studio": ["Studio 77"]}'::jsonb WHEN 1 THEN '{"studio": null}' WHEN 2 THEN '["studio"]' ELSE '{"studio": "Studio 77", "x": 1}' END WHERE id % 50 < 4;

-- name: work-of-a-person
-- worthwhile: index
-- why: the key of the credits begins with the title
-- calls: 3500
SELECT t.id, t.name, t.released_on, c.job, c.billing
FROM credits c
JOIN titles t ON t.id = c.title_id
WHERE c.person_id = 9241
ORDER BY t.released_on DESC NULLS LAST, t.id, c.job;
-- index:
CREATE INDEX ON credits (person_id);

-- name: account-for-sign-in
-- worthwhile: index
-- why: addresses are compared without regard to case, and the index holds them as they were typed
-- calls: 20000
SELECT id, email, plan, billing_state FROM accounts WHERE lower(email) = lower('Viewer20111@screen.example');
-- index:
CREATE INDEX ON accounts (lower(email));

-- name: last-plays-of-a-title
-- worthwhile: index
-- why: plays have no index by their title, so that all of the log is walked
-- calls: 700
-- ordered: yes
SELECT p.id, p.profile_id, p.started_at, p.watched_s, p.is_completed
FROM plays p
WHERE p.title_id = 20017
ORDER BY p.started_at DESC, p.id DESC
LIMIT 30;
-- index:
CREATE INDEX ON plays (title_id, started_at);

-- name: plays-of-a-profile
-- worthwhile: no
-- why: few rows by an index
-- calls: 9000
-- ordered: yes
SELECT p.id, t.name, p.started_at, p.watched_s
FROM plays p
JOIN titles t ON t.id = p.title_id
WHERE p.profile_id = 20101
ORDER BY p.started_at DESC, p.id DESC
LIMIT 20;

-- name: seasons-of-a-series
-- worthwhile: no
-- why: the unique key answers it
-- calls: 7000
SELECT e.season, count(*) AS episodes, sum(e.duration_s) AS seconds FROM episodes e WHERE e.title_id = 15004 GROUP BY e.season ORDER BY e.season;

-- name: next-episode
-- worthwhile: no
-- why: a row comparison that the unique key serves
-- calls: 6000
SELECT e.id, e.season, e.number, e.name
FROM episodes e
WHERE e.title_id = 15004 AND (e.season, e.number) > (1, 3)
ORDER BY e.season, e.number
LIMIT 1;

-- name: may-be-shown
-- worthwhile: no
-- why: EXISTS with a LIMIT stops at its first row all the same
-- calls: 15000
SELECT t.id, t.name
FROM titles t
WHERE t.id = 7003
  AND EXISTS (SELECT 1 FROM licences l WHERE l.title_id = t.id AND l.country = 'DE' AND l.starts_on <= '2023-05-01' AND (l.ends_on IS NULL OR l.ends_on > '2023-05-01') LIMIT 1);

-- name: plays-by-device-and-month
-- worthwhile: no
-- why: a report on all plays has to read them all
-- calls: 10
SELECT date_trunc('month', started_at) AS month, device, count(*) AS plays, sum(watched_s) AS seconds
FROM plays
GROUP BY 1, 2;

-- name: unrated-from-the-watchlist
-- worthwhile: no
-- why: an anti-join by two primary keys
-- calls: 1200
SELECT w.title_id, w.added_at
FROM watchlist w
WHERE w.profile_id = 22
  AND NOT EXISTS (SELECT 1 FROM ratings r WHERE r.profile_id = w.profile_id AND r.title_id = w.title_id);

-- name: profiles-of-accounts-in-arrears
-- worthwhile: no
-- why: few accounts, and their profiles by an index
-- calls: 40
SELECT a.id, a.email, array_agg(p.name ORDER BY p.id) AS profiles
FROM accounts a
JOIN profiles p ON p.account_id = a.id
WHERE a.id BETWEEN 12000 AND 12400 AND a.billing_state = 'past_due'
GROUP BY a.id;

-- name: titles-seen-or-listed
-- worthwhile: no
-- why: a title may be both, so that the UNION has to find doubles; few rows by two indexes
-- calls: 1800
SELECT p.title_id FROM plays p WHERE p.profile_id = 20101
UNION
SELECT w.title_id FROM watchlist w WHERE w.profile_id = 20101;
