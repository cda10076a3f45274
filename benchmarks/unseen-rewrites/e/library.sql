-- name: publications-by-keyword
-- worthwhile: rewrite
-- why: a value that is compared with ANY member of the array does not use the index on its members
-- calls: 4000
SELECT p.id, p.title, p.published_on FROM publications p WHERE 'topic 1517' = ANY (p.keywords);
-- better:
SELECT p.id, p.title, p.published_on FROM publications p WHERE p.keywords @> ARRAY['topic 1517'];
-- variation:
UPDATE publications SET keywords = CASE WHEN id % 2 = 0 THEN '{}'::text[] ELSE ARRAY[NULL, 'topic 1517'] END WHERE id < 5000;

-- name: joint-work-of-two
-- worthwhile: rewrite
-- why: the authors of all publications are grouped to find those that two of them wrote together
-- calls: 300
SELECT p.id, p.title
FROM publications p
WHERE p.id IN (SELECT a.publication_id FROM authorships a GROUP BY a.publication_id HAVING bool_or(a.author_id = 1) AND bool_or(a.author_id = 241));
-- better:
SELECT p.id, p.title
FROM publications p
JOIN authorships a ON a.publication_id = p.id AND a.author_id = 1
JOIN authorships b ON b.publication_id = p.id AND b.author_id = 241;
-- variation:
UPDATE authorships SET author_id = 241 WHERE position = 2 AND publication_id < 9000 AND NOT EXISTS (SELECT 1 FROM authorships x WHERE x.publication_id = authorships.publication_id AND x.author_id = 241);

-- name: faculty-activity
-- worthwhile: rewrite
-- why: loans and holds of a reader are multiplied with each other and taken apart again by DISTINCT
-- calls: 20
SELECT m.id, m.name, count(DISTINCT l.id) AS loans, count(DISTINCT h.id) AS holds
FROM members m
LEFT JOIN loans l ON l.member_id = m.id
LEFT JOIN holds h ON h.member_id = m.id
WHERE m.faculty = 'law'
GROUP BY m.id, m.name;
-- better:
SELECT m.id, m.name,
       (SELECT count(*) FROM loans l WHERE l.member_id = m.id) AS loans,
       (SELECT count(*) FROM holds h WHERE h.member_id = m.id) AS holds
FROM members m
WHERE m.faculty = 'law';
-- variation:
DELETE FROM holds WHERE id % 3 = 0;

-- name: venue-list-with-citations
-- worthwhile: rewrite
-- why: citations of everything are counted for the publications of one venue
-- calls: 900
SELECT p.id, p.title, p.published_on, coalesce(c.citations, 0) AS citations
FROM publications p
LEFT JOIN (SELECT cited_id, count(*) AS citations FROM citations GROUP BY cited_id) c ON c.cited_id = p.id
WHERE p.venue_id = 463;
-- better:
SELECT p.id, p.title, p.published_on, (SELECT count(*) FROM citations c WHERE c.cited_id = p.id) AS citations
FROM publications p
WHERE p.venue_id = 463;
-- variation:
DELETE FROM citations WHERE cited_id % 2 = 0;

-- name: shelf-section
-- worthwhile: rewrite
-- why: the start of the shelf mark is cut out of it, which hides the mark from its index
-- calls: 700
-- ordered: yes
SELECT c.id, c.shelf_mark, c.branch, c.state
FROM copies c
WHERE left(c.shelf_mark, 5) = 'QA76.'
ORDER BY c.shelf_mark, c.id;
-- better:
SELECT c.id, c.shelf_mark, c.branch, c.state
FROM copies c
WHERE c.shelf_mark LIKE 'QA76.%'
ORDER BY c.shelf_mark, c.id;
-- variation:
UPDATE copies SET shelf_mark = 'QA76' WHERE id % 50 = 0;

-- name: last-borrower-of-copies
-- worthwhile: rewrite
-- why: the last time of a copy is looked up anew for each of its loans
-- calls: 30
SELECT c.id, c.shelf_mark, l.member_id, l.lent_at
FROM copies c
JOIN loans l ON l.copy_id = c.id
WHERE c.state = 'lost' AND l.lent_at = (SELECT max(x.lent_at) FROM loans x WHERE x.copy_id = l.copy_id);
-- better:
SELECT c.id, c.shelf_mark, l.member_id, l.lent_at
FROM copies c
JOIN loans l ON l.copy_id = c.id
JOIN (SELECT x.copy_id, max(x.lent_at) AS last_at FROM loans x GROUP BY x.copy_id) n ON n.copy_id = l.copy_id AND n.last_at = l.lent_at
WHERE c.state = 'lost';
-- variation:
UPDATE loans SET lent_at = date_trunc('year', lent_at);

