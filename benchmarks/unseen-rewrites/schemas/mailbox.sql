-- Hosted mail: accounts with contacts and labels, threads and who else may see them, messages with recipients, attachments and deliveries.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 6737) & 9007199254740991) % $3)::integer';

CREATE TABLE accounts (id integer PRIMARY KEY, email text NOT NULL UNIQUE, display_name text, plan text NOT NULL, created_at timestamp NOT NULL, last_seen_at timestamp);
INSERT INTO accounts
SELECT i, 'user' || i || '@post.example', CASE WHEN pick(i, 1, 8) > 0 THEN 'User ' || i END, (ARRAY['free', 'free', 'plus', 'team'])[1 + pick(i, 2, 4)], timestamp '2018-01-01' + make_interval(mins => i * 900), CASE WHEN pick(i, 3, 9) > 0 THEN timestamp '2024-06-01' - make_interval(mins => pick(i, 4, 400000)) END
FROM generate_series(1, 2400) i;

CREATE TABLE contacts (id integer PRIMARY KEY, account_id integer NOT NULL REFERENCES accounts, address text NOT NULL, name text, is_blocked boolean NOT NULL, last_mailed_at timestamp, UNIQUE (account_id, address));
INSERT INTO contacts
SELECT i, 1 + pick(i, 11, 2400), (ARRAY['Sales', 'jo', 'Support', 'maria', 'billing', 'k'])[1 + pick(i, 12, 6)] || pick(i, 13, 30000) || '@firm' || pick(i, 14, 900) || '.example', CASE WHEN pick(i, 15, 4) > 0 THEN 'Contact ' || i END, pick(i, 16, 60) = 0, CASE WHEN pick(i, 17, 3) > 0 THEN timestamp '2022-01-01' + make_interval(mins => pick(i, 18, 1200000)) END
FROM generate_series(1, 70000) i ON CONFLICT DO NOTHING;

CREATE TABLE labels (id integer PRIMARY KEY, account_id integer NOT NULL REFERENCES accounts, name text NOT NULL, parent_id integer REFERENCES labels, UNIQUE (account_id, name));
INSERT INTO labels SELECT i, 1 + (i - 1) % 2400, (ARRAY['inbox', 'work', 'bills', 'travel', 'family', 'news', 'school', 'later'])[1 + (i - 1) / 2400], CASE WHEN i > 9600 AND pick(i, 21, 3) = 0 THEN 1 + (i - 1) % 2400 + 2400 END FROM generate_series(1, 19200) i;

CREATE TABLE threads (id integer PRIMARY KEY, account_id integer NOT NULL REFERENCES accounts, subject text NOT NULL, last_message_at timestamp NOT NULL, is_archived boolean NOT NULL, snoozed_until timestamp);
INSERT INTO threads
SELECT i, 1 + pick(i, 31, 60) * pick(i, 32, 40), (ARRAY['Invoice', 'Re: plan', 'Your parcel', 'Meeting', 'Minutes', 'Holiday', 'Contract', 'Fwd: offer'])[1 + pick(i, 33, 8)] || ' ' || pick(i, 34, 20000), timestamp '2022-01-01' + make_interval(mins => i * 19), pick(i, 35, 10) < 6, CASE WHEN pick(i, 36, 50) = 0 THEN timestamp '2024-06-01' + make_interval(mins => pick(i, 37, 30000)) END
FROM generate_series(1, 65000) i;
CREATE INDEX threads_account_idx ON threads (account_id, last_message_at);

CREATE TABLE thread_shares (thread_id integer NOT NULL REFERENCES threads, account_id integer NOT NULL REFERENCES accounts, shared_at timestamp NOT NULL, PRIMARY KEY (thread_id, account_id));
INSERT INTO thread_shares SELECT 1 + pick(i, 41, 65000), 1 + pick(i, 42, 2400), timestamp '2023-01-01' + make_interval(mins => i * 25) FROM generate_series(1, 30000) i ON CONFLICT DO NOTHING;
CREATE INDEX thread_shares_account_idx ON thread_shares (account_id);

