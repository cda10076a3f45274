-- name: candidates-with-all-skills
-- worthwhile: rewrite
-- why: counts the wanted skills of each candidate, where those who have one of them are few
-- calls: 250
SELECT c.id, c.full_name, c.years FROM candidates c
WHERE (SELECT count(*) FROM candidate_skills s WHERE s.candidate_id = c.id AND s.skill_id IN (8, 15, 22)) = 3;
-- better:
SELECT c.id, c.full_name, c.years FROM candidates c
JOIN (SELECT candidate_id FROM candidate_skills WHERE skill_id IN (8, 15, 22) GROUP BY candidate_id HAVING count(*) = 3) s ON s.candidate_id = c.id;
-- variation:
DELETE FROM candidate_skills WHERE skill_id = 15 AND candidate_id % 2 = 0;

-- name: interviews-at-that-time
-- worthwhile: index
-- why: whether ranges overlap is answered by a GiST index
-- calls: 1200
SELECT i.id, i.recruiter_id, i.starts_at, i.ends_at FROM interviews i
WHERE tsrange(i.starts_at, i.ends_at) && tsrange('2023-09-14 10:00', '2023-09-14 12:30');
-- index:
CREATE INDEX ON interviews USING gist (tsrange(starts_at, ends_at));

-- name: days-in-stage
-- worthwhile: rewrite
-- why: looks for the next change of each change, where they stand side by side once they are sorted
SELECT s.to_stage, count(*) AS changes, avg((SELECT min(n.changed_at) FROM stage_changes n WHERE n.application_id = s.application_id AND n.changed_at > s.changed_at) - s.changed_at) AS mean
FROM stage_changes s GROUP BY s.to_stage;
-- better:
SELECT s.to_stage, count(*) AS changes, avg(s.next_at - s.changed_at) AS mean
FROM (SELECT to_stage, changed_at, lead(changed_at) OVER (PARTITION BY application_id ORDER BY changed_at) AS next_at FROM stage_changes) s GROUP BY s.to_stage;
-- variation:
DELETE FROM stage_changes WHERE id % 3 = 0;

-- name: front-page
-- worthwhile: rewrite
-- why: sorts by a CASE over all postings, where the flag itself can be in an index before the time
-- calls: 4000
-- ordered: yes
SELECT p.id, p.title, p.city, p.posted_at FROM postings p
ORDER BY CASE WHEN p.is_featured THEN 0 ELSE 1 END, p.posted_at DESC, p.id DESC LIMIT 20;
-- better:
SELECT p.id, p.title, p.city, p.posted_at FROM postings p
ORDER BY p.is_featured DESC, p.posted_at DESC, p.id DESC LIMIT 20;
-- index:
CREATE INDEX ON postings (is_featured DESC, posted_at DESC, id DESC);
-- variation:
UPDATE postings SET is_featured = false WHERE id > 300;

-- name: candidates-in-touch
-- worthwhile: rewrite
-- why: multiplies a candidate's applications with the messages to count each candidate once
SELECT count(DISTINCT c.id) FROM candidates c JOIN applications a ON a.candidate_id = c.id JOIN messages m ON m.candidate_id = c.id WHERE a.stage <> 'withdrawn' AND m.sent_at >= '2023-01-01';
-- better:
SELECT count(*) FROM candidates c
WHERE EXISTS (SELECT FROM applications a WHERE a.candidate_id = c.id AND a.stage <> 'withdrawn') AND EXISTS (SELECT FROM messages m WHERE m.candidate_id = c.id AND m.sent_at >= '2023-01-01');
-- variation:
DELETE FROM messages WHERE candidate_id % 5 > 0;

-- name: place-by-score
-- worthwhile: rewrite
-- why: counts the better ones of each applicant: the square of their number
-- calls: 100
SELECT a.id, a.candidate_id, a.score, 1 + (SELECT count(*) FROM applications b WHERE b.posting_id = a.posting_id AND b.score > a.score) AS place
FROM applications a WHERE a.posting_id = 1;
-- better:
SELECT a.id, a.candidate_id, a.score, CASE WHEN a.score IS NULL THEN 1 ELSE rank() OVER (ORDER BY a.score DESC NULLS LAST) END AS place
FROM applications a WHERE a.posting_id = 1;
-- variation:
UPDATE applications SET score = 50 WHERE posting_id = 1 AND id % 3 = 0;
-- variation:
UPDATE applications SET posting_id = 1 WHERE id <= 300;

-- name: somebody-said-yes
-- worthwhile: rewrite
-- why: gathers the verdicts of each application to know whether one is a yes
SELECT a.stage, count(*) AS applications FROM applications a
WHERE coalesce((SELECT bool_or(i.verdict = 'yes') FROM interviews i WHERE i.application_id = a.id), false)
GROUP BY a.stage;
-- better:
SELECT a.stage, count(*) AS applications FROM applications a
WHERE EXISTS (SELECT FROM interviews i WHERE i.application_id = a.id AND i.verdict = 'yes')
GROUP BY a.stage;
-- variation:
UPDATE interviews SET verdict = NULL WHERE application_id % 2 = 0;

-- name: unread-of-candidate
-- worthwhile: index
-- why: a badge on every page: a person's few unread messages
-- calls: 9000
SELECT count(*) FROM messages m WHERE m.candidate_id = 2521 AND m.read_at IS NULL;
-- index:
CREATE INDEX ON messages (candidate_id) WHERE read_at IS NULL;

