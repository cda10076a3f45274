-- name: page-with-total
-- worthwhile: rewrite
-- why: carries every row of the project through a window to count them
-- calls: 1500
-- ordered: yes
SELECT i.id, i.number, i.title, i.body, i.created_at, count(*) OVER () AS total
FROM issues i WHERE i.project_id = 1 ORDER BY i.created_at DESC, i.id DESC LIMIT 20;
-- better:
SELECT i.id, i.number, i.title, i.body, i.created_at, (SELECT count(*) FROM issues n WHERE n.project_id = 1) AS total
FROM issues i WHERE i.project_id = 1 ORDER BY i.created_at DESC, i.id DESC LIMIT 20;

-- name: issue-by-its-shown-key
-- worthwhile: rewrite
-- why: glues key and number of every issue together to compare them with what was typed
-- calls: 4000
SELECT i.id, i.title, i.state FROM issues i JOIN projects p ON p.id = i.project_id WHERE p.key || '-' || i.number = 'P77-61003';
-- better:
SELECT i.id, i.title, i.state FROM issues i JOIN projects p ON p.id = i.project_id WHERE p.key = 'P77' AND i.number = 61003;
-- variation:
UPDATE issues SET number = 61003, project_id = 77 WHERE id = (SELECT min(id) FROM issues);

-- name: board-page-with-labels
-- worthwhile: rewrite
-- why: gathers the labels of all issues of the project, shows twenty five
-- calls: 2600
-- ordered: yes
SELECT i.id, i.number, i.title, i.body, coalesce(array_agg(l.name ORDER BY l.name) FILTER (WHERE l.id IS NOT NULL), '{}') AS labels
FROM issues i
LEFT JOIN issue_labels il ON il.issue_id = i.id
LEFT JOIN labels l ON l.id = il.label_id
WHERE i.project_id = 1
GROUP BY i.id
ORDER BY i.created_at DESC, i.id DESC
LIMIT 25;
-- better:
SELECT i.id, i.number, i.title, i.body, (SELECT coalesce(array_agg(l.name ORDER BY l.name), '{}') FROM issue_labels il JOIN labels l ON l.id = il.label_id WHERE il.issue_id = i.id) AS labels
FROM issues i
WHERE i.project_id = 1
ORDER BY i.created_at DESC, i.id DESC
LIMIT 25;
-- variation:
UPDATE issues SET created_at = '2023-01-01' WHERE id % 3 > 0;

-- name: issues-with-both-labels
-- worthwhile: rewrite
-- why: counts the labels of each open issue by itself
-- calls: 200
SELECT i.id, i.title FROM issues i
WHERE i.state = 'open'
  AND (SELECT count(*) FROM issue_labels il JOIN labels l ON l.id = il.label_id WHERE il.issue_id = i.id AND l.workspace_id = 1 AND l.name IN ('label 2', 'label 6')) = 2;
-- better:
SELECT i.id, i.title FROM issues i
WHERE i.state = 'open'
  AND i.id IN (SELECT il.issue_id FROM issue_labels il JOIN labels l ON l.id = il.label_id WHERE l.workspace_id = 1 AND l.name IN ('label 2', 'label 6') GROUP BY il.issue_id HAVING count(*) = 2);
-- variation:
UPDATE labels SET workspace_id = 1, name = 'label ' || id + 1000 WHERE workspace_id = 2 AND name NOT IN ('label 2', 'label 6');

-- name: open-issues-day-by-day
-- worthwhile: rewrite
-- why: compares every day with every issue of the project, where a running sum of what opens and closes tells the same
-- calls: 40
SELECT d.day, count(i.id) AS open
FROM generate_series(timestamp '2024-01-01', timestamp '2024-04-30', interval '1 day') AS d(day)
LEFT JOIN issues i ON i.project_id = 1 AND i.created_at <= d.day AND (i.closed_at IS NULL OR i.closed_at > d.day)
GROUP BY d.day ORDER BY d.day;
-- better:
SELECT d.day, (sum(coalesce(m.moved, 0)) OVER (ORDER BY d.day))::bigint AS open
FROM generate_series(timestamp '2024-01-01', timestamp '2024-04-30', interval '1 day') AS d(day)
LEFT JOIN (SELECT greatest(date_trunc('day', e.at - interval '1 microsecond') + interval '1 day', timestamp '2024-01-01') AS day, sum(e.move) AS moved
           FROM (SELECT i.created_at AS at, 1 AS move FROM issues i WHERE i.project_id = 1
                 UNION ALL SELECT i.closed_at, -1 FROM issues i WHERE i.project_id = 1 AND i.closed_at IS NOT NULL) e
           GROUP BY 1) m ON m.day = d.day