CREATE TABLE messages (
  id integer PRIMARY KEY,
  thread_id integer NOT NULL REFERENCES threads,
  from_address text NOT NULL,
  subject text NOT NULL,
  preview text,
  sent_at timestamp NOT NULL,
  read_at timestamp,
  size_bytes integer NOT NULL,
  in_reply_to integer REFERENCES messages,
  headers jsonb NOT NULL,
  spam_score real
);
INSERT INTO messages
SELECT i, CASE WHEN pick(i, 51, 3) = 0 THEN 1 + pick(i, 52, 250) * pick(i, 53, 260) ELSE 1 + pick(i, 54, 65000) END,
       CASE WHEN pick(i, 55, 4) = 0 THEN 'noreply' || pick(i, 56, 300) || '@lists.example' ELSE 'jo' || pick(i, 57, 30000) || '@firm' || pick(i, 58, 900) || '.example' END,
       (ARRAY['Invoice', 'Re: plan', 'Your parcel', 'Meeting', 'Minutes', 'Holiday', 'Contract', 'Fwd: offer'])[1 + pick(i, 59, 8)] || ' ' || pick(i, 60, 20000), CASE WHEN pick(i, 61, 12) > 0 THEN repeat('dear all, please find ', 1 + pick(i, 62, 4)) || i END,
       timestamp '2022-01-01' + make_interval(mins => i * 6 + pick(i, 63, 300)), CASE WHEN pick(i, 64, 5) > 0 THEN timestamp '2022-01-02' + make_interval(mins => i * 6 + pick(i, 65, 9000)) END, 900 + pick(i, 66, 300) * pick(i, 67, 900),
       CASE WHEN i > 10 AND pick(i, 68, 3) = 0 THEN i - 1 - pick(i, 69, 9) END,
       CASE WHEN pick(i, 55, 4) = 0 THEN jsonb_build_object('List-Id', 'list' || pick(i, 56, 300) || '.lists.example', 'Precedence', 'bulk') ELSE jsonb_build_object('X-Mailer', 'm' || pick(i, 70, 12)) END, CASE WHEN pick(i, 71, 4) > 0 THEN pick(i, 72, 1000) / 100.0 END
FROM generate_series(1, 210000) i;
CREATE INDEX messages_thread_idx ON messages (thread_id);
CREATE INDEX messages_sent_idx ON messages (sent_at, id);
CREATE INDEX messages_from_idx ON messages (from_address);
CREATE INDEX messages_headers_idx ON messages USING gin (headers jsonb_path_ops);
CREATE INDEX messages_subject_idx ON messages USING gin (subject gin_trgm_ops);

CREATE TABLE recipients (message_id integer NOT NULL REFERENCES messages, address text NOT NULL, kind text NOT NULL, contact_id integer REFERENCES contacts, PRIMARY KEY (message_id, address));
INSERT INTO recipients
SELECT 1 + (i - 1) % 210000, 'jo' || pick(i, 81, 30000) || '@firm' || pick(i, 82, 900) || '.example', (ARRAY['to', 'to', 'cc', 'bcc'])[1 + pick(i, 83, 4)], c.id
FROM generate_series(1, 290000) i LEFT JOIN contacts c ON c.id = 1 + pick(i, 84, 70000) AND pick(i, 85, 2) = 0
ON CONFLICT DO NOTHING;
CREATE INDEX recipients_address_idx ON recipients (address);

CREATE TABLE message_labels (message_id integer NOT NULL REFERENCES messages, label_id integer NOT NULL REFERENCES labels, PRIMARY KEY (message_id, label_id));
INSERT INTO message_labels SELECT 1 + pick(i, 91, 210000), 1 + pick(i, 92, 19200) FROM generate_series(1, 180000) i ON CONFLICT DO NOTHING;
CREATE INDEX message_labels_label_idx ON message_labels (label_id);

CREATE TABLE attachments (id integer PRIMARY KEY, message_id integer NOT NULL REFERENCES messages, filename text NOT NULL, content_type text NOT NULL, size_bytes integer NOT NULL, sha256 text NOT NULL);
INSERT INTO attachments
SELECT i, 1 + pick(i, 101, 210000), (ARRAY['scan', 'invoice', 'photo', 'slides'])[1 + pick(i, 102, 4)] || '-' || i || (ARRAY['.pdf', '.pdf', '.jpg', '.docx'])[1 + pick(i, 103, 4)], (ARRAY['application/pdf', 'application/pdf', 'image/jpeg', 'application/docx'])[1 + pick(i, 103, 4)], 2000 + pick(i, 104, 5000) * pick(i, 105, 5000), md5('a' || pick(i, 106, 48000)) || md5('b' || pick(i, 106, 48000))
FROM generate_series(1, 75000) i;
CREATE INDEX attachments_message_idx ON attachments (message_id);
CREATE INDEX attachments_size_idx ON attachments (size_bytes);

CREATE TABLE deliveries (id integer PRIMARY KEY, message_id integer NOT NULL REFERENCES messages, host text NOT NULL, state text NOT NULL, attempts integer NOT NULL, attempted_at timestamp NOT NULL, next_attempt_at timestamp, error text);
INSERT INTO deliveries
SELECT i, 1 + pick(i, 111, 210000), 'mx' || pick(i, 112, 40) || '.example', CASE WHEN k < 940 THEN 'sent' WHEN k < 970 THEN 'bounced' WHEN k < 990 THEN 'deferred' ELSE 'queued' END, 1 + pick(i, 113, 6), timestamp '2023-01-01' + make_interval(mins => i * 5),
       CASE WHEN k BETWEEN 970 AND 989 THEN timestamp '2024-06-01' + make_interval(mins => pick(i, 114, 4000)) END, CASE WHEN k BETWEEN 940 AND 989 THEN '4' || pick(i, 115, 60) || ' mailbox unavailable' END
FROM (SELECT i, pick(i, 116, 1000) AS k FROM generate_series(1, 150000) i) s;
CREATE INDEX deliveries_message_idx ON deliveries (message_id);
CREATE INDEX deliveries_attempted_idx ON deliveries (attempted_at);
DROP FUNCTION pick;
