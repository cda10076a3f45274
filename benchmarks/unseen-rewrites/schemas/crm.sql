-- Customer relations: teams of sales people, companies that own others, contacts, deals, activities, mails, shares, custom fields.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7349) & 9007199254740991) % $3)::integer';

CREATE TABLE staff (id integer PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, manager_id integer REFERENCES staff, is_active boolean NOT NULL);
INSERT INTO staff SELECT i, 'Rep ' || i, 'rep' || i || '@crm.example', CASE WHEN i > 1 THEN 1 + pick(i, 1, (i + 4) / 6) END, pick(i, 2, 10) > 0 FROM generate_series(1, 600) i;

CREATE TABLE companies (id integer PRIMARY KEY, name text NOT NULL, domain text, owner_id integer REFERENCES staff, parent_id integer REFERENCES companies, industry text, created_at timestamp NOT NULL, last_contacted_at timestamp);
INSERT INTO companies
SELECT i, 'Company ' || i, CASE WHEN pick(i, 11, 9) > 0 THEN (ARRAY['acme', 'blue', 'nord', 'star', 'terra', 'omni'])[1 + pick(i, 12, 6)] || to_hex(pick(i, 13, 60000)) || '.example' END, CASE WHEN pick(i, 14, 12) > 0 THEN 1 + pick(i, 15, 30) * pick(i, 16, 20) END,
       CASE WHEN i > 30 AND pick(i, 17, 5) < 3 THEN 1 + pick(i, 18, i / 12) END, CASE WHEN pick(i, 19, 7) > 0 THEN (ARRAY['retail', 'transport', 'care', 'energy'])[1 + pick(i, 20, 4)] END,
       timestamp '2020-01-01' + make_interval(mins => i * 50), CASE WHEN pick(i, 21, 3) > 0 THEN timestamp '2023-01-01' + make_interval(mins => pick(i, 22, 900000)) END
FROM generate_series(1, 45000) i;
CREATE INDEX companies_parent_idx ON companies (parent_id);
CREATE INDEX companies_domain_idx ON companies (domain text_pattern_ops);
CREATE INDEX companies_owner_idx ON companies (owner_id);

CREATE TABLE contacts (id integer PRIMARY KEY, company_id integer REFERENCES companies, first_name text NOT NULL, last_name text NOT NULL, email text, phone text, created_at timestamp NOT NULL);
INSERT INTO contacts
SELECT i, CASE WHEN pick(i, 31, 10) > 0 THEN 1 + pick(i, 32, 45000) END, (ARRAY['Anna', 'Paul', 'Ines', 'Omar', 'Lucia', 'Piotr'])[1 + pick(i, 33, 6)], 'Name' || pick(i, 34, 9000), CASE WHEN pick(i, 35, 8) > 0 THEN 'contact' || i || '@firm' || pick(i, 36, 14000) || '.example' END,
       CASE WHEN pick(i, 37, 3) > 0 THEN '+44 20 ' || pick(i, 38, 9999999) END, timestamp '2020-01-01' + make_interval(mins => i * 18)
FROM generate_series(1, 120000) i;
CREATE INDEX contacts_company_idx ON contacts (company_id);

CREATE TABLE deals (id integer PRIMARY KEY, company_id integer NOT NULL REFERENCES companies, owner_id integer NOT NULL REFERENCES staff, name text NOT NULL, stage text NOT NULL, amount numeric(12, 2), expected_on date, closed_on date, created_at timestamp NOT NULL);
INSERT INTO deals
SELECT i, 1 + pick(i, 41, 150) * pick(i, 42, 300), 1 + pick(i, 43, 30) * pick(i, 44, 20), 'Deal ' || i, CASE WHEN closed THEN (ARRAY['won', 'lost'])[1 + pick(i, 45, 2)] ELSE (ARRAY['lead', 'offer', 'talks'])[1 + pick(i, 45, 3)] END, CASE WHEN pick(i, 46, 9) > 0 THEN 500 + pick(i, 47, 90000) END,
       CASE WHEN pick(i, 48, 8) > 0 THEN date '2020-02-01' + i / 60 + pick(i, 49, 120) END, CASE WHEN closed THEN date '2020-02-01' + i / 60 + pick(i, 50, 150) END, timestamp '2020-01-15' + make_interval(mins => i * 24)