-- name: postings-without-applications
-- worthwhile: rewrite
-- why: joins and groups all applications to keep the postings that have none
SELECT p.id, p.title, p.posted_at FROM postings p LEFT JOIN applications a ON a.posting_id = p.id
GROUP BY p.id HAVING count(a.id) = 0;
-- better:
SELECT p.id, p.title, p.posted_at FROM postings p WHERE NOT EXISTS (SELECT FROM applications a WHERE a.posting_id = p.id);
-- variation:
UPDATE applications SET posting_id = 5 WHERE posting_id > 9000;

-- name: my-applications
-- worthwhile: rewrite
-- why: the common table is fenced, so that it is filled with everybody's applications
-- calls: 900
WITH listed AS MATERIALIZED (
  SELECT a.id, a.candidate_id, a.stage, a.applied_at, p.title, c.name FROM applications a JOIN postings p ON p.id = a.posting_id JOIN companies c ON c.id = p.company_id
)
SELECT id, stage, applied_at, title, name FROM listed WHERE candidate_id = 2521;
-- better:
SELECT a.id, a.stage, a.applied_at, p.title, c.name FROM applications a JOIN postings p ON p.id = a.posting_id JOIN companies c ON c.id = p.company_id
WHERE a.candidate_id = 2521;

-- name: offers-by-flag
-- worthwhile: rewrite
-- why: asks for a number made of the stage instead of the stage, which has an index
-- calls: 300
SELECT a.id, a.candidate_id, a.posting_id, a.applied_at FROM applications a
WHERE CASE WHEN a.stage = 'offer' THEN 1 ELSE 0 END = 1 AND a.applied_at >= '2023-06-01';
-- better:
SELECT a.id, a.candidate_id, a.posting_id, a.applied_at FROM applications a WHERE a.stage = 'offer' AND a.applied_at >= '2023-06-01';
-- variation:
UPDATE applications SET stage = 'offer' WHERE id % 9 = 0;

-- name: postings-that-hired
-- worthwhile: rewrite
-- why: groups all applications, although only groups with somebody hired are kept and shown
SELECT a.posting_id, sum(CASE WHEN a.stage = 'hired' THEN 1 ELSE 0 END) AS hired FROM applications a
GROUP BY a.posting_id HAVING sum(CASE WHEN a.stage = 'hired' THEN 1 ELSE 0 END) > 0;
-- better:
SELECT a.posting_id, count(*) AS hired FROM applications a WHERE a.stage = 'hired' GROUP BY a.posting_id;
-- variation:
UPDATE applications SET stage = 'hired' WHERE posting_id % 50 = 0;

-- name: list-with-optional-filters
-- worthwhile: no
-- why: the filters that are not set are constants, which the planner takes away
-- calls: 1500
-- ordered: yes
SELECT p.id, p.title FROM postings p WHERE (p.company_id = 1009 OR 1009 IS NULL) AND (p.city = NULL OR NULL IS NULL) ORDER BY p.id LIMIT 50;

-- name: same-address-twice
-- worthwhile: no
-- why: the join by the address without regard to case is hashed
SELECT a.id, b.id AS other_id FROM candidates a JOIN candidates b ON lower(b.email) = lower(a.email) AND b.id > a.id;

-- name: titles-from-figures
-- worthwhile: no
-- why: the view's counts are not asked for, and the planner leaves their joins out
-- calls: 300
SELECT f.id, f.title FROM posting_figures f WHERE f.company_id = 1009 AND f.status = 'filled';

-- name: sources-of-a-week
-- worthwhile: no
-- why: the index gives the week
-- calls: 200
SELECT coalesce(a.source, 'unknown') AS source, count(*) AS applications, round(avg(a.score), 1) AS score FROM applications a
WHERE a.applied_at >= '2023-10-02' AND a.applied_at < '2023-10-09' GROUP BY 1;

-- name: also-applied-for
-- worthwhile: no
-- why: from one posting's applicants to what else they applied for, by indexes all the way
-- calls: 500
SELECT o.posting_id, count(*) AS shared FROM applications a JOIN applications o ON o.candidate_id = a.candidate_id AND o.posting_id <> a.posting_id
WHERE a.posting_id = 17501 GROUP BY o.posting_id;

-- name: company-page
-- worthwhile: no
-- why: a few postings, each with its applications as a document
-- calls: 400
SELECT p.id, p.title, (SELECT json_agg(json_build_object('id', a.id, 'stage', a.stage) ORDER BY a.id) FROM applications a WHERE a.posting_id = p.id) AS applications
FROM postings p WHERE p.company_id = 1074;

-- name: applicants-never-met
-- worthwhile: no
-- why: one set taken from another: both are hashed once
SELECT candidate_id FROM applications EXCEPT SELECT a.candidate_id FROM applications a JOIN interviews i ON i.application_id = a.id;

-- name: busiest-postings
-- worthwhile: no
-- why: which postings are the busiest is only known once all are counted
SELECT p.id, p.title, b.applications FROM (SELECT posting_id, count(*) AS applications FROM applications GROUP BY posting_id ORDER BY count(*) DESC, posting_id LIMIT 10) b JOIN postings p ON p.id = b.posting_id;
