-- Billing: accounts, subscriptions to plans, invoices with lines, payments, credit notes.
CREATE FUNCTION noise(bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT (pg_catalog.hashint8extended($1, $2) & 2147483647)::integer';

CREATE TABLE plans (code text PRIMARY KEY, monthly numeric(8,2) NOT NULL, tier integer NOT NULL);
INSERT INTO plans SELECT 'plan-' || i, i * 9.9, 1 + i % 3 FROM generate_series(1, 12) i;

CREATE TABLE accounts (
  id bigint PRIMARY KEY,
  name text NOT NULL,
  vat_number varchar(20),
  currency char(3) NOT NULL,
  parent_id bigint REFERENCES accounts,
  sales_rep text,
  balance numeric(12,2) NOT NULL DEFAULT 0,
  opened_on date NOT NULL
);
INSERT INTO accounts
SELECT i, 'Account ' || i, CASE WHEN noise(i, 1) % 3 > 0 THEN 'VAT' || noise(i, 2) % 900000 END, (ARRAY['EUR', 'EUR', 'USD', 'GBP'])[1 + noise(i, 3) % 4],
       CASE WHEN i > 200 AND noise(i, 4) % 10 = 0 THEN 1 + noise(i, 5) % 200 END, CASE WHEN noise(i, 6) % 6 > 0 THEN 'rep' || noise(i, 7) % 30 END, 0,
       date '2018-01-01' + noise(i, 8) % 2500
FROM generate_series(1, 10000) i;

CREATE TABLE subscriptions (
  id bigint PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES accounts,
  plan_code text NOT NULL REFERENCES plans,
  seats integer NOT NULL,
  started_on date NOT NULL,
  ended_on date
);
INSERT INTO subscriptions
SELECT i, 1 + noise(i, 11) % 9500, 'plan-' || 1 + noise(i, 12) % 12, 1 + noise(i, 13) % 50, date '2020-01-01' + noise(i, 14) % 1500,
       CASE WHEN noise(i, 15) % 3 = 0 THEN date '2024-03-01' + noise(i, 16) % 400 END
FROM generate_series(1, 15000) i;
CREATE INDEX subscriptions_account_idx ON subscriptions (account_id);

CREATE TABLE invoices (
  id bigint PRIMARY KEY,
  number text NOT NULL UNIQUE,
  account_id bigint NOT NULL REFERENCES accounts,
  issued_on date NOT NULL,
  due_on date NOT NULL,
  status text NOT NULL,
  amount numeric(12,2),
  reminder_count integer
);
INSERT INTO invoices
SELECT i, 'INV-' || lpad(i::text, 8, '0'), 1 + ((noise(i, 21) % 9000)::bigint * (noise(i, 22) % 9000) / 9000), date '2022-01-01' + i / 100, date '2022-01-31' + i / 100,
       (ARRAY['paid', 'paid', 'paid', 'paid', 'paid', 'paid', 'paid', 'open', 'void', 'overdue'])[1 + noise(i, 23) % 10], (noise(i, 24) % 90000)::numeric / 100,
       CASE WHEN noise(i, 25) % 4 = 0 THEN noise(i, 26) % 4 END
FROM generate_series(1, 120000) i;
CREATE INDEX invoices_account_idx ON invoices (account_id);
CREATE INDEX invoices_issued_on_idx ON invoices (issued_on);

CREATE TABLE invoice_lines (
  invoice_id bigint NOT NULL REFERENCES invoices,
  position integer NOT NULL,
  plan_code text REFERENCES plans,
  description text NOT NULL,
  quantity integer NOT NULL,
  unit_amount numeric(10,2) NOT NULL,
  PRIMARY KEY (invoice_id, position)
);
INSERT INTO invoice_lines
SELECT i, l, CASE WHEN noise(i * 10 + l, 31) % 7 > 0 THEN 'plan-' || 1 + noise(i * 10 + l, 32) % 12 END, 'usage ' || noise(i * 10 + l, 33) % 400, 1 + noise(i * 10 + l, 34) % 9,
       (noise(i * 10 + l, 35) % 30000)::numeric / 100
FROM generate_series(60001, 100000) i, generate_series(1, 4) l WHERE l <= 1 + noise(i, 36) % 4;

CREATE TABLE payments (
  id bigint PRIMARY KEY,
  invoice_id bigint REFERENCES invoices,
  method text NOT NULL,
  amount numeric(12,2) NOT NULL,
  received_at timestamptz NOT NULL,
  reference text
);
INSERT INTO payments
SELECT i, CASE WHEN noise(i, 41) % 50 > 0 THEN 1 + noise(i, 42) % 118000 END, (ARRAY['card', 'card', 'sepa', 'wire'])[1 + noise(i, 43) % 4], (noise(i, 44) % 90000)::numeric / 100,
       timestamptz '2022-01-05' + make_interval(mins => i * 15), CASE WHEN noise(i, 45) % 5 > 0 THEN 'REF' || noise(i, 46) % 200000 END
FROM generate_series(1, 110000) i;
CREATE INDEX payments_received_at_idx ON payments (received_at);

CREATE TABLE credit_notes (
  id bigint PRIMARY KEY,
  invoice_id bigint NOT NULL REFERENCES invoices,
  amount numeric(12,2) NOT NULL,
  reason text
);
INSERT INTO credit_notes SELECT i, 1 + noise(i, 51) % 110000, (noise(i, 52) % 5000)::numeric / 100, CASE WHEN noise(i, 53) % 3 = 0 THEN 'goodwill' END
FROM generate_series(1, 9000) i;
CREATE INDEX credit_notes_invoice_idx ON credit_notes (invoice_id);

CREATE VIEW invoice_balance AS
SELECT i.id, i.account_id, i.amount, coalesce(sum(p.amount), 0) AS paid
FROM invoices i LEFT JOIN payments p ON p.invoice_id = i.id GROUP BY i.id;
DROP FUNCTION noise;
