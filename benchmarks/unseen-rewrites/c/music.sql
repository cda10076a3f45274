-- name: top-artists
-- worthwhile: rewrite
-- why: every play goes through three joins before it is counted; counted by track first, few rows do
SELECT ar.id, ar.name, count(*) AS plays
FROM plays p
JOIN tracks t ON t.id = p.track_id
JOIN albums al ON al.id = t.album_id
JOIN artists ar ON ar.id = al.artist_id
GROUP BY ar.id, ar.name
ORDER BY plays DESC, ar.id
LIMIT 20;
-- better:
SELECT ar.id, ar.name, sum(p.plays)::bigint AS plays
FROM (SELECT track_id, count(*) AS plays FROM plays GROUP BY track_id) p
JOIN tracks t ON t.id = p.track_id
JOIN albums al ON al.id = t.album_id
JOIN artists ar ON ar.id = al.artist_id
GROUP BY ar.id, ar.name
ORDER BY plays DESC, ar.id
LIMIT 20;
-- variation:
UPDATE albums SET artist_id = 5 WHERE id % 3 = 0;

-- name: trim-unplayed-from-lists
-- worthwhile: rewrite
-- why: the list of played tracks is too long to be hashed and is read through for each row
DELETE FROM playlist_tracks
WHERE added_on = '2023-03-01' AND playlist_id < 800 AND track_id NOT IN (SELECT track_id FROM plays);
-- better:
DELETE FROM playlist_tracks
WHERE added_on = '2023-03-01' AND playlist_id < 800 AND NOT EXISTS (SELECT 1 FROM plays p WHERE p.track_id = playlist_tracks.track_id);
-- variation:
DELETE FROM plays WHERE track_id BETWEEN 2 AND 60;

-- name: plays-since-epoch
-- worthwhile: rewrite
-- why: extract over the column keeps its index from use
-- calls: 300
SELECT p.device, count(*) AS plays, sum(p.seconds) AS seconds
FROM plays p
WHERE extract(epoch FROM p.played_at) >= 1737000000
GROUP BY p.device;
-- better:
SELECT p.device, count(*) AS plays, sum(p.seconds) AS seconds
FROM plays p
WHERE p.played_at >= to_timestamp(1737000000)
GROUP BY p.device;

-- name: latest-play-per-family-listener
-- worthwhile: rewrite
-- why: sorts the plays of all listeners, then throws away all but those of few
SELECT l.handle, p.track_id, p.played_at
FROM listeners l
JOIN (SELECT DISTINCT ON (listener_id) listener_id, track_id, played_at FROM plays ORDER BY listener_id, played_at DESC, id DESC) p ON p.listener_id = l.id
WHERE l.plan = 'family';
-- better:
SELECT l.handle, p.track_id, p.played_at
FROM listeners l
CROSS JOIN LATERAL (SELECT x.track_id, x.played_at FROM plays x WHERE x.listener_id = l.id ORDER BY x.played_at DESC, x.id DESC LIMIT 1) p
WHERE l.plan = 'family';
-- variation:
UPDATE plays SET played_at = timestamptz '2024-05-05 00:00+00' WHERE listener_id IN (41, 81, 121, 40, 80, 120, 160, 200);

-- name: rank-of-polka
-- worthwhile: rewrite
-- why: counts all tracks above each track; rank does it in one sort
SELECT t.id, t.title, t.play_count, (SELECT count(*) + 1 FROM tracks x WHERE x.play_count > t.play_count) AS rank
FROM tracks t
WHERE t.genre = 'polka' AND t.album_id < 100;
-- better:
SELECT t.id, t.title, t.play_count, t.rank
FROM (SELECT id, title, play_count, genre, album_id, rank() OVER (ORDER BY play_count DESC) AS rank FROM tracks) t
WHERE t.genre = 'polka' AND t.album_id < 100;
-- variation:
UPDATE tracks SET play_count = 500 WHERE genre = 'polka';

-- name: refresh-playlists
-- worthwhile: rewrite
-- why: two subqueries a playlist, both over the same rows
UPDATE playlists SET
  track_count = (SELECT count(*) FROM playlist_tracks pt WHERE pt.playlist_id = playlists.id),
  seconds = (SELECT sum(t.seconds) FROM playlist_tracks pt JOIN tracks t ON t.id = pt.track_id WHERE pt.playlist_id = playlists.id);
