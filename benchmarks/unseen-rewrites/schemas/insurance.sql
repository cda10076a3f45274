-- An insurer: brokers, policy holders, policies with coverages and instalments, claims with payments, reserves and notes, documents of either.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE brokers (id integer PRIMARY KEY, name text NOT NULL, parent_id integer REFERENCES brokers, region text);
INSERT INTO brokers SELECT i, 'Broker ' || i, CASE WHEN i > 12 THEN 1 + pick(i, 1, i / 4 + 1) END, CASE WHEN i % 7 > 0 THEN (ARRAY['north', 'south', 'west'])[1 + i % 3] END FROM generate_series(1, 400) i;

CREATE TABLE adjusters (id integer PRIMARY KEY, name text NOT NULL, team text NOT NULL, left_on date);
INSERT INTO adjusters SELECT i, 'Adjuster ' || i, 'team ' || i % 9, CASE WHEN i % 11 = 0 THEN date '2024-02-01' + i END FROM generate_series(1, 120) i;

CREATE TABLE holders (id integer PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL, born_on date, postcode varchar(8), city text, email text);
INSERT INTO holders SELECT i, 'Fn' || pick(i, 2, 700), 'Ln' || pick(i, 3, 6000), CASE WHEN i % 14 > 0 THEN date '1940-01-01' + pick(i, 4, 23000) END, lpad((10000 + pick(i, 5, 280) * pick(i, 6, 280))::text, 5, '0'),
       CASE WHEN i % 9 > 0 THEN 'City ' || pick(i, 7, 40) * pick(i, 8, 40) END, CASE WHEN i % 4 > 0 THEN 'holder' || i || '@mail.example' END FROM generate_series(1, 30000) i;

CREATE TABLE policies (
  id integer PRIMARY KEY,
  policy_no varchar(16) NOT NULL UNIQUE,
  holder_id integer NOT NULL REFERENCES holders,
  broker_id integer REFERENCES brokers,
  product text NOT NULL,
  status text NOT NULL,
  starts_on date NOT NULL,
  ends_on date,
  premium_cents integer NOT NULL,
  replaces_id integer REFERENCES policies
);
INSERT INTO policies
SELECT i, 'P' || lpad((i::bigint * 7919 % 10000000)::text, 8, '0'), 1 + pick(i, 11, 170) * pick(i, 12, 175), CASE WHEN pick(i, 13, 6) > 0 THEN 1 + pick(i, 14, 20) * pick(i, 15, 20) END,
       (ARRAY['motor', 'motor', 'home', 'home', 'travel', 'liability', 'pet'])[1 + pick(i, 16, 7)], (ARRAY['active', 'active', 'active', 'lapsed', 'cancelled'])[1 + pick(i, 17, 5)],
       date '2018-01-01' + i / 30, CASE WHEN pick(i, 18, 3) > 0 THEN date '2018-12-31' + i / 30 + pick(i, 19, 900) END, 5000 + pick(i, 20, 900) * 100, CASE WHEN i > 20000 AND pick(i, 21, 5) = 0 THEN i - 15000 + pick(i, 22, 1000) END
FROM generate_series(1, 70000) i;
CREATE INDEX policies_holder_idx ON policies (holder_id);
CREATE INDEX policies_broker_idx ON policies (broker_id);

CREATE TABLE coverages (policy_id integer NOT NULL REFERENCES policies, kind text NOT NULL, limit_cents bigint NOT NULL, deductible_cents integer, PRIMARY KEY (policy_id, kind));
INSERT INTO coverages SELECT 1 + i / 2, (ARRAY['fire', 'theft', 'glass', 'water', 'injury', 'legal'])[1 + (i % 2) * 3 + pick(i, 31, 3)], 100000 + pick(i, 32, 9000)::bigint * 10000, CASE WHEN pick(i, 33, 4) > 0 THEN pick(i, 34, 9) * 5000 END FROM generate_series(1, 130000) i;

CREATE TABLE instalments (id integer PRIMARY KEY, policy_id integer NOT NULL REFERENCES policies, due_on date NOT NULL, amount_cents integer NOT NULL, paid_at timestamp, reminder_level integer NOT NULL);
INSERT INTO instalments SELECT i, 1 + i * 7 / 20, date '2023-01-01' + pick(i, 41, 700), 900 + pick(i, 42, 300) * 100, CASE WHEN pick(i, 43, 70) > 0 THEN timestamp '2023-01-01' + make_interval(days => pick(i, 41, 700) + pick(i, 44, 20), mins => pick(i, 45, 1440)) END, CASE WHEN pick(i, 43, 70) = 0 THEN pick(i, 46, 4) ELSE 0 END
FROM generate_series(1, 190000) i;
CREATE INDEX instalments_policy_idx ON instalments (policy_id);

