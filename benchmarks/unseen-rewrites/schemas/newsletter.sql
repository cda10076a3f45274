-- A newsletter service: accounts, subscribers, lists, campaigns, what was sent, opened and clicked, and who must not be written to.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE accounts (id integer PRIMARY KEY, name text NOT NULL, plan text NOT NULL, created_at timestamp NOT NULL);
INSERT INTO accounts SELECT i, 'Account ' || i, (ARRAY['free', 'free', 'pro', 'agency'])[1 + i % 4], timestamp '2020-01-01' + make_interval(days => i) FROM generate_series(1, 150) i;

CREATE TABLE subscribers (
  id integer PRIMARY KEY,
  account_id integer NOT NULL REFERENCES accounts,
  email text NOT NULL,
  first_name text,
  status text NOT NULL,
  tags text[] NOT NULL DEFAULT '{}',
  attributes jsonb,
  created_at timestamp NOT NULL,
  unsubscribed_at timestamp,
  UNIQUE (account_id, email)
);
INSERT INTO subscribers
SELECT i, 1 + pick(i, 1, 13) * pick(i, 2, 12), 'reader' || i || '@' || CASE WHEN pick(i, 3, 400) = 0 THEN 'harbour.example' ELSE 'mail' || pick(i, 4, 30) || '.example' END, CASE WHEN pick(i, 5, 4) > 0 THEN (ARRAY['Ana', 'Ben', 'Cem', 'Dora', 'Emil'])[1 + pick(i, 6, 5)] END,
       (ARRAY['active', 'active', 'active', 'active', 'active', 'active', 'active', 'unsubscribed', 'bounced', 'pending'])[1 + pick(i, 7, 10)],
       ARRAY(SELECT 'tag' || pick(i, 8 + n, 30) * pick(i, 18 + n, 30) FROM generate_series(1, pick(i, 28, 4)) n), CASE WHEN pick(i, 29, 10) > 0 THEN jsonb_build_object('city', 'Town ' || pick(i, 30, 900), 'age', 18 + pick(i, 31, 60), 'source', (ARRAY['form', 'import', 'api'])[1 + pick(i, 32, 3)]) END,
       timestamp '2021-01-01' + make_interval(mins => i * 14), CASE WHEN pick(i, 7, 10) = 7 THEN timestamp '2021-03-01' + make_interval(mins => i * 14) END
FROM generate_series(1, 120000) i;
CREATE INDEX subscribers_account_idx ON subscribers (account_id);
CREATE INDEX subscribers_tags_idx ON subscribers USING gin (tags);

CREATE TABLE lists (id integer PRIMARY KEY, account_id integer NOT NULL REFERENCES accounts, name text NOT NULL);
INSERT INTO lists SELECT i, 1 + i % 150, 'List ' || i FROM generate_series(1, 600) i;
CREATE TABLE list_members (list_id integer NOT NULL REFERENCES lists, subscriber_id integer NOT NULL REFERENCES subscribers, joined_at timestamp NOT NULL, PRIMARY KEY (list_id, subscriber_id));
INSERT INTO list_members SELECT 1 + pick(i, 41, 25) * pick(i, 42, 24), 1 + pick(i, 43, 120000), timestamp '2021-02-01' + make_interval(mins => i * 9) FROM generate_series(1, 160000) i ON CONFLICT DO NOTHING;

CREATE TABLE campaigns (id integer PRIMARY KEY, account_id integer NOT NULL REFERENCES accounts, list_id integer REFERENCES lists, subject text NOT NULL, status text NOT NULL, sent_at timestamp, sends_count integer, opens_count integer);
INSERT INTO campaigns
SELECT i, 1 + pick(i, 51, 13) * pick(i, 52, 12), CASE WHEN pick(i, 53, 9) > 0 THEN 1 + pick(i, 54, 600) END, 'News no. ' || i, CASE WHEN i > 2350 THEN 'draft' ELSE 'sent' END, CASE WHEN i <= 2350 THEN timestamp '2023-01-01' + make_interval(hours => i * 6) END, NULL, NULL
FROM generate_series(1, 2400) i;
CREATE INDEX campaigns_account_idx ON campaigns (account_id);

CREATE TABLE sends (id integer PRIMARY KEY, campaign_id integer NOT NULL REFERENCES campaigns, subscriber_id integer NOT NULL REFERENCES subscribers, sent_at timestamp NOT NULL, bounced_at timestamp, bounce_code text);
INSERT INTO sends
SELECT i, c, 1 + pick(i, 62, 300) * pick(i, 63, 400), timestamp '2023-01-01' + make_interval(hours => c * 6, secs => i % 3600), CASE WHEN pick(i, 64, 60) = 0 THEN timestamp '2023-01-01' + make_interval(hours => c * 6 + 1, secs => i % 3600) END, CASE WHEN pick(i, 64, 60) = 0 THEN (ARRAY['550', '550', '421', '552'])[1 + pick(i, 65, 4)] END
FROM (SELECT i, 1 + pick(i, 61, 2350) AS c FROM generate_series(1, 280000) i) s;
CREATE INDEX sends_campaign_idx ON sends (campaign_id, sent_at);
CREATE INDEX sends_subscriber_idx ON sends (subscriber_id);

CREATE TABLE opens (id integer PRIMARY KEY, send_id integer NOT NULL REFERENCES sends, opened_epoch bigint NOT NULL CHECK (opened_epoch BETWEEN 0 AND 4102444800), agent text);
INSERT INTO opens SELECT i, s.id, extract(epoch FROM s.sent_at)::bigint + pick(i, 72, 90000), (ARRAY['ios', 'gmail', 'outlook', 'thunderbird'])[1 + pick(i, 73, 4)]
FROM (SELECT i, 1 + pick(i, 71, 280000) AS send FROM generate_series(1, 150000) i) o JOIN sends s ON s.id = o.send;
CREATE INDEX opens_send_idx ON opens (send_id);
CREATE INDEX opens_epoch_idx ON opens (opened_epoch);

CREATE TABLE clicks (id integer PRIMARY KEY, send_id integer NOT NULL REFERENCES sends, url text NOT NULL, clicked_epoch bigint NOT NULL CHECK (clicked_epoch BETWEEN 0 AND 4102444800));
INSERT INTO clicks SELECT i, s.id, 'https://shop.example/' || pick(i, 82, 60) * pick(i, 83, 50), extract(epoch FROM s.sent_at)::bigint + pick(i, 84, 120000)
FROM (SELECT i, 1 + pick(i, 81, 280000) AS send FROM generate_series(1, 60000) i) o JOIN sends s ON s.id = o.send;
CREATE INDEX clicks_send_idx ON clicks (send_id);
CREATE INDEX clicks_epoch_idx ON clicks (clicked_epoch);

CREATE TABLE suppressions (id integer PRIMARY KEY, email text NOT NULL, account_id integer REFERENCES accounts, reason text NOT NULL, created_at timestamp NOT NULL);
INSERT INTO suppressions SELECT i, 'reader' || pick(i, 91, 120000) || '@mail' || pick(i, 92, 30) || '.example', CASE WHEN pick(i, 93, 5) > 0 THEN 1 + pick(i, 94, 130) END, (ARRAY['complaint', 'hard bounce', 'manual'])[1 + pick(i, 95, 3)], timestamp '2022-01-01' + make_interval(hours => i)
FROM generate_series(1, 9000) i;
CREATE INDEX suppressions_email_idx ON suppressions (email);
DROP FUNCTION pick;
