-- name: ticket-overview
-- worthwhile: rewrite
-- why: two probes of the events of each of 60,000 tickets
select t.id, t.subject, t.status,
       (select max(e.created_at) from ticket_events e where e.ticket_id = t.id) as touched_at,
       (select coalesce(sum(e.minutes_spent), 0) from ticket_events e where e.ticket_id = t.id) as minutes
from tickets t;
-- better:
select t.id, t.subject, t.status, e.touched_at, coalesce(e.minutes, 0)
from tickets t left join (select ticket_id, max(created_at) as touched_at, sum(minutes_spent) as minutes from ticket_events group by ticket_id) e
  on e.ticket_id = t.id;

-- name: assignee-never-acted
-- worthwhile: rewrite
-- why: a correlated NOT IN cannot be hashed: a subplan for each ticket
SELECT t.id, t.assignee_id FROM tickets t
WHERE t.assignee_id NOT IN (SELECT e.agent_id FROM ticket_events e WHERE e.ticket_id = t.id AND e.agent_id IS NOT NULL);
-- better:
SELECT t.id, t.assignee_id FROM tickets t
WHERE NOT EXISTS (SELECT FROM ticket_events e WHERE e.ticket_id = t.id AND e.agent_id IS NOT NULL AND (e.agent_id = t.assignee_id OR t.assignee_id IS NULL));

-- name: month-by-label
-- worthwhile: rewrite
-- why: to_char on the indexed column
SELECT id, subject, opened_at FROM tickets WHERE to_char(opened_at, 'YYYY-MM') = '2024-05' AND priority = 4;
-- better:
SELECT id, subject, opened_at FROM tickets WHERE opened_at >= '2024-05-01' AND opened_at < '2024-06-01' AND priority = 4;

-- name: last-three-events
-- worthwhile: rewrite
-- why: each event counts the later ones of its ticket; rank() does it in one pass, ties and all
SELECT e.id, e.ticket_id, e.kind, e.created_at
FROM ticket_events e
WHERE (SELECT count(*) FROM ticket_events later WHERE later.ticket_id = e.ticket_id AND later.created_at > e.created_at) < 3
  AND e.ticket_id > 0;
-- better:
SELECT id, ticket_id, kind, created_at
FROM (SELECT id, ticket_id, kind, created_at, rank() OVER (PARTITION BY ticket_id ORDER BY created_at DESC) AS place FROM ticket_events WHERE ticket_id > 0) e
WHERE place <= 3;

-- name: effort-of-requester
-- worthwhile: rewrite
-- why: all events are grouped to serve the handful of tickets of one requester
-- calls: 2000
SELECT t.id, t.subject, w.minutes, w.events
FROM tickets t
JOIN (SELECT ticket_id, sum(minutes_spent) AS minutes, count(*) AS events FROM ticket_events GROUP BY ticket_id) w ON w.ticket_id = t.id
WHERE t.requester_id = 4711;
-- better:
SELECT t.id, t.subject, w.minutes, w.events
FROM tickets t CROSS JOIN LATERAL (SELECT sum(e.minutes_spent) AS minutes, count(*) AS events FROM ticket_events e WHERE e.ticket_id = t.id GROUP BY e.ticket_id) w
WHERE t.requester_id = 4711;

-- name: log-in-by-mail
-- worthwhile: index
-- why: lower() on the column, and no index on that
-- calls: 20000
SELECT id, email, organisation FROM requesters WHERE lower(email) = 'person.812@corp77.example';
-- index:
CREATE INDEX ON requesters (lower(email));

-- name: most-urgent-of-family
-- worthwhile: rewrite
-- why: all tickets are read for each parent candidate
SELECT t.id, t.priority FROM tickets t
WHERE t.requester_id < 12
  AND t.priority >= ALL (SELECT child.priority FROM tickets child WHERE child.parent_id = t.id);
-- better:
SELECT t.id, t.priority FROM tickets t
WHERE t.requester_id < 12 AND NOT EXISTS (SELECT FROM tickets child WHERE child.parent_id = t.id AND child.priority > t.priority);

-- name: agents-on-vip-tickets
-- worthwhile: rewrite
-- why: a join multiplied and DISTINCT sorted, for 200 agents
SELECT DISTINCT a.id, a.login
FROM agents a
INNER JOIN ticket_events e ON e.agent_id = a.id
INNER JOIN tickets t ON t.id = e.ticket_id
WHERE t.priority > 1 AND e.kind IN ('comment', 'email');
-- better:
SELECT a.id, a.login FROM agents a
WHERE a.id IN (SELECT e.agent_id FROM ticket_events e JOIN tickets t ON t.id = e.ticket_id WHERE t.priority > 1 AND e.kind IN ('comment', 'email'));

-- name: tagged-or-unhappy
-- worthwhile: no
-- why: both EXISTS are hashed; a union of the two is hardly faster
SELECT t.id, t.subject FROM tickets t
WHERE EXISTS (SELECT 1 FROM ticket_tags tt WHERE tt.ticket_id = t.id AND tt.tag_id = 140)
   OR EXISTS (SELECT 1 FROM surveys s WHERE s.ticket_id = t.id AND s.grade = 1 AND s.remark IS NOT NULL);

-- name: effort-view-of-agent
-- worthwhile: no
-- why: the grouping holds assignee_id, so the condition goes into the view by itself
SELECT ticket_id, minutes, events FROM ticket_effort WHERE assignee_id = 17;

-- name: drop-tags-of-closed
-- worthwhile: no
-- why: a semi-join already
DELETE FROM ticket_tags tt
WHERE EXISTS (SELECT 1 FROM tickets t WHERE t.id = tt.ticket_id AND t.status = 'closed' AND t.closed_at < '2023-09-01');

-- name: desk-queue
-- worthwhile: no
-- why: OR on one indexed column is two bitmap scans
SELECT id, subject, priority FROM tickets WHERE (assignee_id = 31 OR assignee_id = 32) AND status IN ('new', 'open');

-- name: team-names
-- worthwhile: no
-- why: 200 rows
SELECT a.login, (SELECT tm.name FROM teams tm WHERE tm.id = a.team_id) AS team FROM agents a ORDER BY a.login;
