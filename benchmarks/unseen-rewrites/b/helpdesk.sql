-- name: heat-of-tickets
-- worthwhile: rewrite
-- why: escalations are counted for each of 60,000 tickets to learn whether there is one
SELECT t.id, CASE WHEN (SELECT count(*) FROM ticket_events e WHERE e.ticket_id = t.id AND e.kind = 'escalate') > 0 THEN 'hot' ELSE 'cold' END AS heat
FROM tickets t;
-- better:
SELECT t.id, CASE WHEN e.ticket_id IS NOT NULL THEN 'hot' ELSE 'cold' END AS heat
FROM tickets t LEFT JOIN (SELECT DISTINCT ticket_id FROM ticket_events WHERE kind = 'escalate') e ON e.ticket_id = t.id;

-- name: last-event-of-requester
-- worthwhile: rewrite
-- why: all events are numbered to show those of one requester's tickets
-- calls: 1000
SELECT t.id, x.kind, x.created_at
FROM tickets t
JOIN (SELECT e.ticket_id, e.kind, e.created_at, row_number() OVER (PARTITION BY e.ticket_id ORDER BY e.created_at DESC, e.id DESC) AS rn FROM ticket_events e) x
  ON x.ticket_id = t.id AND x.rn = 1
WHERE t.requester_id = 1203;
-- better:
SELECT t.id, x.kind, x.created_at
FROM tickets t CROSS JOIN LATERAL (SELECT e.kind, e.created_at FROM ticket_events e WHERE e.ticket_id = t.id ORDER BY e.created_at DESC, e.id DESC LIMIT 1) x
WHERE t.requester_id = 1203;

-- name: children-of-ticket
-- worthwhile: index
-- why: the foreign key to the parent has no index
-- calls: 4000
SELECT id, subject, status FROM tickets WHERE parent_id = 777;
-- index:
CREATE INDEX ON tickets (parent_id);

-- name: long-lasting
-- worthwhile: index
-- why: a difference of two columns, of which few are large
-- calls: 300
SELECT id, subject FROM tickets WHERE closed_at - opened_at > interval '6 days 5 hours';
-- index:
CREATE INDEX ON tickets ((closed_at - opened_at));

-- name: search-subject
-- worthwhile: index
-- why: a pattern that begins with anything needs trigrams
-- calls: 2000
SELECT id, subject FROM tickets WHERE subject ILIKE '%fire #8123%';
-- index:
CREATE EXTENSION IF NOT EXISTS pg_trgm;
-- index:
CREATE INDEX ON tickets USING gin (subject gin_trgm_ops);

-- name: with-all-three-tags
-- worthwhile: rewrite
-- why: tags are counted for each of 60,000 tickets where few have one of the three
SELECT t.id, t.subject FROM tickets t
WHERE (SELECT count(*) FROM ticket_tags tt WHERE tt.ticket_id = t.id AND tt.tag_id IN (2, 3, 5)) = 3;
-- better:
SELECT t.id, t.subject FROM tickets t
WHERE t.id IN (SELECT ticket_id FROM ticket_tags WHERE tag_id IN (2, 3, 5) GROUP BY ticket_id HAVING count(*) = 3);

-- name: work-of-agents
-- worthwhile: rewrite
-- why: all events are read for each agent
SELECT a.login, w.events, w.minutes
FROM agents a
LEFT JOIN LATERAL (SELECT count(*) AS events, sum(e.minutes_spent) AS minutes FROM ticket_events e WHERE e.agent_id = a.id) w ON true
WHERE a.is_active AND a.team_id IN (3, 4, 5);
-- better:
SELECT a.login, coalesce(w.events, 0), w.minutes
FROM agents a
LEFT JOIN (SELECT agent_id, count(*) AS events, sum(minutes_spent) AS minutes FROM ticket_events GROUP BY agent_id) w ON w.agent_id = a.id
WHERE a.is_active AND a.team_id IN (3, 4, 5);

-- name: stamp-new-tickets
-- worthwhile: rewrite
-- why: all events are grouped to stamp the few new tickets
UPDATE tickets t SET last_event_at = s.latest
FROM (SELECT ticket_id, max(created_at) AS latest FROM ticket_events GROUP BY ticket_id) s
WHERE s.ticket_id = t.id AND t.status = 'new' AND t.priority = 1;
-- better:
UPDATE tickets t SET last_event_at = (SELECT max(e.created_at) FROM ticket_events e WHERE e.ticket_id = t.id)
WHERE t.status = 'new' AND t.priority = 1 AND EXISTS (SELECT FROM ticket_events e WHERE e.ticket_id = t.id);

-- name: statuses-in-use
-- worthwhile: no
-- why: a semi-join in its place is hardly faster
SELECT DISTINCT t.status, t.priority FROM tickets t JOIN ticket_events e ON e.ticket_id = t.id WHERE e.kind = 'email';

-- name: longest-event
-- worthwhile: rewrite
-- why: the longest event of a ticket is searched once for each of its events
SELECT e.id, e.ticket_id, e.minutes_spent FROM ticket_events e
WHERE e.minutes_spent >= ALL (SELECT x.minutes_spent FROM ticket_events x WHERE x.ticket_id = e.ticket_id AND x.minutes_spent IS NOT NULL)
  AND e.minutes_spent IS NOT NULL;
-- better:
SELECT e.id, e.ticket_id, e.minutes_spent
FROM ticket_events e JOIN (SELECT ticket_id, max(minutes_spent) AS most FROM ticket_events GROUP BY ticket_id) x ON x.ticket_id = e.ticket_id
WHERE e.minutes_spent >= x.most;

-- name: grades-of-requester
-- worthwhile: no
-- why: one requester, one key probe a ticket
-- calls: 3000
SELECT t.id, t.subject, (SELECT s.grade FROM surveys s WHERE s.ticket_id = t.id) AS grade FROM tickets t WHERE t.requester_id = 1010;

-- name: not-assigned-to-lead
-- worthwhile: no
-- why: lead_id holds NULL, so the answer is empty
SELECT t.id FROM tickets t WHERE t.status = 'pending' AND t.assignee_id <> ALL (SELECT tm.lead_id FROM teams tm);
-- variation:
UPDATE teams SET lead_id = 9 WHERE lead_id IS NULL;
-- variation:
DELETE FROM teams WHERE lead_id IS NULL AND NOT EXISTS (SELECT FROM agents a WHERE a.team_id = teams.id);

-- name: childless-tickets
-- worthwhile: no
-- why: the list is short, free of NULL and hashed once
SELECT t.id FROM tickets t WHERE t.status = 'open' AND t.id NOT IN (SELECT c.parent_id FROM tickets c WHERE c.parent_id IS NOT NULL);

-- name: grade-spread
-- worthwhile: no
-- why: one pass, as it must be; the division by nothing is guarded
SELECT t.priority, count(*), avg(s.grade), count(*) FILTER (WHERE s.grade <= 2) * 100.0 / nullif(count(s.grade), 0) AS unhappy
FROM surveys s JOIN tickets t ON t.id = s.ticket_id GROUP BY t.priority ORDER BY t.priority;
