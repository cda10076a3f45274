-- name: search-in-texts
-- worthwhile: index
-- why: the words of every page are found anew for each search
-- calls: 1200
SELECT p.id, p.title, p.updated_at FROM pages p WHERE to_tsvector('english', p.body) @@ to_tsquery('english', 'failover & drills');
-- index:
CREATE INDEX ON pages USING gin (to_tsvector('english', body));

-- name: search-in-titles
-- worthwhile: index
-- why: a part of a title is found by its trigrams
-- calls: 1600
SELECT p.id, p.title FROM pages p WHERE p.title ILIKE '%gateway 391%' AND p.status = 'current';
-- index:
CREATE INDEX ON pages USING gin (title gin_trgm_ops);

-- name: pages-i-may-write
-- worthwhile: rewrite
-- why: an OR of three ways to be allowed reads all pages, each way alone has its index
-- calls: 500
SELECT p.id, p.title, p.space_id FROM pages p
WHERE p.author_id = 4177
   OR p.id IN (SELECT g.page_id FROM grants g WHERE g.user_id = 4177 AND g.level IN ('write', 'admin'))
   OR p.id IN (SELECT w.page_id FROM grants w JOIN group_members m ON m.group_id = w.group_id WHERE m.user_id = 4177 AND w.level = 'admin');
-- better:
SELECT p.id, p.title, p.space_id FROM pages p
WHERE p.id IN (SELECT o.id FROM pages o WHERE o.author_id = 4177
               UNION ALL SELECT g.page_id FROM grants g WHERE g.user_id = 4177 AND g.level IN ('write', 'admin')
               UNION ALL SELECT w.page_id FROM grants w JOIN group_members m ON m.group_id = w.group_id WHERE m.user_id = 4177 AND w.level = 'admin');
-- variation:
UPDATE grants SET level = 'admin', user_id = 4177 WHERE id % 700 = 0;

-- name: drafts-in-spaces-of-mine
-- worthwhile: rewrite
-- why: a union within EXISTS is asked anew for each page, although it depends on the space alone
-- calls: 200
SELECT p.id, p.title FROM pages p
WHERE p.status = 'draft' AND p.updated_at >= '2024-08-15'
  AND EXISTS (SELECT 1 FROM grants g WHERE g.space_id = p.space_id AND g.user_id = 311
              UNION ALL
              SELECT 1 FROM grants g JOIN group_members m ON m.group_id = g.group_id WHERE g.space_id = p.space_id AND m.user_id = 311);
-- better:
SELECT p.id, p.title FROM pages p
WHERE p.status = 'draft' AND p.updated_at >= '2024-08-15'
  AND p.space_id IN (SELECT g.space_id FROM grants g WHERE g.user_id = 311
                     UNION ALL
                     SELECT g.space_id FROM grants g JOIN group_members m ON m.group_id = g.group_id WHERE m.user_id = 311);
-- variation:
UPDATE grants SET user_id = 311 WHERE id % 90 = 0;

-- name: tree-below-a-root
-- worthwhile: rewrite
-- why: walks the trees of all roots to keep one of them
-- calls: 300
WITH RECURSIVE tree AS (
  SELECT p.id, p.title, p.id AS root_id, 0 AS depth FROM pages p WHERE p.parent_id IS NULL
  UNION ALL
  SELECT c.id, c.title, t.root_id, t.depth + 1 FROM tree t JOIN pages c ON c.parent_id = t.id
)
SELECT t.id, t.title, t.depth FROM tree t WHERE t.root_id = 187;
-- better:
WITH RECURSIVE tree AS (
  SELECT p.id, p.title, p.id AS root_id, 0 AS depth FROM pages p WHERE p.parent_id IS NULL AND p.id = 187
  UNION ALL
  SELECT c.id, c.title, t.root_id, t.depth + 1 FROM tree t JOIN pages c ON c.parent_id = t.id
)
SELECT t.id, t.title, t.depth FROM tree t;
-- variation:
UPDATE pages SET parent_id = NULL WHERE id % 10 = 0;

