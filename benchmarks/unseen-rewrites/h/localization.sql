-- name: progress-by-locale
-- worthwhile: rewrite
-- why: the translations of a project are counted three times for each of its languages
-- calls: 3000
SELECT pl.locale,
       (SELECT count(*) FROM translations t JOIN keys k ON k.id = t.key_id WHERE k.project_id = pl.project_id AND t.locale = pl.locale) AS translated,
       (SELECT count(*) FROM translations t JOIN keys k ON k.id = t.key_id WHERE k.project_id = pl.project_id AND t.locale = pl.locale AND t.status = 'approved') AS approved,
       (SELECT count(*) FROM translations t JOIN keys k ON k.id = t.key_id WHERE k.project_id = pl.project_id AND t.locale = pl.locale AND t.status = 'review') AS in_review
FROM project_locales pl
WHERE pl.project_id = 31;
-- better:
SELECT pl.locale, coalesce(g.translated, 0) AS translated, coalesce(g.approved, 0) AS approved, coalesce(g.in_review, 0) AS in_review
FROM project_locales pl
LEFT JOIN (
  SELECT t.locale, count(*) AS translated, count(*) FILTER (WHERE t.status = 'approved') AS approved, count(*) FILTER (WHERE t.status = 'review') AS in_review
  FROM keys k
  JOIN translations t ON t.key_id = k.id
  WHERE k.project_id = 31
  GROUP BY t.locale
) g ON g.locale = pl.locale
WHERE pl.project_id = 31;
-- variation:
DELETE FROM translations WHERE locale IN ('de', 'fr');

-- name: same-words-twice
-- worthwhile: rewrite
-- why: keys of the same words are paired with each other, where a group would do
-- calls: 40
SELECT DISTINCT t.id, t.key_id, t.value
FROM translations t
JOIN translations o ON o.locale = t.locale AND o.value = t.value AND o.key_id <> t.key_id
WHERE t.locale = 'en';
-- better:
SELECT d.id, d.key_id, d.value
FROM (SELECT t.id, t.key_id, t.value, count(*) OVER (PARTITION BY t.value) AS uses FROM translations t WHERE t.locale = 'en') d
WHERE d.uses > 1;
-- variation:
DELETE FROM translations WHERE key_id % 3 = 0;

-- name: memory-not-used-for-long
-- worthwhile: rewrite
-- why: COALESCE hides the date from its index
-- calls: 20
SELECT m.id, m.source, m.target_locale FROM memory m WHERE coalesce(m.last_used_on, date '1970-01-01') < '2022-03-01' AND m.times_used < 50;
-- better:
SELECT m.id, m.source, m.target_locale FROM memory m WHERE (m.last_used_on < '2022-03-01' OR m.last_used_on IS NULL) AND m.times_used < 50;
-- variation:
UPDATE memory SET last_used_on = CASE id % 3 WHEN 0 THEN NULL WHEN 1 THEN date '-infinity' ELSE date '2022-03-01' END WHERE id < 4000;

-- name: changes-since-the-last-page
-- worthwhile: rewrite
-- why: the place in the order is told by an OR, for which the index is read from its beginning
-- calls: 2500
-- ordered: yes
SELECT t.id, t.key_id, t.locale, t.value, t.updated_at
FROM translations t
WHERE t.updated_at > '2023-09-14 10:21' OR (t.updated_at = '2023-09-14 10:21' AND t.id > 88213)
ORDER BY t.updated_at, t.id
LIMIT 200;
-- better:
SELECT t.id, t.key_id, t.locale, t.value, t.updated_at
FROM translations t
WHERE (t.updated_at, t.id) > ('2023-09-14 10:21', 88213)
ORDER BY t.updated_at, t.id
LIMIT 200;
-- variation:
UPDATE translations SET updated_at = '2023-09-14 10:21' WHERE id % 500 = 13;

-- name: words-by-level
-- worthwhile: rewrite
-- why: the jobs are grouped anew for each level of the report
-- calls: 10
SELECT j.project_id, j.locale, sum(j.words) AS words, sum(j.words * j.rate) AS amount FROM jobs j GROUP BY j.project_id, j.locale
UNION ALL
SELECT j.project_id, NULL, sum(j.words), sum(j.words * j.rate) FROM jobs j GROUP BY j.project_id
UNION ALL
SELECT NULL, NULL, sum(j.words), sum(j.words * j.rate) FROM jobs j;
-- better:
WITH leaves AS MATERIALIZED (
  SELECT j.project_id, j.locale, sum(j.words) AS words, sum(j.words * j.rate) AS amount FROM jobs j GROUP BY j.project_id, j.locale
)
SELECT project_id, locale, words, amount FROM leaves
UNION ALL
SELECT project_id, NULL, sum(words)::bigint, sum(amount) FROM leaves GROUP BY project_id
UNION ALL
SELECT NULL, NULL, sum(words)::bigint, sum(amount) FROM leaves;
-- variation:
DELETE FROM jobs WHERE project_id % 2 = 0;

-- name: revisions-beyond-five
-- worthwhile: rewrite
-- why: the later revisions are counted again for each one
-- calls: 4
DELETE FROM revisions r
WHERE (SELECT count(*) FROM revisions n WHERE n.translation_id = r.translation_id AND n.id > r.id) >= 5;
-- better:
DELETE FROM revisions r
USING (SELECT id, row_number() OVER (PARTITION BY translation_id ORDER BY id DESC) AS place FROM revisions) n
WHERE n.id = r.id AND n.place > 5;
-- variation:
UPDATE revisions SET translation_id = 1 + id % 9000 WHERE id % 3 = 0;