-- name: readers-with-overdue
-- worthwhile: rewrite
-- why: all loans of each reader are counted, where it only matters whether there is one
-- calls: 48
SELECT m.id, m.name, m.email
FROM members m
WHERE (SELECT count(*) FROM loans l WHERE l.member_id = m.id AND l.returned_at IS NULL AND l.due_on < '2021-06-01') > 0;
-- better:
SELECT m.id, m.name, m.email
FROM members m
WHERE EXISTS (SELECT 1 FROM loans l WHERE l.member_id = m.id AND l.returned_at IS NULL AND l.due_on < '2021-06-01');

-- name: place-within-venue
-- worthwhile: rewrite
-- why: for each publication of the venue all others are gone through to count those before it
-- calls: 60
SELECT p.id, p.title, p.cited_count,
       (SELECT count(*) FROM publications x WHERE x.venue_id = p.venue_id AND x.cited_count > p.cited_count) + 1 AS place
FROM publications p
WHERE p.venue_id = 121;
-- better:
SELECT p.id, p.title, p.cited_count,
       CASE WHEN p.cited_count IS NULL THEN 1 ELSE rank() OVER (ORDER BY p.cited_count DESC NULLS LAST) END AS place
FROM publications p
WHERE p.venue_id = 121;
-- variation:
UPDATE publications SET cited_count = NULL WHERE id % 2 = 0;

-- name: authors-who-are-read
-- worthwhile: rewrite
-- why: every download is multiplied with all authors of its publication and brought down to distinct authors at the end
-- calls: 15
SELECT DISTINCT u.id, u.given_name, u.family_name
FROM authors u
JOIN authorships a ON a.author_id = u.id
JOIN publications p ON p.id = a.publication_id
JOIN downloads d ON d.publication_id = p.id
WHERE d.downloaded_at >= '2023-03-01';
-- better:
SELECT u.id, u.given_name, u.family_name
FROM authors u
WHERE u.id IN (SELECT a.author_id FROM authorships a WHERE a.publication_id IN (SELECT d.publication_id FROM downloads d WHERE d.downloaded_at >= '2023-03-01'));
-- variation:
UPDATE downloads SET downloaded_at = '2023-02-01' WHERE id % 2 = 0;

-- name: quick-search-doi-or-venue
-- worthwhile: rewrite
-- why: an OR across two tables has all publications joined, where each half has an index
-- calls: 2500
SELECT p.id, p.title, p.doi, v.name AS venue
FROM publications p
LEFT JOIN venues v ON v.id = p.venue_id
WHERE p.doi = '10.1017/P.40017' OR v.issn = '0421-5577';
-- better:
SELECT p.id, p.title, p.doi, v.name AS venue
FROM publications p
LEFT JOIN venues v ON v.id = p.venue_id
WHERE p.doi = '10.1017/P.40017'
UNION
SELECT p.id, p.title, p.doi, v.name
FROM venues v
JOIN publications p ON p.venue_id = v.id
WHERE v.issn = '0421-5577';
-- variation:
UPDATE publications SET venue_id = 421 WHERE id IN (40016, 40017, 40018);

-- name: publications-of-subject
-- worthwhile: index
-- why: the key of the link table starts with the other side
-- calls: 3000
-- ordered: yes
SELECT p.id, p.title, p.published_on
FROM publication_subjects s
JOIN publications p ON p.id = s.publication_id
WHERE s.subject_id = 257
ORDER BY p.published_on DESC, p.id DESC;
-- index:
CREATE INDEX ON publication_subjects (subject_id);

-- name: reader-downloads
-- worthwhile: index
-- why: what a reader downloaded is found by reading all downloads
-- calls: 2000
-- ordered: yes
SELECT d.id, d.publication_id, d.downloaded_at
FROM downloads d
WHERE d.member_id = 4711
ORDER BY d.downloaded_at DESC, d.id DESC
LIMIT 15;
-- index:
CREATE INDEX ON downloads (member_id, downloaded_at);