-- name: unread-among-watched
-- worthwhile: index
-- why: neither what a person watches nor what a person viewed can be found by the person
-- calls: 900
SELECT p.id, p.title, p.updated_at FROM watchers w JOIN pages p ON p.id = w.page_id
WHERE w.user_id = 121 AND NOT EXISTS (SELECT FROM views v WHERE v.user_id = w.user_id AND v.page_id = w.page_id AND v.viewed_at > p.updated_at);
-- index:
CREATE INDEX ON watchers (user_id);
-- index:
CREATE INDEX ON views (user_id, page_id);

-- name: next-page-of-the-log
-- worthwhile: rewrite
-- why: the OR of the key-set page lets the scan begin at the newest view; the comparison of rows begins where the last page ended
-- calls: 250
-- ordered: yes
SELECT v.id, v.page_id, v.user_id, v.viewed_at FROM views v
WHERE v.viewed_at < '2024-07-10 08:00+00' OR (v.viewed_at = '2024-07-10 08:00+00' AND v.id < 56640)
ORDER BY v.viewed_at DESC, v.id DESC LIMIT 100;
-- better:
SELECT v.id, v.page_id, v.user_id, v.viewed_at FROM views v
WHERE (v.viewed_at, v.id) < ('2024-07-10 08:00+00', 56640)
ORDER BY v.viewed_at DESC, v.id DESC LIMIT 100;
-- variation:
UPDATE views SET viewed_at = '2024-07-10 08:00+00' WHERE id % 1000 = 0;

-- name: stream-of-a-month
-- worthwhile: rewrite
-- why: UNION sorts out duplicates that cannot be, as each part says what it is and shows its key
-- calls: 60
SELECT 'edit' AS what, r.page_id, r.version AS no, r.author_id, r.comment AS note, r.created_at FROM revisions r WHERE r.changed_chars > 200
UNION
SELECT 'remark', c.page_id, c.id, c.author_id, c.body, c.created_at FROM comments c WHERE c.resolved_at IS NULL;
-- better:
SELECT 'edit' AS what, r.page_id, r.version AS no, r.author_id, r.comment AS note, r.created_at FROM revisions r WHERE r.changed_chars > 200
UNION ALL
SELECT 'remark', c.page_id, c.id, c.author_id, c.body, c.created_at FROM comments c WHERE c.resolved_at IS NULL;

-- name: spaces-that-have-pages
-- worthwhile: rewrite
-- why: reads every page to name two hundred spaces
-- calls: 700
SELECT DISTINCT p.space_id FROM pages p;
-- better:
SELECT s.id AS space_id FROM spaces s WHERE EXISTS (SELECT FROM pages p WHERE p.space_id = s.id);
-- variation:
UPDATE pages SET space_id = 3 WHERE space_id > 40;

-- name: page-count-of-annotated-list
-- worthwhile: rewrite
-- why: the paginator counts the groups of a list whose own counts nobody sees
-- calls: 300
SELECT count(*) FROM (
  SELECT p.id, count(v.id) AS views FROM pages p LEFT JOIN views v ON v.page_id = p.id WHERE p.status = 'current' GROUP BY p.id
) listed;
-- better:
SELECT count(*) FROM pages p WHERE p.status = 'current';
-- variation:
DELETE FROM views WHERE page_id % 2 = 0;

-- name: most-viewed-of-late
-- worthwhile: rewrite
-- why: counts the views of each page, one by one, only to sort the pages by it
-- calls: 200
-- ordered: yes
SELECT p.id, p.title, p.space_id FROM pages p WHERE p.status = 'current'
ORDER BY (SELECT count(*) FROM views v WHERE v.page_id = p.id AND v.viewed_at >= '2024-08-20') DESC, p.id LIMIT 10;
-- better:
SELECT p.id, p.title, p.space_id
FROM pages p LEFT JOIN (SELECT page_id, count(*) AS n FROM views WHERE viewed_at >= '2024-08-20' GROUP BY page_id) v ON v.page_id = p.id
WHERE p.status = 'current'
ORDER BY coalesce(v.n, 0) DESC, p.id LIMIT 10;
-- variation:
DELETE FROM views WHERE page_id % 3 = 0 OR viewed_at < '2024-09-20';

