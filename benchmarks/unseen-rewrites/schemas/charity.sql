-- A charity: appeals, donors, pledges with their instalments, donations, contacts with donors, and volunteers with their shifts.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE appeals (id integer PRIMARY KEY, code text NOT NULL UNIQUE, name text NOT NULL, starts_on date NOT NULL, ends_on date, goal numeric(12, 2));
INSERT INTO appeals SELECT i, 'AP' || 100 + i, 'Appeal ' || i, date '2019-01-01' + i * 8, CASE WHEN i % 12 > 0 THEN date '2019-03-01' + i * 8 END, CASE WHEN i % 7 > 0 THEN i * 1000 END FROM generate_series(1, 240) i;

CREATE TABLE donors (
  id integer PRIMARY KEY,
  first_name text,
  last_name text NOT NULL,
  email text,
  postcode text,
  country char(2) NOT NULL,
  joined_at timestamp NOT NULL,
  newsletter boolean NOT NULL,
  deceased boolean NOT NULL DEFAULT false
);
INSERT INTO donors
SELECT i, CASE WHEN pick(i, 1, 9) > 0 THEN (ARRAY['Grace', 'Tom', 'Aisha', 'Peter', 'Mary'])[1 + pick(i, 2, 5)] END, (ARRAY['Hughes', 'Patel', 'Walker', 'Brown', 'Evans', 'Khan'])[1 + pick(i, 3, 6)] || CASE WHEN pick(i, 4, 4) > 0 THEN '-' || pick(i, 5, 500) ELSE '' END,
       CASE WHEN pick(i, 6, 4) > 0 THEN 'donor' || pick(i, 7, 70000) || '@post.example' END, CASE WHEN pick(i, 8, 15) > 0 THEN (ARRAY['SW', 'NE', 'LS', 'CF', 'EH'])[1 + pick(i, 9, 5)] || pick(i, 10, 40) || ' ' || pick(i, 11, 10) || 'AB' END,
       CASE WHEN pick(i, 12, 20) = 0 THEN 'IE' ELSE 'GB' END, timestamp '2016-01-01' + make_interval(mins => i * 70), pick(i, 13, 3) = 0, pick(i, 14, 40) = 0
FROM generate_series(1, 60000) i;
CREATE INDEX donors_email_idx ON donors (email);
CREATE INDEX donors_name_idx ON donors (last_name, postcode);
CREATE INDEX donors_joined_idx ON donors (joined_at);

CREATE TABLE pledges (id integer PRIMARY KEY, donor_id integer NOT NULL REFERENCES donors, amount numeric(10, 2) NOT NULL, frequency text NOT NULL, started_on date NOT NULL, ended_on date);
INSERT INTO pledges SELECT i, 1 + pick(i, 21, 240) * pick(i, 22, 250), 5 + pick(i, 23, 60), (ARRAY['monthly', 'monthly', 'monthly', 'yearly'])[1 + pick(i, 24, 4)], date '2018-01-01' + i / 10, CASE WHEN pick(i, 25, 3) = 0 THEN date '2019-01-01' + i / 10 END FROM generate_series(1, 22000) i;
CREATE INDEX pledges_donor_idx ON pledges (donor_id);

CREATE TABLE donations (
  id integer PRIMARY KEY,
  donor_id integer REFERENCES donors,
  appeal_id integer NOT NULL REFERENCES appeals,
  amount numeric(10, 2) NOT NULL,
  donated_at timestamp NOT NULL,
  method text NOT NULL,
  reference text,
  gift_aid boolean,
  refunded_at timestamp
);
INSERT INTO donations
SELECT i, CASE WHEN pick(i, 31, 8) > 0 THEN 1 + pick(i, 32, 240) * pick(i, 33, 250) END, 1 + pick(i, 34, 15) * pick(i, 35, 17), 2 + pick(i, 36, 100) * pick(i, 37, 100) / 20.0, timestamp '2019-01-05' + make_interval(mins => i * 12), (ARRAY['card', 'card', 'debit', 'debit', 'cash', 'cheque', 'transfer'])[1 + pick(i, 38, 7)],
       CASE WHEN pick(i, 39, 3) > 0 THEN (ARRAY['SEPA', 'BACS', 'WEB'])[1 + pick(i, 40, 3)] || '-' || 2019 + i / 44000 || '-' || lpad(pick(i, 41, 90000)::text, 6, '0') END, CASE WHEN pick(i, 42, 5) > 0 THEN pick(i, 43, 2) = 0 END, CASE WHEN pick(i, 44, 80) = 0 THEN timestamp '2019-01-09' + make_interval(mins => i * 12) END
