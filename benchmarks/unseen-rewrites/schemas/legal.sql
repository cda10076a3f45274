-- A law firm: lawyers, clients, matters in a tree, who may see them, time entries, invoices, payments, documents, deadlines, parties, fields.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE lawyers (id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, office text NOT NULL, rate numeric(8, 2) NOT NULL, left_on date);
INSERT INTO lawyers SELECT i, 'Lawyer ' || i, 'l' || i || '@firm.example', (ARRAY['Hamburg', 'Wien', 'Lyon'])[1 + i % 3], 180 + i % 30 * 10, CASE WHEN i % 9 = 0 THEN date '2023-01-01' + i END FROM generate_series(1, 180) i;

CREATE TABLE clients (id integer PRIMARY KEY, name text NOT NULL, kind text NOT NULL, phone text, country char(2) NOT NULL, since date NOT NULL);
INSERT INTO clients SELECT i, (ARRAY['Nordwind', 'Alpen', 'Delta', 'Orion', 'Kappa', 'Lumen'])[1 + i % 6] || ' ' || (ARRAY['GmbH', 'AG', 'SARL', 'Holding'])[1 + i % 4] || ' ' || i, (ARRAY['company', 'company', 'person'])[1 + pick(i, 3, 3)],
       CASE WHEN pick(i, 4, 8) > 0 THEN '+49' || 30000000 + pick(i, 5, 69999999) END, (ARRAY['DE', 'AT', 'FR', 'CH'])[1 + pick(i, 6, 4)], date '2005-01-01' + pick(i, 7, 6900)
FROM generate_series(1, 60000) i;
CREATE INDEX clients_name_idx ON clients (name);

CREATE TABLE matters (
  id integer PRIMARY KEY,
  number text NOT NULL UNIQUE,
  client_id integer NOT NULL REFERENCES clients,
  parent_id integer REFERENCES matters,
  responsible_id integer NOT NULL REFERENCES lawyers,
  title text NOT NULL,
  area text NOT NULL,
  status text NOT NULL,
  opened_on date NOT NULL,
  closed_on date
);
INSERT INTO matters
SELECT i, 'M-' || 2010 + i / 4000 || '-' || lpad((i % 4000)::text, 4, '0'), 1 + pick(i, 11, 240) * pick(i, 12, 250), CASE WHEN i > 200 AND pick(i, 13, 5) < 2 THEN 1 + pick(i, 14, 30) * (i / 31) / 30 END, 1 + pick(i, 15, 14) * pick(i, 16, 13),
       'Matter about ' || (ARRAY['lease', 'merger', 'patent', 'dismissal', 'tax'])[1 + pick(i, 17, 5)] || ' ' || i || repeat(' and more', pick(i, 18, 12)), (ARRAY['real estate', 'corporate', 'ip', 'labour', 'tax'])[1 + pick(i, 17, 5)],
       CASE WHEN pick(i, 19, 6) = 0 THEN 'open' ELSE 'closed' END, date '2010-01-01' + i / 11, CASE WHEN pick(i, 19, 6) > 0 THEN date '2010-02-01' + i / 11 + pick(i, 20, 600) END
FROM generate_series(1, 60000) i;
CREATE INDEX matters_client_idx ON matters (client_id);
CREATE INDEX matters_parent_idx ON matters (parent_id);
CREATE INDEX matters_responsible_idx ON matters (responsible_id);
CREATE INDEX matters_opened_idx ON matters (opened_on, id);

CREATE TABLE matter_access (matter_id integer NOT NULL REFERENCES matters, lawyer_id integer NOT NULL REFERENCES lawyers, level text NOT NULL, PRIMARY KEY (matter_id, lawyer_id));
INSERT INTO matter_access SELECT 1 + pick(i, 21, 60000), 1 + pick(i, 22, 180) * pick(i, 24, 100) / 100, (ARRAY['read', 'write'])[1 + pick(i, 23, 2)] FROM generate_series(1, 90000) i ON CONFLICT DO NOTHING;
CREATE INDEX matter_access_lawyer_idx ON matter_access (lawyer_id);

CREATE TABLE invoices (id integer PRIMARY KEY, client_id integer NOT NULL REFERENCES clients, matter_id integer NOT NULL REFERENCES matters, number text NOT NULL UNIQUE, issued_on date NOT NULL, due_on date NOT NULL, total numeric(12, 2) NOT NULL, status text NOT NULL);
INSERT INTO invoices SELECT i, m.client_id, m.id, 'INV-' || 100000 + i, date '2018-01-01' + i / 18, date '2018-01-31' + i / 18, 200 + pick(i, 32, 900000) / 100.0, CASE WHEN pick(i, 33, 9) = 0 THEN 'open' ELSE 'paid' END
FROM (SELECT i, 1 + pick(i, 31, 60000) AS matter FROM generate_series(1, 45000) i) s JOIN matters m ON m.id = s.matter;
CREATE INDEX invoices_client_idx ON invoices (client_id);
CREATE INDEX invoices_issued_idx ON invoices (issued_on);
CREATE TABLE payments (id integer PRIMARY KEY, invoice_id integer NOT NULL REFERENCES invoices, amount numeric(12, 2) NOT NULL, paid_on date NOT NULL);
INSERT INTO payments SELECT i, 1 + pick(i, 34, 45000), 100 + pick(i, 35, 500000) / 100.0, date '2018-02-01' + i / 20 FROM generate_series(1, 50000) i;
CREATE VIEW client_balances AS
  SELECT client_id, count(*) AS invoices, sum(total) AS invoiced, sum(total) FILTER (WHERE status = 'open') AS open, max(due_on) AS last_due
  FROM invoices GROUP BY client_id;

