-- name: places-where-an-object-stood
-- worthwhile: rewrite
-- why: an OFFSET 0 holds the places of all objects together before one is picked
-- calls: 2500
SELECT o.id, o.title, c.place, c.moved_at
FROM objects o
JOIN (
  SELECT m.object_id, p.name AS place, m.moved_at, m.id
  FROM moves m
  JOIN places p ON p.id = m.place_id
  OFFSET 0
) c ON c.object_id = o.id
WHERE o.id = 31007;
-- better:
SELECT o.id, o.title, p.name AS place, m.moved_at
FROM objects o
JOIN moves m ON m.object_id = o.id
JOIN places p ON p.id = m.place_id
WHERE o.id = 31007;

-- name: objects-of-an-acquisition-year
-- worthwhile: rewrite
-- why: the start of each number is cut off to compare it, past the index on the number
-- calls: 700
SELECT o.id, o.inventory_no, o.title FROM objects o WHERE left(o.inventory_no, 5) = 'K1956';
-- better:
SELECT o.id, o.inventory_no, o.title FROM objects o WHERE o.inventory_no LIKE 'K1956%';
-- variation:
UPDATE objects SET inventory_no = (ARRAY['K1956', 'K195', 'K1956.', 'k1956.', 'K1957.'])[1 + id % 5] || CASE WHEN id < 5 THEN '' ELSE id::text END WHERE id < 200;

-- name: who-moves-objects
-- worthwhile: rewrite
-- why: a filter on a page asks for the few names among all moves
-- calls: 900
SELECT DISTINCT m.moved_by FROM moves m ORDER BY m.moved_by;
-- better:
WITH RECURSIVE names AS (
  (SELECT moved_by FROM moves ORDER BY moved_by LIMIT 1)
  UNION ALL
  SELECT (SELECT m.moved_by FROM moves m WHERE m.moved_by > n.moved_by ORDER BY m.moved_by LIMIT 1)
  FROM names n
  WHERE n.moved_by IS NOT NULL
)
SELECT moved_by FROM names WHERE moved_by IS NOT NULL ORDER BY moved_by;
-- variation:
UPDATE moves SET moved_by = 'staff' || id WHERE id % 2000 = 0;

-- name: list-of-a-show-with-places
-- worthwhile: rewrite
-- why: all moves of all objects are put into lists, of which the first is taken
-- calls: 300
SELECT o.id, o.inventory_no, o.title, l.place_id, l.moved_at
FROM show_objects s
JOIN objects o ON o.id = s.object_id
LEFT JOIN (
  SELECT object_id,
         (array_agg(place_id ORDER BY moved_at DESC, id DESC))[1] AS place_id,
         max(moved_at) AS moved_at
  FROM moves
  GROUP BY object_id
) l ON l.object_id = o.id
WHERE s.show_id = 211;
-- better:
SELECT o.id, o.inventory_no, o.title, l.place_id, l.moved_at
FROM show_objects s
JOIN objects o ON o.id = s.object_id
LEFT JOIN LATERAL (
  SELECT place_id, moved_at FROM moves WHERE object_id = o.id ORDER BY moved_at DESC, id DESC LIMIT 1
) l ON true
WHERE s.show_id = 211;
-- variation:
UPDATE moves SET moved_at = moved_at - make_interval(days => 3000, mins => 1) WHERE id % 2 = 0;
-- variation:
DELETE FROM moves WHERE object_id % 3 = 0;

-- name: objects-by-term
-- worthwhile: rewrite
-- why: objects are joined though nothing of them is asked for, and their labels are carried through the grouping
-- calls: 150
SELECT t.id, t.label, count(*) AS objects
FROM terms t
JOIN object_terms x ON x.term_id = t.id
JOIN objects o ON o.id = x.object_id
JOIN collections c ON c.id = o.collection_id
GROUP BY t.id, t.label;
-- better:
SELECT t.id, t.label, x.objects
FROM (SELECT term_id, count(*) AS objects FROM object_terms GROUP BY term_id) x
JOIN terms t ON t.id = x.term_id;

-- name: how-long-objects-stood
-- worthwhile: rewrite
-- why: the next move of each is sought by a query of its own
-- calls: 12
SELECT m.place_id, count(*) AS stays,
       max((SELECT min(n.moved_at) FROM moves n WHERE n.object_id = m.object_id AND n.moved_at > m.moved_at) - m.moved_at) AS longest
FROM moves m
GROUP BY m.place_id;
-- better:
SELECT m.place_id, count(*) AS stays, max(m.next_at - m.moved_at) AS longest
FROM (
  SELECT place_id, moved_at,
         lead(moved_at) OVER (PARTITION BY object_id ORDER BY moved_at) AS next_at
  FROM moves
) m
GROUP BY m.place_id;
-- variation:
UPDATE moves SET moved_at = moved_at - make_interval(days => 3000, mins => 1) WHERE id % 3 = 0;

-- name: latest-in-the-catalogue
-- worthwhile: rewrite
-- why: the order asks for NULLs last, where there are none, so that the index does not give it
-- calls: 3000
-- ordered: yes
SELECT o.id, o.inventory_no, o.title, c.name AS collection
FROM objects o
JOIN collections c ON c.id = o.collection_id
ORDER BY o.catalogued_at DESC NULLS LAST, o.id DESC
LIMIT 30;
-- better:
SELECT o.id, o.inventory_no, o.title, c.name AS collection
FROM objects o
JOIN collections c ON c.id = o.collection_id
ORDER BY o.catalogued_at DESC, o.id DESC
LIMIT 30;
-- variation:
UPDATE objects SET catalogued_at = '2024-01-01' WHERE id % 200 = 0;

