-- A tracker of projects: workspaces, people in them, projects, issues with labels, comments, events, notifications.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 5417) & 9007199254740991) % $3)::integer';

CREATE TABLE workspaces (id integer PRIMARY KEY, slug text NOT NULL UNIQUE, name text NOT NULL, plan text NOT NULL);
INSERT INTO workspaces SELECT i, 'ws-' || i, 'Workspace ' || i, (ARRAY['free', 'free', 'team', 'business'])[1 + pick(i, 1, 4)] FROM generate_series(1, 60) i;

CREATE TABLE people (id integer PRIMARY KEY, email text NOT NULL UNIQUE, full_name text, time_zone text, deactivated_at timestamp);
INSERT INTO people SELECT i, 'p' || i || '@' || 'org' || pick(i, 2, 180) || '.example', CASE WHEN pick(i, 3, 15) > 0 THEN 'Person ' || pick(i, 4, 5000) END, CASE WHEN pick(i, 5, 3) > 0 THEN 'Europe/Oslo' END, CASE WHEN pick(i, 6, 20) = 0 THEN timestamp '2024-02-01' END FROM generate_series(1, 20000) i;

CREATE TABLE workspace_people (workspace_id integer NOT NULL REFERENCES workspaces, person_id integer NOT NULL REFERENCES people, role text NOT NULL, PRIMARY KEY (workspace_id, person_id));
INSERT INTO workspace_people SELECT 1 + pick(i, 7, 7) * pick(i, 8, 9), 1 + pick(i, 9, 20000), (ARRAY['member', 'member', 'member', 'guest', 'admin'])[1 + pick(i, 10, 5)] FROM generate_series(1, 30000) i ON CONFLICT DO NOTHING;
CREATE INDEX workspace_people_person_idx ON workspace_people (person_id);

CREATE TABLE projects (id integer PRIMARY KEY, workspace_id integer NOT NULL REFERENCES workspaces, key text NOT NULL UNIQUE, name text NOT NULL, is_private boolean NOT NULL, lead_id integer REFERENCES people, archived_at timestamp);
INSERT INTO projects SELECT i, 1 + pick(i, 11, 7) * pick(i, 12, 9), 'P' || i, 'Project ' || i, pick(i, 13, 3) = 0, CASE WHEN pick(i, 14, 5) > 0 THEN 1 + pick(i, 15, 20000) END, CASE WHEN pick(i, 16, 6) = 0 THEN timestamp '2024-03-01' END FROM generate_series(1, 400) i;

CREATE TABLE project_people (project_id integer NOT NULL REFERENCES projects, person_id integer NOT NULL REFERENCES people, PRIMARY KEY (project_id, person_id));
INSERT INTO project_people SELECT 1 + pick(i, 17, 400), 1 + pick(i, 18, 140) * pick(i, 19, 142) FROM generate_series(1, 16000) i ON CONFLICT DO NOTHING;
CREATE INDEX project_people_person_idx ON project_people (person_id);

CREATE TABLE sprints (id integer PRIMARY KEY, project_id integer NOT NULL REFERENCES projects, starts_on date NOT NULL, ends_on date NOT NULL, goal text);
INSERT INTO sprints SELECT i, 1 + i % 400, date '2023-01-02' + 14 * (i / 400), date '2023-01-15' + 14 * (i / 400), CASE WHEN i % 3 = 0 THEN 'finish part ' || i END FROM generate_series(1, 12000) i;

CREATE TABLE issues (
  id integer PRIMARY KEY,
  project_id integer NOT NULL REFERENCES projects,
  number integer NOT NULL,
  title text NOT NULL,
  body text,
  state text NOT NULL,
  priority integer NOT NULL,
  assignee_id integer REFERENCES people,
  reporter_id integer NOT NULL REFERENCES people,
  sprint_id integer REFERENCES sprints,
  estimate numeric(6,1),
  due_on date,
  created_at timestamp NOT NULL,
  closed_at timestamp,
  UNIQUE (project_id, number),
  CHECK (closed_at >= created_at)
);
INSERT INTO issues
SELECT i, 1 + pick(i, 21, 20) * pick(i, 22, 21), i, (ARRAY['Crash in ', 'Slow ', 'Add ', 'Wrong total in ', 'Typo on '])[1 + pick(i, 23, 5)] || (ARRAY['export', 'login', 'report', 'checkout', 'search', 'mail'])[1 + pick(i, 24, 6)] || ' ' || pick(i, 25, 3000),
       CASE WHEN pick(i, 26, 10) > 0 THEN repeat(md5(i::text) || ' steps to see it ', 2 + pick(i, 27, 8)) END,
       CASE WHEN pick(i, 28, 10) < 7 THEN 'closed' WHEN pick(i, 28, 10) = 7 THEN 'doing' ELSE 'open' END, 1 + pick(i, 29, 5),
       CASE WHEN pick(i, 30, 4) > 0 THEN 1 + pick(i, 31, 140) * pick(i, 32, 142) END, 1 + pick(i, 33, 140) * pick(i, 34, 142), CASE WHEN pick(i, 35, 3) = 0 THEN 1 + pick(i, 36, 12000) END,
       CASE WHEN pick(i, 37, 3) > 0 THEN 0.5 * (1 + pick(i, 38, 16)) END, CASE WHEN pick(i, 39, 4) = 0 THEN date '2023-02-01' + i / 130 END,
       timestamp '2023-01-01' + make_interval(mins => i * 10), CASE WHEN pick(i, 28, 10) < 7 THEN timestamp '2023-01-01' + make_interval(mins => i * 10 + 60 + pick(i, 40, 90) * pick(i, 41, 900)) END