-- name: overdue-reminders
-- worthwhile: index
-- why: a day's unreturned loans are a handful of all
-- calls: 24
SELECT l.id, l.copy_id, l.due_on, m.name, m.email
FROM loans l
JOIN members m ON m.id = l.member_id
WHERE l.returned_at IS NULL AND l.due_on = '2022-05-03';
-- index:
CREATE INDEX ON loans (due_on) WHERE returned_at IS NULL;

-- name: doi-in-any-case
-- worthwhile: index
-- why: identifiers are compared without regard to case
-- calls: 6000
SELECT p.id, p.title FROM publications p WHERE upper(p.doi) = upper('10.1017/p.40017');
-- index:
CREATE INDEX ON publications (upper(doi));

-- name: weed-the-depot
-- worthwhile: no
-- why: the planner hashes the members and every copy of the depot is to be asked
SELECT c.id, c.shelf_mark
FROM copies c
WHERE c.branch = 'depot' AND NOT EXISTS (SELECT 1 FROM loans l WHERE l.copy_id = c.id AND l.lent_at >= '2020-01-01');

-- name: subject-tree
-- worthwhile: no
-- why: three hundred subjects, walked down level by level
WITH RECURSIVE tree AS (
  SELECT s.id, s.name, 1 AS depth FROM subjects s WHERE s.parent_id IS NULL
  UNION ALL
  SELECT s.id, s.name, t.depth + 1 FROM subjects s JOIN tree t ON s.parent_id = t.id
)
SELECT depth, count(*) AS subjects FROM tree GROUP BY depth ORDER BY depth;

-- name: publication-page
-- worthwhile: no
-- why: one publication; its sub-selects are steps in indexes
SELECT p.id, p.title, p.abstract, v.name AS venue,
       (SELECT string_agg(u.family_name, ', ' ORDER BY a.position, u.id) FROM authorships a JOIN authors u ON u.id = a.author_id WHERE a.publication_id = p.id) AS authors,
       (SELECT count(*) FROM citations c WHERE c.cited_id = p.id) AS citations,
       (SELECT count(*) FROM copies c WHERE c.publication_id = p.id AND c.state = 'in') AS copies
FROM publications p
LEFT JOIN venues v ON v.id = p.venue_id
WHERE p.doi = '10.1017/P.40017';

-- name: keyword-facets-of-venue
-- worthwhile: no
-- why: the keywords of one venue's publications are unnested, no more
SELECT k.keyword, count(*) AS publications
FROM publications p
CROSS JOIN LATERAL unnest(p.keywords) AS k(keyword)
WHERE p.venue_id = 301
GROUP BY k.keyword
ORDER BY count(*) DESC, k.keyword
LIMIT 10;

-- name: newest-with-citation-counts
-- worthwhile: no
-- why: the counts are worked out after the limit, for twenty rows
SELECT p.id, p.title, (SELECT count(*) FROM citations c WHERE c.cited_id = p.id) AS citations
FROM publications p
ORDER BY p.published_on DESC
LIMIT 20;

-- name: hold-queue-of-title
-- worthwhile: no
-- why: the window is over the holds of one title
SELECT h.id, h.member_id, row_number() OVER (ORDER BY h.placed_at, h.id) AS place
FROM holds h
WHERE h.publication_id = 1201 AND h.fulfilled_at IS NULL
ORDER BY place;

-- name: collaboration-by-country
-- worthwhile: no
-- why: a rare pair of institutions, reached through the indexes of one author's work
SELECT i.country, count(DISTINCT b.author_id) AS partners
FROM authorships a
JOIN authorships b ON b.publication_id = a.publication_id AND b.author_id <> a.author_id
JOIN authors u ON u.id = b.author_id
LEFT JOIN institutions i ON i.id = u.institution_id
WHERE a.author_id = 2401
GROUP BY i.country;

-- name: open-loans-left-join
-- worthwhile: no
-- why: the condition on the optional side makes an inner join of it, and one reader's loans are few
SELECT m.id, m.name, l.copy_id, l.due_on
FROM members m
LEFT JOIN loans l ON l.member_id = m.id
WHERE m.card_no = 'L0270787' AND l.returned_at IS NULL AND l.due_on IS NOT NULL;
