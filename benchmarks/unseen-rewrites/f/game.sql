-- name: ranks-of-guild
-- worthwhile: rewrite
-- why: the ladder is counted anew for each member of the guild; one ranking of it serves them all
-- calls: 700
SELECT p.id, p.handle, r.rating,
       (SELECT count(*) + 1 FROM ratings x WHERE x.season = 2 AND x.mode = 'ranked' AND x.rating > r.rating) AS place
FROM players p JOIN ratings r ON r.player_id = p.id AND r.season = 2 AND r.mode = 'ranked'
WHERE p.guild_id = 360;
-- better:
SELECT p.id, p.handle, r.rating, r.place
FROM players p
JOIN (SELECT player_id, rating, rank() OVER (ORDER BY rating DESC) AS place FROM ratings WHERE season = 2 AND mode = 'ranked') r ON r.player_id = p.id
WHERE p.guild_id = 360;
-- variation:
UPDATE ratings SET rating = rating / 200 * 200;

-- name: three-best-of-each-guild
-- worthwhile: rewrite
-- why: each member is compared with all of the guild to count those above; a window ranks them in one pass
-- calls: 48
SELECT p.guild_id, p.id, p.handle, p.xp FROM players p
WHERE p.guild_id IS NOT NULL AND p.region = 'asia'
  AND (SELECT count(*) FROM players q WHERE q.guild_id = p.guild_id AND q.region = 'asia' AND q.xp > p.xp) < 3;
-- better:
SELECT guild_id, id, handle, xp
FROM (SELECT p.guild_id, p.id, p.handle, p.xp, rank() OVER (PARTITION BY p.guild_id ORDER BY p.xp DESC) AS place FROM players p WHERE p.guild_id IS NOT NULL AND p.region = 'asia') ranked
WHERE place <= 3;
-- variation:
UPDATE players SET xp = xp % 7;

-- name: countries-of-sessions
-- worthwhile: rewrite
-- why: two bounds are compared with each session; the constraint's GiST index finds the range that contains the address
-- calls: 30
SELECT a.country, count(*) AS sessions
FROM sessions s JOIN address_ranges a ON s.ip BETWEEN a.first_ip AND a.last_ip
WHERE s.started_at >= '2024-02-01' AND s.started_at < '2024-02-02'
GROUP BY a.country;
-- better:
SELECT a.country, count(*) AS sessions
FROM sessions s JOIN address_ranges a ON int8range(a.first_ip, a.last_ip, '[]') @> s.ip
WHERE s.started_at >= '2024-02-01' AND s.started_at < '2024-02-02'
GROUP BY a.country;
-- variation:
UPDATE sessions SET ip = ip / 4096 * 4096 + id % 3 * 2000;

-- name: large-purchases
-- worthwhile: rewrite
-- why: cents are turned into money for each row, past the index of the cents
-- calls: 260
SELECT id, player_id, sku, price_cents / 100.0 AS price, currency, bought_at FROM purchases
WHERE price_cents / 100.0 > 99.50;
-- better:
SELECT id, player_id, sku, price_cents / 100.0 AS price, currency, bought_at FROM purchases
WHERE price_cents > 9950;
-- variation:
UPDATE purchases SET price_cents = 9949 + id % 3 WHERE id % 7 = 0;

-- name: last-match-of-members
-- worthwhile: rewrite
-- why: the last match of all players is sought out for the members of one guild
-- calls: 900
SELECT p.id, p.handle, l.map, l.score, l.started_at
FROM players p
LEFT JOIN (SELECT DISTINCT ON (mp.player_id) mp.player_id, m.map, mp.score, m.started_at
           FROM match_players mp JOIN matches m ON m.id = mp.match_id
           ORDER BY mp.player_id, m.started_at DESC, m.id DESC) l ON l.player_id = p.id
WHERE p.guild_id = 300;
-- better:
SELECT p.id, p.handle, l.map, l.score, l.started_at
FROM players p
LEFT JOIN LATERAL (SELECT m.map, mp.score, m.started_at
                   FROM match_players mp JOIN matches m ON m.id = mp.match_id
                   WHERE mp.player_id = p.id ORDER BY m.started_at DESC, m.id DESC LIMIT 1) l ON true
WHERE p.guild_id = 300;

-- name: cards-of-members
-- worthwhile: rewrite
-- why: four subqueries read the same rows of a player, for many players; one aggregate gives all four
-- calls: 75
SELECT p.id, p.handle,
       (SELECT count(*) FROM match_players x WHERE x.player_id = p.id) AS played,
       (SELECT count(*) FROM match_players x WHERE x.player_id = p.id AND x.won) AS won,
       (SELECT sum(x.kills) FROM match_players x WHERE x.player_id = p.id) AS kills,
       (SELECT max(x.score) FROM match_players x WHERE x.player_id = p.id) AS best
FROM players p WHERE p.region = 'asia' AND NOT p.banned;
-- better:
SELECT p.id, p.handle, coalesce(s.played, 0) AS played, coalesce(s.won, 0) AS won, s.kills, s.best
FROM players p
LEFT JOIN (SELECT x.player_id, count(*) AS played, count(*) FILTER (WHERE x.won) AS won, sum(x.kills) AS kills, max(x.score) AS best
           FROM match_players x GROUP BY x.player_id) s ON s.player_id = p.id
WHERE p.region = 'asia' AND NOT p.banned;
-- variation:
DELETE FROM match_players WHERE player_id % 2 = 0;

-- name: matches-of-player-by-number
-- worthwhile: rewrite
-- why: the driver sends a decimal number, so that the key becomes one for each row, past its index
-- calls: 3500
SELECT mp.match_id, mp.team, mp.kills, mp.deaths, mp.score FROM match_players mp WHERE mp.player_id = 48151.0;
-- better:
SELECT mp.match_id, mp.team, mp.kills, mp.deaths, mp.score FROM match_players mp WHERE mp.player_id = 48151;