CREATE TABLE claims (
  id integer PRIMARY KEY,
  claim_no text NOT NULL UNIQUE,
  policy_id integer NOT NULL REFERENCES policies,
  adjuster_id integer REFERENCES adjusters,
  state text NOT NULL,
  cause text,
  lost_on date NOT NULL,
  reported_at timestamp NOT NULL,
  closed_at timestamp
);
INSERT INTO claims
SELECT i, 'C-' || md5(i::text), 1 + pick(i, 51, 250) * pick(i, 52, 260), CASE WHEN pick(i, 53, 9) > 0 THEN 1 + pick(i, 54, 11) * pick(i, 55, 11) END, CASE WHEN i > 43000 THEN (ARRAY['open', 'review'])[1 + i % 2] ELSE (ARRAY['closed', 'closed', 'closed', 'denied'])[1 + pick(i, 56, 4)] END,
       CASE WHEN pick(i, 57, 5) > 0 THEN (ARRAY['hail', 'fire', 'theft', 'collision', 'water'])[1 + pick(i, 58, 5)] END, date '2022-01-01' + i / 45, timestamp '2022-01-02' + make_interval(mins => i * 32), CASE WHEN i <= 43000 THEN timestamp '2022-01-20' + make_interval(mins => i * 32 + pick(i, 59, 50000)) END
FROM generate_series(1, 45000) i;
CREATE INDEX claims_policy_idx ON claims (policy_id);

CREATE TABLE claim_payments (id integer PRIMARY KEY, claim_id integer NOT NULL REFERENCES claims, payee text NOT NULL, amount_cents integer NOT NULL, paid_on date);
INSERT INTO claim_payments SELECT i, 1 + pick(i, 61, 210) * pick(i, 62, 210), 'Payee ' || pick(i, 63, 3000), 1000 + pick(i, 64, 900) * pick(i, 65, 900), CASE WHEN pick(i, 66, 20) > 0 THEN date '2022-02-01' + pick(i, 67, 1000) END FROM generate_series(1, 80000) i;
CREATE INDEX claim_payments_claim_idx ON claim_payments (claim_id);

CREATE TABLE reserves (id integer PRIMARY KEY, claim_id integer NOT NULL REFERENCES claims, amount_cents integer NOT NULL, set_at timestamp NOT NULL);
INSERT INTO reserves SELECT i, 1 + pick(i, 71, 44000), pick(i, 72, 1000) * pick(i, 73, 1000), timestamp '2022-01-03' + make_interval(mins => i * 12) FROM generate_series(1, 120000) i;
CREATE INDEX reserves_claim_idx ON reserves (claim_id);

CREATE TABLE claim_notes (id integer PRIMARY KEY, claim_id integer NOT NULL REFERENCES claims, author_id integer REFERENCES adjusters, body text NOT NULL, written_at timestamp NOT NULL);
INSERT INTO claim_notes SELECT i, 1 + pick(i, 81, 210) * pick(i, 82, 210), CASE WHEN pick(i, 83, 6) > 0 THEN 1 + pick(i, 84, 110) END, repeat('spoke to the holder ', 1 + i % 6), timestamp '2022-01-03' + make_interval(mins => i * 14) FROM generate_series(1, 100000) i;

CREATE TABLE documents (id integer PRIMARY KEY, owner_type text NOT NULL, owner_id integer NOT NULL, title text NOT NULL, size_bytes integer NOT NULL, uploaded_at timestamp NOT NULL);
INSERT INTO documents SELECT i, CASE WHEN pick(i, 91, 3) = 0 THEN 'claim' ELSE 'policy' END, CASE WHEN pick(i, 91, 3) = 0 THEN 1 + pick(i, 92, 46000) ELSE 1 + pick(i, 93, 71000) END, 'scan ' || i % 900, pick(i, 94, 900000), timestamp '2022-01-01' + make_interval(mins => i * 20) FROM generate_series(1, 70000) i;
DROP FUNCTION pick;