FROM generate_series(1, 230000) i;
CREATE INDEX donations_donor_idx ON donations (donor_id);
CREATE INDEX donations_appeal_idx ON donations (appeal_id);
CREATE INDEX donations_donated_idx ON donations (donated_at);
CREATE INDEX donations_method_idx ON donations (method);

CREATE TABLE instalments (id integer PRIMARY KEY, pledge_id integer NOT NULL REFERENCES pledges, due_on date NOT NULL, amount numeric(10, 2) NOT NULL, donation_id integer REFERENCES donations);
INSERT INTO instalments SELECT i, 1 + pick(i, 51, 22000), date '2019-01-01' + i / 70, 5 + pick(i, 52, 60), CASE WHEN pick(i, 53, 45) > 0 THEN 1 + pick(i, 54, 230000) END FROM generate_series(1, 120000) i;
CREATE INDEX instalments_pledge_idx ON instalments (pledge_id);
CREATE INDEX instalments_donation_idx ON instalments (donation_id);

CREATE TABLE contacts (id integer PRIMARY KEY, donor_id integer NOT NULL REFERENCES donors, channel text NOT NULL, happened_at timestamp NOT NULL CHECK (happened_at BETWEEN '1990-01-01' AND '2100-01-01'), note text);
INSERT INTO contacts SELECT i, 1 + pick(i, 61, 60000), (ARRAY['letter', 'phone', 'mail', 'mail'])[1 + pick(i, 62, 4)], timestamp '2020-01-01' + make_interval(mins => i * 16), CASE WHEN pick(i, 63, 3) = 0 THEN 'Talked about ' || (ARRAY['legacy', 'gift aid', 'the summer fair', 'a change of address'])[1 + pick(i, 64, 4)] || ' no. ' || pick(i, 65, 30000) END
FROM generate_series(1, 140000) i;
CREATE INDEX contacts_donor_idx ON contacts (donor_id);
CREATE INDEX contacts_happened_idx ON contacts (happened_at);

CREATE TABLE volunteers (id integer PRIMARY KEY, donor_id integer UNIQUE REFERENCES donors, name text NOT NULL, city text NOT NULL, active boolean NOT NULL);
INSERT INTO volunteers SELECT i, CASE WHEN i % 3 = 0 THEN i * 3 END, 'Volunteer ' || i, 'Town ' || pick(i, 71, 60), pick(i, 72, 4) > 0 FROM generate_series(1, 16000) i;
CREATE TABLE shifts (id integer PRIMARY KEY, place text NOT NULL, starts_at timestamp NOT NULL, ends_at timestamp NOT NULL, needed smallint NOT NULL);
INSERT INTO shifts SELECT i, 'Shop ' || i % 40, timestamp '2022-01-01 09:00' + make_interval(hours => i * 2), timestamp '2022-01-01 13:00' + make_interval(hours => i * 2), 2 + i % 9 FROM generate_series(1, 12000) i;
CREATE INDEX shifts_starts_idx ON shifts (starts_at);
CREATE TABLE signups (id integer PRIMARY KEY, shift_id integer NOT NULL REFERENCES shifts, volunteer_id integer NOT NULL REFERENCES volunteers, hours numeric(4, 1), status text NOT NULL);
INSERT INTO signups SELECT i, 1 + pick(i, 81, 12000), 1 + pick(i, 82, 126) * pick(i, 83, 126), CASE WHEN pick(i, 84, 6) > 0 THEN 1 + pick(i, 85, 8) / 2.0 END, (ARRAY['came', 'came', 'came', 'cancelled', 'missed'])[1 + pick(i, 86, 5)] FROM generate_series(1, 100000) i;
CREATE INDEX signups_shift_idx ON signups (shift_id);
CREATE INDEX signups_volunteer_idx ON signups (volunteer_id);
DROP FUNCTION pick;