-- name: mutual-friends
-- worthwhile: rewrite
-- why: what is named twice is made in full: both directions of all friendships, for the friends of two
-- calls: 1600
WITH friends AS (
  SELECT player_a AS player_id, player_b AS friend_id FROM friendships
  UNION ALL
  SELECT player_b, player_a FROM friendships
)
SELECT p.id, p.handle
FROM friends f JOIN friends g ON g.friend_id = f.friend_id JOIN players p ON p.id = f.friend_id
WHERE f.player_id = 1 AND g.player_id = 241;
-- better:
WITH friends AS NOT MATERIALIZED (
  SELECT player_a AS player_id, player_b AS friend_id FROM friendships
  UNION ALL
  SELECT player_b, player_a FROM friendships
)
SELECT p.id, p.handle
FROM friends f JOIN friends g ON g.friend_id = f.friend_id JOIN players p ON p.id = f.friend_id
WHERE f.player_id = 1 AND g.player_id = 241;

-- name: starters-by-day
-- worthwhile: rewrite
-- why: the first session of a player is looked up for each of his sessions; grouped once, it is joined with them
-- calls: 12
SELECT f.started_at::date AS day, count(DISTINCT f.player_id) AS starters, count(f.ended_at) AS ended
FROM sessions f
WHERE f.started_at = (SELECT min(x.started_at) FROM sessions x WHERE x.player_id = f.player_id)
GROUP BY 1;
-- better:
SELECT f.started_at::date AS day, count(DISTINCT f.player_id) AS starters, count(f.ended_at) AS ended
FROM sessions f JOIN (SELECT player_id, min(started_at) AS first_at FROM sessions GROUP BY player_id) x ON x.player_id = f.player_id AND x.first_at = f.started_at
GROUP BY 1;
-- variation:
UPDATE sessions SET started_at = date_trunc('month', started_at);

-- name: handles-with
-- worthwhile: index
-- why: a piece of a name, which trigrams find
-- calls: 1300
SELECT id, handle, level FROM players WHERE handle ILIKE '%goon6123%';
-- index:
CREATE EXTENSION pg_trgm;
-- index:
CREATE INDEX ON players USING gin (handle gin_trgm_ops);

-- name: long-matches
-- worthwhile: index
-- why: how long a match took is computed of two columns
-- calls: 70
SELECT id, mode, map, started_at, ended_at FROM matches WHERE ended_at - started_at > interval '2 hours';
-- index:
CREATE INDEX ON matches ((ended_at - started_at));

-- name: shadow-flagged
-- worthwhile: index
-- why: a bit that few players have
-- calls: 110
SELECT id, handle, level, last_seen_at FROM players WHERE flags & 8 <> 0;
-- index:
CREATE INDEX ON players (id) WHERE flags & 8 <> 0;

-- name: purchases-of-player
-- worthwhile: index
-- why: the newest of one player: purchases have an index by time alone
-- calls: 4000
-- ordered: yes
SELECT id, sku, price_cents, bought_at, refunded_at FROM purchases WHERE player_id = 30871 ORDER BY bought_at DESC, id DESC LIMIT 10;
-- index:
CREATE INDEX ON purchases (player_id, bought_at);

-- name: friends-of-player
-- worthwhile: no
-- why: an OR of two indexed columns of one table, few rows, each of which asks for one key
-- calls: 6000
SELECT p.id, p.handle, p.last_seen_at, f.since
FROM friendships f JOIN players p ON p.id = CASE WHEN f.player_a = 2053 THEN f.player_b ELSE f.player_a END
WHERE f.player_a = 2053 OR f.player_b = 2053;

-- name: rating-history
-- worthwhile: no
-- why: the window is over one player, by whom the table is keyed
-- calls: 1500
-- ordered: yes
SELECT * FROM (
  SELECT r.player_id, r.season, r.mode, r.rating, r.rating - lag(r.rating) OVER (PARTITION BY r.player_id, r.mode ORDER BY r.season) AS change FROM ratings r
) h WHERE h.player_id = 5005 ORDER BY h.mode, h.season;

-- name: maps-of-seasons
-- worthwhile: no
-- why: counts all matches
-- calls: 30
SELECT season, map, mode, count(*) AS played, avg(ended_at - started_at) AS lasted FROM matches GROUP BY season, map, mode;

-- name: equipped-items
-- worthwhile: no
-- why: a handful of rows by an index
-- calls: 7000
SELECT i.id, t.name, t.rarity, i.quantity FROM inventory i JOIN items t ON t.id = i.item_id WHERE i.player_id = 12345 AND i.equipped;

-- name: seen-lately
-- worthwhile: no
-- why: the arithmetic is with constants
-- calls: 800
SELECT count(*) FROM players WHERE last_seen_at >= timestamp '2024-06-01' - interval '2 hours' AND NOT banned;

-- name: award-xp
-- worthwhile: no
-- why: the players of one match, by their keys
-- calls: 2000
UPDATE players SET xp = xp + mp.score, level = least(100, level + 1) FROM match_players mp WHERE mp.match_id = 43210 AND players.id = mp.player_id;

-- name: favourite-pairs
-- worthwhile: no
-- why: who plays with whom on an evening takes the join of the table with itself
-- calls: 24
SELECT a.player_id, b.player_id AS mate, count(*) AS together
FROM matches m JOIN match_players a ON a.match_id = m.id JOIN match_players b ON b.match_id = a.match_id AND b.team = a.team AND b.player_id > a.player_id
WHERE m.started_at >= '2024-01-05 18:00' AND m.started_at < '2024-01-05 23:00'
GROUP BY 1, 2;