FROM generate_series(1, 80000) i;
CREATE INDEX issues_assignee_idx ON issues (assignee_id);
CREATE INDEX issues_reporter_idx ON issues (reporter_id);
CREATE INDEX issues_created_idx ON issues (project_id, created_at, id);
CREATE INDEX issues_closed_idx ON issues (closed_at);

CREATE TABLE labels (id integer PRIMARY KEY, workspace_id integer NOT NULL REFERENCES workspaces, name text NOT NULL, UNIQUE (workspace_id, name));
INSERT INTO labels SELECT i, 1 + i % 60, 'label ' || i / 60 FROM generate_series(1, 1500) i;

CREATE TABLE issue_labels (issue_id integer NOT NULL REFERENCES issues, label_id integer NOT NULL REFERENCES labels, PRIMARY KEY (issue_id, label_id));
INSERT INTO issue_labels SELECT i.id, l.id FROM issues i JOIN projects p ON p.id = i.project_id CROSS JOIN generate_series(1, 3) n JOIN labels l ON l.workspace_id = p.workspace_id AND l.name = 'label ' || pick(i.id, 50 + n, 5) * pick(i.id, 60 + n, 6) WHERE pick(i.id, 70 + n, 3) > 0 ON CONFLICT DO NOTHING;

CREATE TABLE comments (id integer PRIMARY KEY, issue_id integer NOT NULL REFERENCES issues, author_id integer REFERENCES people, body text NOT NULL, created_at timestamp NOT NULL, edited_at timestamp);
INSERT INTO comments SELECT i, 1 + pick(i, 81, 280) * pick(i, 82, 285), CASE WHEN pick(i, 83, 12) > 0 THEN 1 + pick(i, 84, 140) * pick(i, 85, 142) END, 'I think ' || repeat('that it is so ', 1 + pick(i, 86, 9)), timestamp '2023-01-02' + make_interval(mins => i * 6), CASE WHEN pick(i, 87, 9) = 0 THEN timestamp '2023-01-03' + make_interval(mins => i * 6) END FROM generate_series(1, 140000) i;
CREATE INDEX comments_issue_idx ON comments (issue_id);

CREATE TABLE attachments (id integer PRIMARY KEY, comment_id integer NOT NULL REFERENCES comments, file_name text NOT NULL, bytes bigint NOT NULL);
INSERT INTO attachments SELECT i, 1 + pick(i, 91, 140000), 'screen-' || i || '.png', 1000 + pick(i, 92, 4000000) FROM generate_series(1, 60000) i;

CREATE TABLE issue_events (id integer PRIMARY KEY, issue_id integer NOT NULL REFERENCES issues, actor_id integer REFERENCES people, kind text NOT NULL, detail jsonb, at timestamp NOT NULL);
INSERT INTO issue_events SELECT i, 1 + pick(i, 101, 280) * pick(i, 102, 285), CASE WHEN pick(i, 103, 10) > 0 THEN 1 + pick(i, 104, 140) * pick(i, 105, 142) END, (ARRAY['assigned', 'labelled', 'moved', 'moved', 'renamed', 'closed', 'reopened'])[1 + pick(i, 106, 7)],
       CASE WHEN pick(i, 107, 4) = 0 THEN jsonb_build_object('from', 'a' || pick(i, 108, 9), 'to', 'b' || pick(i, 109, 9)) END, timestamp '2023-01-01' + make_interval(mins => i * 4 + pick(i, 110, 30)) FROM generate_series(1, 200000) i;
CREATE INDEX issue_events_issue_idx ON issue_events (issue_id);

CREATE TABLE notifications (id integer PRIMARY KEY, person_id integer NOT NULL REFERENCES people, issue_id integer REFERENCES issues, reason text NOT NULL, read_at timestamp, created_at timestamp NOT NULL);
INSERT INTO notifications SELECT i, 1 + pick(i, 111, 140) * pick(i, 112, 142), CASE WHEN pick(i, 113, 20) > 0 THEN 1 + pick(i, 114, 80000) END, (ARRAY['mention', 'assign', 'watch', 'watch'])[1 + pick(i, 115, 4)], CASE WHEN pick(i, 116, 25) > 0 THEN timestamp '2023-01-05' + make_interval(mins => i * 4) END, timestamp '2023-01-04' + make_interval(mins => i * 4) FROM generate_series(1, 200000) i;
DROP FUNCTION pick;