ORDER BY d.day;
-- variation:
UPDATE issues SET created_at = date_trunc('day', created_at), closed_at = date_trunc('day', closed_at) + interval '1 day';

-- name: time-since-the-event-before
-- worthwhile: rewrite
-- why: finds the event before each closing by reading all events of its issue again
-- calls: 10
SELECT e.id, e.issue_id, e.at - (SELECT max(b.at) FROM issue_events b WHERE b.issue_id = e.issue_id AND b.at < e.at) AS waited
FROM issue_events e WHERE e.kind = 'closed';
-- better:
SELECT x.id, x.issue_id, x.waited
FROM (SELECT e.id, e.issue_id, e.kind, e.at - max(e.at) OVER (PARTITION BY e.issue_id ORDER BY e.at GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS waited FROM issue_events e) x
WHERE x.kind = 'closed';
-- variation:
UPDATE issue_events SET at = '2024-01-01' WHERE id % 2 = 0;

-- name: projects-in-use
-- worthwhile: rewrite
-- why: reads all issues to find the few projects that have any
-- calls: 400
SELECT DISTINCT p.id, p.key, p.name FROM projects p JOIN issues i ON i.project_id = p.id WHERE p.archived_at IS NULL;
-- better:
SELECT p.id, p.key, p.name FROM projects p WHERE p.archived_at IS NULL AND EXISTS (SELECT 1 FROM issues i WHERE i.project_id = p.id);
-- variation:
DELETE FROM issue_labels; DELETE FROM notifications; DELETE FROM issue_events; DELETE FROM attachments; DELETE FROM comments; DELETE FROM issues WHERE project_id % 3 = 0;

-- name: assigned-to-or-nobody
-- worthwhile: rewrite
-- why: a default for the missing assignee hides the column from its index
-- calls: 3500
SELECT i.id, i.title, i.priority FROM issues i WHERE coalesce(i.assignee_id, 0) = 2311 AND i.state <> 'closed';
-- better:
SELECT i.id, i.title, i.priority FROM issues i WHERE i.assignee_id = 2311 AND i.state <> 'closed';
-- variation:
UPDATE issues SET assignee_id = NULL WHERE id % 2 = 0;

-- name: mine-from-a-common-table
-- worthwhile: rewrite
-- why: what is named with WITH and read twice is made whole, though each reading wants one person's rows
-- calls: 1700
WITH current_issues AS (
  SELECT i.id, i.title, i.assignee_id, i.reporter_id, p.key FROM issues i JOIN projects p ON p.id = i.project_id WHERE i.state <> 'closed' AND p.archived_at IS NULL
)
SELECT 'assigned' AS as_what, c.id, c.key, c.title FROM current_issues c WHERE c.assignee_id = 1351
UNION ALL
SELECT 'reported', c.id, c.key, c.title FROM current_issues c WHERE c.reporter_id = 1351;
-- better:
WITH current_issues AS NOT MATERIALIZED (
  SELECT i.id, i.title, i.assignee_id, i.reporter_id, p.key FROM issues i JOIN projects p ON p.id = i.project_id WHERE i.state <> 'closed' AND p.archived_at IS NULL
)
SELECT 'assigned' AS as_what, c.id, c.key, c.title FROM current_issues c WHERE c.assignee_id = 1351
UNION ALL
SELECT 'reported', c.id, c.key, c.title FROM current_issues c WHERE c.reporter_id = 1351;

-- name: closed-in-a-month
-- worthwhile: rewrite
-- why: takes year and month out of every date, where the index would give the range
-- calls: 150
SELECT i.project_id, count(*), sum(i.estimate) FROM issues i
WHERE extract(year FROM i.closed_at) = 2023 AND extract(month FROM i.closed_at) = 3
GROUP BY i.project_id;
-- better:
SELECT i.project_id, count(*), sum(i.estimate) FROM issues i
WHERE i.closed_at >= timestamp '2023-03-01' AND i.closed_at < timestamp '2023-04-01'
GROUP BY i.project_id;
-- variation:
UPDATE issues SET closed_at = timestamp '2023-03-31 23:59:59.999999' WHERE id % 900 = 0 AND created_at < '2023-03-31';

-- name: people-active-each-week
-- worthwhile: no
-- why: the people of each week must be told apart in every form
-- calls: 20
SELECT date_trunc('week', e.at) AS week, count(DISTINCT e.actor_id) AS people FROM issue_events e GROUP BY date_trunc('week', e.at);

-- name: unread-notifications
-- worthwhile: index
-- why: one person's unread ones among all notifications
-- calls: 20000
SELECT count(*) FROM notifications n WHERE n.person_id = 1820 AND n.read_at IS NULL;
-- index:
CREATE INDEX ON notifications (person_id) WHERE read_at IS NULL;

-- name: files-of-an-issue
-- worthwhile: index
-- why: files of a comment are found by reading all files
-- calls: 2100
SELECT f.id, f.file_name, f.bytes FROM comments c JOIN attachments f ON f.comment_id = c.id WHERE c.issue_id = 1121;
-- index:
CREATE INDEX ON attachments (comment_id);

-- name: people-of-an-organisation
-- worthwhile: index
-- why: what follows the at sign is cut out of every address
-- calls: 300
SELECT p.id, p.email, p.full_name FROM people p WHERE split_part(p.email, '@', 2) = 'org17.example';
-- index:
CREATE INDEX ON people (split_part(email, '@', 2));

-- name: next-up-in-a-project
-- worthwhile: index
-- why: sorts all open issues of a large project for the first ten
-- calls: 1900
-- ordered: yes
SELECT i.id, i.title, i.priority FROM issues i WHERE i.project_id = 1 AND i.state = 'open' ORDER BY i.priority, i.created_at, i.id LIMIT 10;
-- index:
CREATE INDEX ON issues (project_id, state, priority, created_at, id);

-- name: what-a-guest-may-see
-- worthwhile: no
-- why: the projects are few, and their issues are found by index
-- calls: 800
SELECT i.id, i.title FROM issues i WHERE i.project_id IN (SELECT m.project_id FROM project_people m WHERE m.person_id = 4411) AND i.state = 'doing';

-- name: no-comment-since
-- worthwhile: no
-- why: an anti-join by index for the issues of one sprint's project
-- calls: 90
SELECT i.id, i.title FROM issues i WHERE i.project_id = 61 AND i.state = 'open' AND NOT EXISTS (SELECT 1 FROM comments c WHERE c.issue_id = i.id AND c.created_at >= '2024-06-01');

-- name: issues-of-one-project-counted
-- worthwhile: no
-- why: HAVING on the key of the group is asked before grouping
-- calls: 260
SELECT i.project_id, i.state, count(*) FROM issues i GROUP BY i.project_id, i.state HAVING i.project_id = 181;

-- name: velocity
-- worthwhile: no
-- why: one pass and one join of what all sprints did
-- calls: 8
SELECT s.id, s.starts_on, sum(i.estimate) AS done FROM sprints s JOIN issues i ON i.sprint_id = s.id WHERE i.state = 'closed' GROUP BY s.id, s.starts_on;

-- name: optional-filters
-- worthwhile: no
-- why: conditions that are left open fold away
-- calls: 1200
SELECT i.id, i.title FROM issues i WHERE (NULL::text IS NULL OR i.state = NULL::text) AND (5041 IS NULL OR i.reporter_id = 5041) AND (NULL::integer IS NULL OR i.priority >= NULL::integer);

-- name: newest-event-of-each-kind-here
-- worthwhile: no
-- why: DISTINCT ON among the events of one issue
-- calls: 900
SELECT DISTINCT ON (e.kind) e.kind, e.at, e.actor_id FROM issue_events e WHERE e.issue_id = 1121 ORDER BY e.kind, e.at DESC, e.id DESC;

-- name: close-the-overdue
-- worthwhile: no
-- why: few rows of one project, found by index
-- calls: 30
UPDATE issues SET state = 'closed', closed_at = timestamp '2026-01-01' WHERE project_id = 131 AND state = 'open' AND due_on < date '2023-09-01';

-- name: first-and-last-issue
-- worthwhile: no
-- why: both ends of an index
-- calls: 500
SELECT min(i.created_at), max(i.created_at) FROM issues i WHERE i.project_id = 1;

-- name: who-sits-in-admin-workspaces
-- worthwhile: no
-- why: the EXISTS becomes a semi-join, a LIMIT within changes nothing
-- calls: 70
SELECT p.id, p.email FROM people p WHERE p.deactivated_at IS NULL AND EXISTS (SELECT 1 FROM workspace_people w WHERE w.person_id = p.id AND w.role = 'admin' AND w.workspace_id = 3);