-- name: last-change-of-each-locale
-- worthwhile: rewrite
-- why: all translations are read for the newest of fourteen languages
-- calls: 2000
SELECT t.locale, max(t.updated_at) AS changed_at FROM translations t GROUP BY t.locale;
-- better:
SELECT l.code AS locale, t.changed_at
FROM locales l
CROSS JOIN LATERAL (SELECT updated_at AS changed_at FROM translations WHERE locale = l.code ORDER BY updated_at DESC LIMIT 1) t;
-- variation:
DELETE FROM translations WHERE locale IN ('sv', 'ja');

-- name: translators-without-work
-- worthwhile: rewrite
-- why: EXCEPT makes a set of all translations, to take them from a few translators
-- calls: 12
SELECT r.id FROM translators r
EXCEPT
SELECT t.translator_id FROM translations t;
-- better:
SELECT r.id FROM translators r WHERE NOT EXISTS (SELECT 1 FROM translations t WHERE t.translator_id = r.id);
-- variation:
UPDATE translations SET translator_id = NULL WHERE translator_id % 2 = 0;

-- name: projects-by-discussion
-- worthwhile: rewrite
-- why: comments and translations of a key are multiplied with each other, and told apart by DISTINCT
-- calls: 30
SELECT k.project_id, count(DISTINCT k.id) AS keys, count(DISTINCT c.id) AS comments, count(DISTINCT t.id) AS translations
FROM keys k
LEFT JOIN comments c ON c.key_id = k.id
LEFT JOIN translations t ON t.key_id = k.id
GROUP BY k.project_id;
-- better:
SELECT k.project_id, count(*) AS keys, coalesce(sum(c.comments), 0)::bigint AS comments, coalesce(sum(t.translations), 0)::bigint AS translations
FROM keys k
LEFT JOIN (SELECT key_id, count(*) AS comments FROM comments GROUP BY key_id) c ON c.key_id = k.id
LEFT JOIN (SELECT key_id, count(*) AS translations FROM translations GROUP BY key_id) t ON t.key_id = k.id
GROUP BY k.project_id;
-- variation:
DELETE FROM comments WHERE key_id % 2 = 0;

-- name: open-questions
-- worthwhile: index
-- why: one comment in sixty is open, and all are read to find them
-- calls: 4000
SELECT c.id, c.key_id, c.body, c.created_at FROM comments c WHERE c.resolved_at IS NULL ORDER BY c.created_at DESC, c.id DESC LIMIT 30;
-- index:
CREATE INDEX ON comments (created_at) WHERE resolved_at IS NULL;

-- name: remembered-sentence
-- worthwhile: index
-- why: the memory is asked for each sentence, and has no index on them
-- calls: 60000
SELECT m.target, m.times_used FROM memory m WHERE m.source = 'Sentence to be kept, number 23404' AND m.target_locale = 'de' ORDER BY m.times_used DESC, m.id LIMIT 3;
-- index:
CREATE INDEX ON memory (source, target_locale);

-- name: jobs-of-a-translator
-- worthwhile: index
-- why: the jobs of one translator are found by reading all of them
-- calls: 6000
SELECT j.id, j.project_id, j.locale, j.words, j.due_on FROM jobs j WHERE j.translator_id = 1801 ORDER BY j.due_on, j.id;
-- index:
CREATE INDEX ON jobs (translator_id);

-- name: missing-in-a-language
-- worthwhile: no
-- why: the keys of one project, each looked up by the unique index
-- calls: 900
SELECT k.id, k.namespace, k.name FROM keys k WHERE k.project_id = 91 AND NOT k.is_archived AND NOT EXISTS (SELECT 1 FROM translations t WHERE t.key_id = k.id AND t.locale = 'ja') ORDER BY k.id;

-- name: strings-of-a-namespace
-- worthwhile: no
-- why: few keys by the unique index, and the translation of each
-- calls: 30000
SELECT k.name, t.value FROM keys k JOIN translations t ON t.key_id = k.id AND t.locale = 'en' WHERE k.project_id = 13 AND k.namespace = 'ns7' AND NOT k.is_archived;

-- name: history-of-a-translation
-- worthwhile: no
-- why: one translation, by its index
-- calls: 5000
SELECT r.id, r.value, r.created_at, a.name FROM revisions r LEFT JOIN translators a ON a.id = r.author_id WHERE r.translation_id = 701 ORDER BY r.created_at DESC, r.id DESC;

-- name: status-overview
-- worthwhile: no
-- why: a report over all translations, in one pass
-- calls: 6
SELECT t.locale, count(*) AS translations, count(*) FILTER (WHERE t.status = 'approved') AS approved, count(*) FILTER (WHERE t.status = 'draft') AS drafts FROM translations t GROUP BY t.locale;

-- name: locales-of-public-projects
-- worthwhile: no
-- why: a small table, where DISTINCT costs nothing
-- calls: 800
SELECT DISTINCT pl.locale FROM project_locales pl WHERE pl.is_public ORDER BY pl.locale;

-- name: keys-tagged-twice
-- worthwhile: no
-- why: tags have no index of their own, and one pass groups those of two names
-- calls: 15
SELECT kt.key_id FROM key_tags kt WHERE kt.tag IN ('checkout', 'legal') GROUP BY kt.key_id HAVING count(*) = 2;

-- name: newest-keys-of-each-namespace
-- worthwhile: no
-- why: the keys of one project are numbered, and most are in the answer or next to it
-- calls: 300
SELECT x.id, x.namespace, x.name
FROM (SELECT k.id, k.namespace, k.name, row_number() OVER (PARTITION BY k.namespace ORDER BY k.created_at DESC, k.id DESC) AS place FROM keys k WHERE k.project_id = 43) x
WHERE x.place <= 3;
