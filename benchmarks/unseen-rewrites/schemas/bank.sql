-- A bank's ledger: branches, clients, accounts, their entries, transfers between them, cards, exchange rates.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE branches (id integer PRIMARY KEY, name text NOT NULL, region text);
INSERT INTO branches SELECT i, 'Branch ' || i, CASE WHEN i % 7 > 0 THEN 'Region ' || i % 5 END FROM generate_series(1, 40) i;

CREATE TABLE clients (id integer PRIMARY KEY, name text NOT NULL, email text, kind text NOT NULL, tax_id text, advisor text, joined_on date NOT NULL);
INSERT INTO clients
SELECT i, 'Client ' || i, CASE WHEN pick(i, 1, 6) > 0 THEN 'Client' || i || CASE WHEN i % 2 = 0 THEN '@Mail.example' ELSE '@mail.example' END END,
       CASE WHEN pick(i, 2, 9) = 0 THEN 'business' ELSE 'private' END, CASE WHEN pick(i, 3, 5) > 0 THEN lpad((i * 7 % 99991)::text, 11, '0') END,
       CASE WHEN pick(i, 4, 4) > 0 THEN 'advisor ' || pick(i, 5, 60) END, date '1998-01-01' + i / 2
FROM generate_series(1, 15000) i;

CREATE TABLE accounts (
  id integer PRIMARY KEY,
  client_id integer NOT NULL REFERENCES clients,
  branch_id integer NOT NULL REFERENCES branches,
  iban text NOT NULL UNIQUE,
  currency char(3) NOT NULL,
  product text NOT NULL,
  status text NOT NULL,
  opened_on date NOT NULL,
  closed_on date
);
INSERT INTO accounts
SELECT i, 1 + pick(i, 11, 14500), 1 + pick(i, 12, 7) * pick(i, 13, 7), 'XX' || lpad((i::bigint * 7919 % 100000000)::text, 18, '0'),
       (ARRAY['EUR', 'EUR', 'EUR', 'USD', 'CHF', 'GBP'])[1 + pick(i, 14, 6)], (ARRAY['current', 'current', 'savings', 'loan', 'deposit'])[1 + pick(i, 15, 5)],
       CASE WHEN pick(i, 16, 12) = 0 THEN 'closed' WHEN pick(i, 16, 40) = 1 THEN 'blocked' ELSE 'open' END, date '1998-01-01' + i / 3, CASE WHEN pick(i, 16, 12) = 0 THEN date '2023-01-01' + pick(i, 17, 600) END
FROM generate_series(1, 25000) i;
CREATE INDEX accounts_client_idx ON accounts (client_id);

CREATE TABLE transfers (
  id integer PRIMARY KEY,
  from_account_id integer NOT NULL REFERENCES accounts,
  to_account_id integer REFERENCES accounts,
  amount_cents bigint NOT NULL,
  status text NOT NULL,
  reference varchar(40),
  execute_on date NOT NULL,
  created_at timestamp NOT NULL
);
INSERT INTO transfers
SELECT i, 1 + pick(i, 21, 155) * pick(i, 22, 155), CASE WHEN pick(i, 23, 4) > 0 THEN 1 + pick(i, 24, 24900) END, 100 + pick(i, 25, 3000) * pick(i, 26, 300),
       CASE WHEN i > 59300 THEN 'pending' WHEN pick(i, 27, 100) = 0 THEN 'failed' ELSE 'done' END, CASE WHEN pick(i, 28, 5) > 0 THEN 'INV-' || pick(i, 29, 30000) END,
       date '2023-01-01' + i / 85 + pick(i, 30, 4), timestamp '2023-01-01' + make_interval(mins => i * 17)
FROM generate_series(1, 60000) i;
CREATE INDEX transfers_from_idx ON transfers (from_account_id);

CREATE TABLE entries (
  id bigint PRIMARY KEY,
  account_id integer NOT NULL REFERENCES accounts,
  transfer_id integer REFERENCES transfers,
  booked_on date NOT NULL,
  amount_cents bigint NOT NULL,
  kind text NOT NULL,
  memo text
);
INSERT INTO entries
SELECT i, CASE WHEN i % 100 = 0 THEN 7 ELSE 1 + pick(i, 31, 24500) END, CASE WHEN pick(i, 32, 4) = 0 THEN 1 + pick(i, 33, 59000) END, date '2023-01-01' + i / 420,
       (pick(i, 34, 2000) - 900)::bigint * pick(i, 35, 300), (ARRAY['card', 'card', 'card', 'transfer', 'fee', 'interest', 'cash'])[1 + pick(i, 36, 7)], CASE WHEN pick(i, 37, 3) = 0 THEN 'memo ' || pick(i, 38, 5000) END
FROM generate_series(1, 300000) i;
CREATE INDEX entries_account_booked_idx ON entries (account_id, booked_on);
CREATE INDEX entries_booked_idx ON entries (booked_on);

CREATE TABLE cards (id integer PRIMARY KEY, account_id integer NOT NULL REFERENCES accounts, number_hash text NOT NULL, expires_on date NOT NULL, blocked_at timestamp);
INSERT INTO cards SELECT i, 1 + pick(i, 41, 24000), md5(i::text), date '2023-06-30' + pick(i, 42, 60) * 30, CASE WHEN pick(i, 43, 25) = 0 THEN timestamp '2024-01-01' + make_interval(hours => i % 8000) END
FROM generate_series(1, 30000) i;
CREATE INDEX cards_account_idx ON cards (account_id);

CREATE TABLE rates (currency char(3) NOT NULL, valid_on date NOT NULL, rate numeric(12, 6) NOT NULL, PRIMARY KEY (currency, valid_on));
INSERT INTO rates SELECT c, date '2022-12-01' + d, 1 + pick(d, length(c) + ascii(c), 4000) / 10000.0 FROM unnest(ARRAY['EUR', 'USD', 'CHF', 'GBP']) c, generate_series(0, 780) d WHERE d % 7 < 5;

CREATE VIEW account_balances AS
SELECT a.id AS account_id, a.iban, a.client_id, a.currency, coalesce(sum(e.amount_cents), 0) AS balance_cents, max(e.booked_on) AS last_booked_on
FROM accounts a LEFT JOIN entries e ON e.account_id = a.id
GROUP BY a.id, a.iban, a.client_id, a.currency;
CREATE VIEW entry_totals AS
SELECT account_id, count(*) AS entries, sum(amount_cents) FILTER (WHERE amount_cents > 0) AS credit_cents, sum(amount_cents) FILTER (WHERE amount_cents < 0) AS debit_cents
FROM entries GROUP BY account_id;
DROP FUNCTION pick;
