-- A ticketing system: tickets, their events, tags, agents in teams, satisfaction surveys.
CREATE FUNCTION noise(bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT (pg_catalog.hashint8extended($1, $2) & 2147483647)::integer';

CREATE TABLE teams (id integer PRIMARY KEY, name text NOT NULL, lead_id integer);
INSERT INTO teams SELECT i, 'team ' || i, CASE WHEN i % 4 > 0 THEN i * 9 END FROM generate_series(1, 20) i;

CREATE TABLE agents (
  id integer PRIMARY KEY,
  login text NOT NULL UNIQUE,
  team_id integer REFERENCES teams,
  is_active boolean NOT NULL,
  hired_on date NOT NULL
);
INSERT INTO agents
SELECT i, 'agent' || i, CASE WHEN i % 11 > 0 THEN 1 + noise(i, 1) % 19 END, i % 7 > 0, date '2019-01-01' + noise(i, 2) % 2000
FROM generate_series(1, 200) i;

CREATE TABLE requesters (
  id integer PRIMARY KEY,
  email text NOT NULL,
  organisation text,
  locale varchar(8) NOT NULL,
  is_vip boolean NOT NULL DEFAULT false
);
INSERT INTO requesters
SELECT i, 'Person.' || i || '@Corp' || noise(i, 3) % 300 || '.example', CASE WHEN noise(i, 4) % 4 > 0 THEN 'Corp' || noise(i, 3) % 300 END,
       (ARRAY['en', 'de', 'fr', 'ja'])[1 + noise(i, 5) % 4], noise(i, 6) % 90 = 0
FROM generate_series(1, 15000) i;

CREATE TABLE tickets (
  id integer PRIMARY KEY,
  requester_id integer NOT NULL REFERENCES requesters,
  assignee_id integer REFERENCES agents,
  parent_id integer REFERENCES tickets,
  subject text NOT NULL,
  status text NOT NULL,
  priority smallint NOT NULL,
  external_ref text,
  opened_at timestamp NOT NULL,
  closed_at timestamp,
  last_event_at timestamp
);
INSERT INTO tickets
SELECT i, 1 + noise(i, 11) % 14000, CASE WHEN noise(i, 12) % 8 > 0 THEN 1 + (noise(i, 13) % 190) END,
       CASE WHEN i > 1000 AND noise(i, 14) % 30 = 0 THEN 1 + noise(i, 15) % (i - 1) END,
       (ARRAY['Cannot log in', 'Invoice wrong', 'Printer on fire', 'Request access', 'Slow reports'])[1 + noise(i, 16) % 5] || ' #' || noise(i, 17) % 9000,
       CASE WHEN i > 57000 THEN (ARRAY['new', 'open', 'pending'])[1 + noise(i, 18) % 3] ELSE (ARRAY['closed', 'closed', 'closed', 'solved', 'open'])[1 + noise(i, 18) % 5] END,
       (noise(i, 19) % 4 + 1)::smallint, CASE WHEN noise(i, 20) % 3 = 0 THEN 'EXT-' || noise(i, 21) % 30000 END,
       timestamp '2023-06-01' + make_interval(mins => i * 17),
       CASE WHEN i <= 57000 AND noise(i, 18) % 5 < 4 THEN timestamp '2023-06-01' + make_interval(mins => i * 17 + noise(i, 22) % 9000) END, NULL
FROM generate_series(1, 60000) i;
CREATE INDEX tickets_requester_idx ON tickets (requester_id);
CREATE INDEX tickets_assignee_idx ON tickets (assignee_id);
CREATE INDEX tickets_opened_at_idx ON tickets (opened_at);

CREATE TABLE ticket_events (
  id bigint PRIMARY KEY,
  ticket_id integer NOT NULL REFERENCES tickets,
  agent_id integer REFERENCES agents,
  kind text NOT NULL,
  minutes_spent integer,
  created_at timestamp NOT NULL
);
INSERT INTO ticket_events
SELECT i, 1 + ((i::bigint * 7919 + noise(i, 31) % 50) % 59000)::integer, CASE WHEN noise(i, 32) % 3 > 0 THEN 1 + noise(i, 33) % 200 END,
       (ARRAY['comment', 'comment', 'comment', 'status', 'assign', 'email', 'escalate'])[1 + noise(i, 34) % 7],
       CASE WHEN noise(i, 35) % 2 = 0 THEN noise(i, 36) % 90 END,
       timestamp '2023-06-01' + make_interval(mins => i * 7 + noise(i, 37) % 500)
FROM generate_series(1, 120000) i;
CREATE INDEX ticket_events_ticket_idx ON ticket_events (ticket_id);

CREATE TABLE tags (id integer PRIMARY KEY, label text NOT NULL UNIQUE);
INSERT INTO tags SELECT i, 'tag' || i FROM generate_series(1, 150) i;
CREATE TABLE ticket_tags (
  ticket_id integer NOT NULL REFERENCES tickets,
  tag_id integer NOT NULL REFERENCES tags,
  PRIMARY KEY (ticket_id, tag_id)
);
INSERT INTO ticket_tags
SELECT DISTINCT 1 + noise(i, 41) % 60000, 1 + (noise(i, 42) % 150) * (noise(i, 43) % 150) / 150 FROM generate_series(1, 90000) i;

CREATE TABLE surveys (
  ticket_id integer PRIMARY KEY REFERENCES tickets,
  grade smallint,
  remark text,
  answered_at timestamp NOT NULL
);
INSERT INTO surveys
SELECT i, CASE WHEN noise(i, 51) % 9 > 0 THEN (1 + noise(i, 52) % 5)::smallint END, CASE WHEN noise(i, 53) % 4 = 0 THEN 'remark ' || i END,
       timestamp '2023-06-03' + make_interval(mins => i * 17) FROM generate_series(1, 60000) i WHERE noise(i, 54) % 3 = 0;

CREATE VIEW ticket_effort AS
SELECT t.id AS ticket_id, t.assignee_id, sum(e.minutes_spent) AS minutes, count(e.id) AS events, max(e.created_at) AS last_event
FROM tickets t LEFT JOIN ticket_events e ON e.ticket_id = t.id GROUP BY t.id, t.assignee_id;
DROP FUNCTION noise;