CREATE TABLE time_entries (
  id integer PRIMARY KEY,
  matter_id integer NOT NULL REFERENCES matters,
  lawyer_id integer NOT NULL REFERENCES lawyers,
  worked_on date NOT NULL CHECK (worked_on BETWEEN '1990-01-01' AND '2100-01-01'),
  minutes integer NOT NULL,
  rate numeric(8, 2),
  narrative text,
  invoice_id integer REFERENCES invoices
);
INSERT INTO time_entries
SELECT i, 1 + pick(i, 41, 240) * pick(i, 42, 250), 1 + pick(i, 43, 180), date '2018-01-01' + i / 105, 6 * (1 + pick(i, 44, 40)), CASE WHEN pick(i, 45, 12) > 0 THEN 180 + pick(i, 46, 30) * 10 END, CASE WHEN pick(i, 47, 8) > 0 THEN 'Drafting and call ' || pick(i, 48, 5000) END, CASE WHEN pick(i, 49, 90) > 0 THEN 1 + pick(i, 50, 45000) END
FROM generate_series(1, 240000) i;
CREATE INDEX time_entries_matter_idx ON time_entries (matter_id);
CREATE INDEX time_entries_worked_idx ON time_entries (worked_on);
CREATE INDEX time_entries_invoice_idx ON time_entries (invoice_id);

CREATE TABLE documents (id integer PRIMARY KEY, matter_id integer NOT NULL REFERENCES matters, author_id integer REFERENCES lawyers, title text NOT NULL, kind text NOT NULL, size_bytes bigint NOT NULL, created_at timestamptz NOT NULL, supersedes_id integer REFERENCES documents);
INSERT INTO documents SELECT i, 1 + pick(i, 51, 60000), CASE WHEN pick(i, 52, 10) > 0 THEN 1 + pick(i, 53, 180) END, 'Document ' || i, (ARRAY['letter', 'brief', 'contract', 'memo'])[1 + pick(i, 54, 4)], 1000 + pick(i, 55, 9000000), timestamptz '2018-01-01 00:00+00' + make_interval(mins => i * 32), CASE WHEN i > 10 AND pick(i, 56, 4) = 0 THEN i - 1 - pick(i, 57, 9) END
FROM generate_series(1, 100000) i;
CREATE INDEX documents_matter_idx ON documents (matter_id);

CREATE TABLE deadlines (id integer PRIMARY KEY, matter_id integer NOT NULL REFERENCES matters, kind text NOT NULL, due_on date NOT NULL CHECK (due_on BETWEEN '1990-01-01' AND '2100-01-01'), done_at timestamp, owner_id integer REFERENCES lawyers);
INSERT INTO deadlines SELECT i, 1 + pick(i, 61, 60000), (ARRAY['filing', 'appeal', 'reply', 'hearing'])[1 + pick(i, 62, 4)], date '2018-01-01' + i / 38, CASE WHEN i < 88000 AND pick(i, 63, 900) > 0 THEN timestamp '2017-12-28' + make_interval(mins => i * 38) END, CASE WHEN pick(i, 64, 5) > 0 THEN 1 + pick(i, 65, 180) END
FROM generate_series(1, 90000) i;
CREATE INDEX deadlines_due_idx ON deadlines (due_on);

CREATE TABLE parties (id integer PRIMARY KEY, matter_id integer NOT NULL REFERENCES matters, name text NOT NULL, role text NOT NULL);
INSERT INTO parties SELECT i, 1 + pick(i, 71, 60000), (ARRAY['Bauer', 'Dupont', 'Novak', 'Keller', 'Leroy', 'Huber'])[1 + pick(i, 72, 6)] || ' ' || initcap(substr(md5(pick(i, 73, 30000)::text), 1, 7)) || ' & Co', (ARRAY['opponent', 'witness', 'counsel', 'court'])[1 + pick(i, 74, 4)]
FROM generate_series(1, 90000) i;
CREATE INDEX parties_matter_idx ON parties (matter_id);

CREATE TABLE matter_fields (matter_id integer NOT NULL REFERENCES matters, name text NOT NULL, value text, PRIMARY KEY (matter_id, name));
INSERT INTO matter_fields SELECT m, n, CASE WHEN pick(m, 80 + length(n), 7) > 0 THEN n || ' ' || pick(m, 90 + length(n), 40) END
FROM generate_series(1, 60000) m CROSS JOIN unnest(ARRAY['court', 'judge', 'language', 'insurer', 'case_kind']) n WHERE pick(m, 70 + length(n), 10) < 7;
DROP FUNCTION pick;