-- name: last-edit-of-authors
-- worthwhile: index
-- why: the index finds an author's edits, thousands for some, but not the last of them
-- calls: 400
SELECT u.id, u.login, (SELECT max(r.created_at) FROM revisions r WHERE r.author_id = u.id) AS last_edit_at FROM users u WHERE u.id <= 60;
-- index:
CREATE INDEX ON revisions (author_id, created_at);
-- variation:
DELETE FROM revisions WHERE author_id % 2 = 0;

-- name: pages-with-legacy-macro
-- worthwhile: rewrite
-- why: takes each page's list of macros apart, where containment could be looked up
-- calls: 90
SELECT p.id, p.title FROM pages p WHERE EXISTS (SELECT FROM jsonb_array_elements(p.macros) m WHERE m ->> 'name' = 'legacy-chart');
-- better:
SELECT p.id, p.title FROM pages p WHERE p.macros @> '[{"name": "legacy-chart"}]';
-- index:
CREATE INDEX ON pages USING gin (macros jsonb_path_ops);
-- variation:
UPDATE pages SET macros = '["legacy-chart", ["name", "legacy-chart"], {"name": ["legacy-chart"]}, 7, null]' WHERE id % 100 = 0;

-- name: revisions-of-page-with-pause
-- worthwhile: no
-- why: the page is the window's partition, so the condition goes inside by itself
-- calls: 800
SELECT * FROM (SELECT r.page_id, r.version, r.created_at, r.created_at - lag(r.created_at) OVER (PARTITION BY r.page_id ORDER BY r.version) AS pause FROM revisions r) x WHERE x.page_id = 1009;

-- name: current-revisions-of-subtree
-- worthwhile: no
-- why: the key finds the newest version of each of few pages
-- calls: 400
SELECT p.id, p.title, r.version, r.author_id FROM pages p JOIN revisions r ON r.page_id = p.id AND r.version = (SELECT max(x.version) FROM revisions x WHERE x.page_id = p.id)
WHERE p.parent_id = 150;

-- name: label-cloud
-- worthwhile: no
-- why: all labels of all pages are counted
SELECT l.label, count(*) AS pages FROM pages p CROSS JOIN LATERAL unnest(p.labels) AS l (label) WHERE p.status = 'current' GROUP BY l.label;

-- name: children-with-star
-- worthwhile: no
-- why: the keys of what a person may see are few, and hashed once
-- calls: 900
SELECT p.id, p.title, CASE WHEN p.id IN (SELECT g.page_id FROM grants g WHERE g.user_id = 17) THEN 'shared' ELSE 'own' END AS mark FROM pages p WHERE p.parent_id = 150;

-- name: has-open-remarks
-- worthwhile: no
-- why: EXISTS stops at the first row, with LIMIT or without
-- calls: 3000
SELECT p.id, EXISTS (SELECT 1 FROM comments c WHERE c.page_id = p.id AND c.resolved_at IS NULL LIMIT 1) AS has_open FROM pages p WHERE p.id IN (1009, 2017, 44100, 51);

-- name: views-of-few-pages
-- worthwhile: no
-- why: HAVING names a key of the groups, and the planner asks it before it groups
-- calls: 700
SELECT v.page_id, count(*) AS views, count(DISTINCT v.user_id) AS people FROM views v GROUP BY v.page_id HAVING v.page_id IN (1009, 2017, 3025);

-- name: pages-nobody-links-to
-- worthwhile: no
-- why: an anti-join written as an outer join: the planner knows
SELECT p.id, p.title FROM pages p LEFT JOIN links l ON l.to_page_id = p.id WHERE l.to_page_id IS NULL AND p.status = 'current';