-- better:
UPDATE playlists SET track_count = s.n, seconds = s.seconds
FROM (SELECT p.id, count(pt.track_id) AS n, sum(t.seconds) AS seconds
      FROM playlists p LEFT JOIN (playlist_tracks pt JOIN tracks t ON t.id = pt.track_id) ON pt.playlist_id = p.id GROUP BY p.id) s
WHERE s.id = playlists.id;
-- variation:
DELETE FROM playlist_tracks WHERE playlist_id < 200;

-- name: also-played
-- worthwhile: rewrite
-- why: a listener who played the track often multiplies all other plays as often
SELECT p2.track_id, count(DISTINCT p2.listener_id) AS listeners
FROM plays p1 JOIN plays p2 ON p2.listener_id = p1.listener_id AND p2.track_id <> p1.track_id
WHERE p1.track_id = 121
GROUP BY p2.track_id
HAVING count(DISTINCT p2.listener_id) >= 20;
-- better:
SELECT p2.track_id, count(DISTINCT p2.listener_id) AS listeners
FROM plays p2
WHERE p2.track_id <> 121 AND p2.listener_id IN (SELECT p1.listener_id FROM plays p1 WHERE p1.track_id = 121)
GROUP BY p2.track_id
HAVING count(DISTINCT p2.listener_id) >= 20;
-- variation:
DELETE FROM plays WHERE track_id = 121 AND id % 2 = 0;

-- name: title-prefix-any-case
-- worthwhile: index
-- why: titles are searched without case, which the index on title cannot
-- calls: 4000
SELECT id, title, play_count FROM tracks WHERE lower(title) LIKE 'moon dance 12%';
-- index:
CREATE INDEX ON tracks (lower(title) text_pattern_ops);

-- name: search-title-or-artist
-- worthwhile: rewrite
-- why: OR over two tables joins everything first, where each name has its index
-- calls: 2500
SELECT t.id, t.title, ar.name
FROM tracks t JOIN albums al ON al.id = t.album_id JOIN artists ar ON ar.id = al.artist_id
WHERE t.title = 'Moon dance 1202' OR ar.name = 'Artist 1201';
-- better:
SELECT t.id, t.title, ar.name
FROM tracks t JOIN albums al ON al.id = t.album_id JOIN artists ar ON ar.id = al.artist_id
WHERE t.title = 'Moon dance 1202'
UNION
SELECT t.id, t.title, ar.name
FROM tracks t JOIN albums al ON al.id = t.album_id JOIN artists ar ON ar.id = al.artist_id
WHERE ar.name = 'Artist 1201';
-- variation:
UPDATE tracks SET title = 'Moon dance 1202' WHERE id % 900 = 0;

-- name: newest-tracks
-- worthwhile: index
-- why: the index puts NULL first when it is read backwards
-- calls: 1000
-- ordered: yes
SELECT id, title, published_on FROM tracks ORDER BY published_on DESC NULLS LAST, id DESC LIMIT 30;
-- index:
CREATE INDEX ON tracks (published_on DESC NULLS LAST, id DESC);

-- name: artist-page
-- worthwhile: rewrite
-- why: tracks, likes and plays of each album are multiplied with each other
-- calls: 150
SELECT al.id, al.title, count(DISTINCT t.id) AS tracks, count(DISTINCT p.id) AS plays, count(DISTINCT p.listener_id) AS listeners
FROM albums al
LEFT JOIN tracks t ON t.album_id = al.id
LEFT JOIN plays p ON p.track_id = t.id
LEFT JOIN playlist_tracks pt ON pt.track_id = t.id
WHERE al.artist_id = 1
GROUP BY al.id, al.title;
-- better:
SELECT al.id, al.title, count(DISTINCT t.id) AS tracks, count(DISTINCT p.id) AS plays, count(DISTINCT p.listener_id) AS listeners
FROM albums al
LEFT JOIN tracks t ON t.album_id = al.id
LEFT JOIN plays p ON p.track_id = t.id
WHERE al.artist_id = 1
GROUP BY al.id, al.title;
-- variation:
UPDATE albums SET artist_id = 1 WHERE id > 7950;

-- name: album-track-stats
-- worthwhile: no
-- why: the grouping key is the joined one, and the condition on the view's column gets below the grouping
-- calls: 600
SELECT track_id, title, plays, listeners FROM track_stats WHERE album_id = 77 ORDER BY track_id;