FROM (SELECT i, i < 70000 AND pick(i, 51, 12) > 0 OR pick(i, 52, 9) = 0 AS closed FROM generate_series(1, 90000) i) s;
CREATE INDEX deals_company_idx ON deals (company_id);
CREATE INDEX deals_owner_idx ON deals (owner_id);
CREATE INDEX deals_expected_idx ON deals (expected_on);
CREATE INDEX deals_closed_idx ON deals (closed_on);

CREATE TABLE shares (deal_id integer NOT NULL REFERENCES deals, staff_id integer NOT NULL REFERENCES staff, shared_at timestamp NOT NULL, PRIMARY KEY (deal_id, staff_id));
INSERT INTO shares SELECT 1 + pick(i, 61, 90000), 1 + pick(i, 62, 600), timestamp '2022-01-01' + make_interval(mins => i * 20) FROM generate_series(1, 60000) i ON CONFLICT DO NOTHING;
CREATE INDEX shares_staff_idx ON shares (staff_id);

CREATE TABLE activities (id integer PRIMARY KEY, kind text NOT NULL, company_id integer NOT NULL REFERENCES companies, contact_id integer REFERENCES contacts, deal_id integer REFERENCES deals, staff_id integer NOT NULL REFERENCES staff, subject text NOT NULL, due_at timestamp NOT NULL CHECK (due_at BETWEEN '2000-01-01' AND '2100-01-01'), done_at timestamp);
INSERT INTO activities
SELECT i, (ARRAY['call', 'call', 'mail', 'meeting', 'task'])[1 + pick(i, 71, 5)], 1 + pick(i, 72, 150) * pick(i, 73, 300), CASE WHEN pick(i, 74, 4) > 0 THEN 1 + pick(i, 75, 120000) END, CASE WHEN pick(i, 76, 3) = 0 THEN 1 + pick(i, 77, 90000) END,
       1 + pick(i, 78, 30) * pick(i, 79, 20), 'Subject ' || i, timestamp '2020-01-01' + make_interval(mins => i * 10), CASE WHEN pick(i, 80, 10) > 2 THEN timestamp '2020-01-01' + make_interval(mins => i * 10 + pick(i, 81, 20000)) END
FROM generate_series(1, 230000) i;
CREATE INDEX activities_company_idx ON activities (company_id, done_at);
CREATE INDEX activities_staff_idx ON activities (staff_id);
CREATE INDEX activities_due_idx ON activities (due_at);

CREATE TABLE mails (id integer PRIMARY KEY, contact_id integer NOT NULL REFERENCES contacts, staff_id integer REFERENCES staff, thread_id integer NOT NULL, sent_at timestamp NOT NULL, opened_at timestamp, replied_at timestamp);
INSERT INTO mails
SELECT i, 1 + pick(i, 91, 300) * pick(i, 92, 400), CASE WHEN pick(i, 93, 15) > 0 THEN 1 + pick(i, 94, 600) END, 1 + pick(i, 95, 50000), timestamp '2021-01-01' + make_interval(mins => i * 12), CASE WHEN pick(i, 96, 3) = 0 THEN timestamp '2021-01-01' + make_interval(mins => i * 12 + 90) END, CASE WHEN pick(i, 97, 12) = 0 THEN timestamp '2021-01-02' + make_interval(mins => i * 12) END
FROM generate_series(1, 140000) i;
CREATE INDEX mails_contact_idx ON mails (contact_id);
DROP FUNCTION pick;