-- name: private-objects-that-a-person-may-see
-- worthwhile: rewrite
-- why: an OR of the object's own column and of grants asks every object
-- calls: 1300
SELECT o.id, o.inventory_no, o.title
FROM objects o
WHERE o.owner_staff_id = 41 OR EXISTS (SELECT 1 FROM object_grants g WHERE g.object_id = o.id AND g.staff_id = 41);
-- better:
SELECT o.id, o.inventory_no, o.title FROM objects o WHERE o.owner_staff_id = 41
UNION
SELECT o.id, o.inventory_no, o.title FROM object_grants g JOIN objects o ON o.id = g.object_id WHERE g.staff_id = 41;
-- variation:
UPDATE objects SET owner_staff_id = CASE id % 2 WHEN 0 THEN 41 END WHERE id % 30 < 2;

-- name: timeline-of-all-objects
-- worthwhile: rewrite
-- why: rows that cannot be twice, for their kind is told, are compared with each other
-- calls: 25
SELECT 'move' AS kind, m.id::bigint AS id, m.object_id, m.moved_at AS at, m.reason AS what FROM moves m WHERE m.moved_at >= '2014-01-01'
UNION
SELECT 'change', c.id, c.object_id, c.changed_at, c.field FROM changes c WHERE c.changed_at >= '2014-01-01'
UNION
SELECT 'image', i.id, i.object_id, i.taken_at, i.path FROM images i WHERE i.taken_at >= '2014-01-01';
-- better:
SELECT 'move' AS kind, m.id::bigint AS id, m.object_id, m.moved_at AS at, m.reason AS what FROM moves m WHERE m.moved_at >= '2014-01-01'
UNION ALL
SELECT 'change', c.id, c.object_id, c.changed_at, c.field FROM changes c WHERE c.changed_at >= '2014-01-01'
UNION ALL
SELECT 'image', i.id, i.object_id, i.taken_at, i.path FROM images i WHERE i.taken_at >= '2014-01-01';

-- name: images-of-an-object
-- worthwhile: index
-- why: images have no index by their object
-- calls: 9000
SELECT i.id, i.path, i.width, i.rights FROM images i WHERE i.object_id = 1201 ORDER BY i.position, i.id;
-- index:
CREATE INDEX ON images (object_id, position);

-- name: descriptions-that-speak-of-obsidian
-- worthwhile: index
-- why: every description is taken apart into words for each search
-- calls: 1500
SELECT o.id, o.inventory_no, o.title FROM objects o WHERE to_tsvector('english', coalesce(o.description, '')) @@ plainto_tsquery('english', 'obsidian');
-- index:
CREATE INDEX ON objects USING gin (to_tsvector('english', coalesce(description, '')));

-- name: on-loan-on-a-day
-- worthwhile: index
-- why: the time of each loan is asked whether it holds the day
-- calls: 800
SELECT l.id, l.object_id, l.borrower, l.during FROM loans l WHERE l.during @> date '2015-10-10';
-- index:
CREATE INDEX ON loans USING gist (during);

-- name: history-of-an-object
-- worthwhile: index
-- why: the log of changes has no index by its object
-- calls: 2000
-- ordered: yes
SELECT c.id, c.field, c.old_value, c.new_value, c.changed_at FROM changes c WHERE c.object_id = 2017 ORDER BY c.changed_at DESC, c.id DESC LIMIT 50;
-- index:
CREATE INDEX ON changes (object_id, changed_at);

-- name: object-by-number
-- worthwhile: no
-- why: the unique key
-- calls: 9000
SELECT o.id, o.title, o.material FROM objects o WHERE o.inventory_no = 'K1956.1478';

-- name: places-below-a-place
-- worthwhile: no
-- why: a small tree from one place downwards
-- calls: 600
WITH RECURSIVE below AS (
  SELECT id, name FROM places WHERE id = 3
  UNION ALL
  SELECT p.id, p.name FROM below b JOIN places p ON p.parent_id = b.id
)
SELECT id, name FROM below;

-- name: objects-with-three-terms
-- worthwhile: no
-- why: terms that are rare, by the index on them
-- calls: 500
SELECT x.object_id FROM object_terms x WHERE x.term_id IN (1009, 1112, 1333) GROUP BY x.object_id HAVING count(*) = 3;

-- name: objects-never-shown-of-a-small-collection
-- worthwhile: no
-- why: an anti-join of a small part with an index
-- calls: 60
SELECT o.id, o.title FROM objects o WHERE o.collection_id = 26 AND NOT EXISTS (SELECT 1 FROM show_objects s WHERE s.object_id = o.id);

-- name: objects-by-material-and-collection
-- worthwhile: no
-- why: all objects are counted
-- calls: 20
SELECT c.name, o.material, count(*) AS objects FROM objects o JOIN collections c ON c.id = o.collection_id GROUP BY c.name, o.material;

-- name: acquired-lately
-- worthwhile: no
-- why: NULLS LAST where there are NULLs, and few rows to sort
-- calls: 300
SELECT o.id, o.title, o.acquired_on FROM objects o WHERE o.owner_staff_id = 41 ORDER BY o.acquired_on DESC NULLS LAST, o.id LIMIT 20;

-- name: fields-changed-in-a-week
-- worthwhile: no
-- why: a range of the index
-- calls: 200
SELECT c.field, count(*) AS changes FROM changes c WHERE c.changed_at >= '2018-03-05' AND c.changed_at < '2018-03-12' GROUP BY c.field;