-- name: liked-flags-of-list
-- worthwhile: no
-- why: some tens of rows with a probe of the key each
-- calls: 5000
SELECT pt.place, t.id, t.title, EXISTS (SELECT 1 FROM likes k WHERE k.listener_id = 900 AND k.track_id = t.id) AS is_liked
FROM playlist_tracks pt JOIN tracks t ON t.id = pt.track_id WHERE pt.playlist_id = 61 ORDER BY pt.place;
-- variation:
DELETE FROM likes WHERE listener_id = 900;

-- name: feed-of-listener
-- worthwhile: no
-- why: the condition gets into both halves of the view, and each has its index
-- calls: 8000
SELECT what, track_id, at FROM activity WHERE listener_id = 4000 ORDER BY at DESC, what, track_id LIMIT 30;

-- name: artists-nobody-follows
-- worthwhile: no
-- why: an outer join kept for its misses is planned as an anti-join
SELECT ar.id, ar.name FROM artists ar LEFT JOIN follows f ON f.artist_id = ar.id WHERE f.artist_id IS NULL ORDER BY ar.id;

-- name: artists-not-in-follows
-- worthwhile: no
-- why: a follower of nobody is among them, so nothing comes out; NOT EXISTS would bring rows
SELECT ar.id, ar.name FROM artists ar WHERE ar.id NOT IN (SELECT f.artist_id FROM follows f);
-- variation:
DELETE FROM follows WHERE artist_id IS NULL;

-- name: unheard-in-genre
-- worthwhile: no
-- why: the list of one listener is short and hashed
SELECT t.id, t.title FROM tracks t WHERE t.genre = 'pop' AND t.id NOT IN (SELECT p.track_id FROM plays p WHERE p.listener_id = 500);
-- variation:
UPDATE tracks SET genre = NULL WHERE id % 30 = 0;

-- name: top-tracks-of-week
-- worthwhile: no
-- why: the subquery in the list is worked out after LIMIT, ten times
-- calls: 50
SELECT p.track_id, (SELECT t.title FROM tracks t WHERE t.id = p.track_id) AS title, count(*) AS plays
FROM plays p WHERE p.played_at >= '2024-12-01 00:00+00' AND p.played_at < '2024-12-08 00:00+00'
GROUP BY p.track_id ORDER BY plays DESC, p.track_id LIMIT 10;
-- variation:
DELETE FROM plays WHERE played_at >= '2024-12-02 00:00+00' AND played_at < '2024-12-08 00:00+00';

-- name: genre-lengths
-- worthwhile: no
-- why: HAVING on the grouping column is moved to WHERE by the planner
SELECT genre, count(*) AS tracks, sum(seconds) AS seconds FROM tracks GROUP BY genre HAVING genre IN ('jazz', 'folk');

-- name: distinct-genres-and-lengths
-- worthwhile: no
-- why: there are real duplicates: DISTINCT is what is asked for
SELECT DISTINCT genre, seconds / 60 AS minutes FROM tracks ORDER BY 1, 2;

-- name: shuffle-of-list
-- worthwhile: no
-- why: random order is wanted, and the list is short
-- volatile: yes
SELECT track_id FROM playlist_tracks WHERE playlist_id = 61 ORDER BY random();

-- name: plays-by-plan
-- worthwhile: no
-- why: every listener counts, also those without a play in that time
SELECT l.plan, count(DISTINCT l.id) AS listeners, count(p.id) AS plays
FROM listeners l LEFT JOIN plays p ON p.listener_id = l.id AND p.played_at >= '2025-01-15 00:00+00'
GROUP BY l.plan;

-- name: longest-of-album
-- worthwhile: rewrite
-- why: looks up the album's longest for each of its tracks; a window finds it once, ties and all
SELECT t.album_id, t.id, t.title FROM tracks t
WHERE t.album_id BETWEEN 100 AND 700 AND t.seconds = (SELECT max(x.seconds) FROM tracks x WHERE x.album_id = t.album_id);
-- better:
SELECT t.album_id, t.id, t.title
FROM (SELECT id, album_id, title, rank() OVER (PARTITION BY album_id ORDER BY seconds DESC) AS place FROM tracks WHERE album_id BETWEEN 100 AND 700) t
WHERE t.place = 1;
-- variation:
UPDATE tracks SET seconds = 200 WHERE album_id BETWEEN 100 AND 120;
