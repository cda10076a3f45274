-- A chain of veterinary practices: practices, vets, owners, pets, appointments, treatments, vaccinations, weights, reminders, invoices.
CREATE FUNCTION pick(bigint, bigint, bigint) RETURNS integer LANGUAGE sql IMMUTABLE
  AS 'SELECT ((pg_catalog.hashint8extended($1, $2 * 7717) & 9007199254740991) % $3)::integer';

CREATE TABLE practices (id integer PRIMARY KEY, name text NOT NULL, city text NOT NULL);
INSERT INTO practices SELECT i, 'Practice ' || i, 'City ' || 1 + i % 25 FROM generate_series(1, 40) i;

CREATE TABLE vets (id integer PRIMARY KEY, practice_id integer NOT NULL REFERENCES practices, name text NOT NULL, left_on date);
INSERT INTO vets SELECT i, 1 + i % 40, 'Vet ' || i, CASE WHEN i % 8 = 0 THEN date '2022-01-01' + i END FROM generate_series(1, 300) i;

CREATE TABLE species (id integer PRIMARY KEY, name text NOT NULL UNIQUE);
INSERT INTO species SELECT i, (ARRAY['dog', 'cat', 'rabbit', 'bird', 'horse', 'tortoise', 'ferret', 'hamster'])[i] FROM generate_series(1, 8) i;

CREATE TABLE owners (id integer PRIMARY KEY, name text NOT NULL, email text, phone text, city text NOT NULL, practice_id integer REFERENCES practices, created_at timestamptz NOT NULL);
INSERT INTO owners SELECT i, (ARRAY['Huber', 'Moser', 'Keller', 'Novak', 'Leitner', 'Gruber', 'Berger', 'Fuchs'])[1 + pick(i, 1, 8)] || initcap(substr(md5(pick(i, 2, 3000)::text), 1, 4)) || ' ' || (ARRAY['Eva', 'Paul', 'Mia', 'Jonas'])[1 + pick(i, 3, 4)], CASE WHEN pick(i, 4, 6) > 0 THEN 'o' || i || '@mail.example' END, '+43' || 10000000 + i, 'City ' || 1 + pick(i, 5, 5) * pick(i, 6, 6), CASE WHEN pick(i, 7, 9) > 0 THEN 1 + pick(i, 8, 40) END, timestamptz '2014-01-01 00:00+00' + make_interval(mins => i * 100)
FROM generate_series(1, 50000) i;
CREATE INDEX owners_name_idx ON owners (name, id);

CREATE TABLE pets (id integer PRIMARY KEY, owner_id integer NOT NULL REFERENCES owners, name text NOT NULL, species_id integer NOT NULL REFERENCES species, born_on date, died_on date, chip_no text UNIQUE, tags text[] NOT NULL, profile jsonb NOT NULL);
INSERT INTO pets SELECT i, 1 + pick(i, 11, 50000), (ARRAY['Luna', 'Rex', 'Mimi', 'Balu', 'Nala', 'Felix'])[1 + pick(i, 12, 6)], least(8, 1 + pick(i, 13, 3) + pick(i, 14, 6) * pick(i, 15, 2)), CASE WHEN pick(i, 16, 7) > 0 THEN date '2008-01-01' + pick(i, 17, 5800) END, CASE WHEN pick(i, 18, 6) = 0 THEN date '2018-01-01' + pick(i, 19, 2300) END, CASE WHEN pick(i, 20, 3) > 0 THEN '04009810' || 1000000 + i END,
       array_remove(ARRAY[CASE WHEN pick(i, 21, 150) = 0 THEN 'diabetic' END, CASE WHEN pick(i, 22, 4) = 0 THEN 'nervous' END, CASE WHEN pick(i, 23, 3) = 0 THEN 'neutered' END, CASE WHEN pick(i, 24, 20) = 0 THEN 'allergic' END], NULL),
       jsonb_strip_nulls(jsonb_build_object('colour', (ARRAY['black', 'white', 'brown', 'grey'])[1 + pick(i, 25, 4)], 'insurer', CASE WHEN pick(i, 26, 5) = 0 THEN 'Insurer ' || 1 + pick(i, 27, 80) END, 'indoor', pick(i, 28, 2) = 0))
FROM generate_series(1, 80000) i;
CREATE INDEX pets_owner_idx ON pets (owner_id);
CREATE INDEX pets_tags_idx ON pets USING gin (tags);
CREATE INDEX pets_profile_idx ON pets USING gin (profile jsonb_path_ops);

CREATE TABLE appointments (id integer PRIMARY KEY, pet_id integer NOT NULL REFERENCES pets, vet_id integer NOT NULL REFERENCES vets, practice_id integer NOT NULL REFERENCES practices, scheduled_at timestamptz NOT NULL CHECK (scheduled_at BETWEEN '2000-01-01 00:00+00' AND '2100-01-01 00:00+00'), arrived_at timestamptz, status text NOT NULL, reason text);
INSERT INTO appointments SELECT i, 1 + pick(i, 31, 280) * pick(i, 32, 285), v.id, v.practice_id, timestamptz '2020-01-01 06:00+00' + make_interval(mins => i * 11), CASE WHEN i < 198000 AND pick(i, 34, 10) > 0 THEN timestamptz '2020-01-01 05:55+00' + make_interval(mins => i * 11 + pick(i, 35, 20)) END, CASE WHEN i >= 198000 THEN 'planned' WHEN pick(i, 34, 10) = 0 THEN 'missed' ELSE 'done' END, (ARRAY['check-up', 'vaccination', 'surgery', 'dental', NULL])[1 + pick(i, 36, 5)]
FROM (SELECT i, 1 + pick(i, 33, 300) AS vet FROM generate_series(1, 200000) i) s JOIN vets v ON v.id = s.vet;
CREATE INDEX appointments_pet_idx ON appointments (pet_id);
CREATE INDEX appointments_scheduled_idx ON appointments (scheduled_at, id);
CREATE INDEX appointments_vet_idx ON appointments (vet_id, scheduled_at);

CREATE TABLE treatments (id integer PRIMARY KEY, appointment_id integer NOT NULL REFERENCES appointments, code text NOT NULL, price numeric(8, 2) NOT NULL, note text);
INSERT INTO treatments SELECT i, 1 + pick(i, 41, 200000), 'T' || 100 + pick(i, 42, 12) * pick(i, 43, 12), 10 + pick(i, 44, 30000) / 100.0, CASE WHEN pick(i, 45, 4) = 0 THEN 'Note ' || md5(i::text) END FROM generate_series(1, 240000) i;
CREATE INDEX treatments_appointment_idx ON treatments (appointment_id);

CREATE TABLE vaccinations (id integer PRIMARY KEY, pet_id integer NOT NULL REFERENCES pets, vaccine text NOT NULL, given_on date NOT NULL, next_due_on date, lot text);
INSERT INTO vaccinations SELECT i, 1 + pick(i, 51, 80000), (ARRAY['rabies', 'rabies', 'distemper', 'leptospirosis', 'herpes'])[1 + pick(i, 52, 5)], date '2017-01-01' + i / 56, CASE WHEN pick(i, 53, 12) > 0 THEN date '2018-01-01' + i / 56 END, 'L' || pick(i, 54, 900) FROM generate_series(1, 150000) i;
CREATE INDEX vaccinations_pet_idx ON vaccinations (pet_id);

CREATE TABLE weights (pet_id integer NOT NULL REFERENCES pets, measured_on date NOT NULL, grams integer NOT NULL, PRIMARY KEY (pet_id, measured_on));
INSERT INTO weights SELECT 1 + pick(i, 61, 80000), date '2020-01-01' + i / 75, 900 + pick(i, 62, 40000) FROM generate_series(1, 120000) i ON CONFLICT DO NOTHING;

CREATE TABLE reminders (id integer PRIMARY KEY, pet_id integer NOT NULL REFERENCES pets, kind text NOT NULL, due_on date NOT NULL, sent_at timestamptz);
INSERT INTO reminders SELECT i, 1 + pick(i, 71, 80000), (ARRAY['vaccination', 'vaccination', 'check-up', 'dental'])[1 + pick(i, 72, 4)], date '2019-01-01' + i / 80, CASE WHEN i < 156000 AND pick(i, 73, 400) > 0 THEN timestamptz '2019-01-01 08:00+00' + make_interval(mins => i * 18) END FROM generate_series(1, 160000) i;
CREATE INDEX reminders_due_idx ON reminders (due_on);

CREATE TABLE invoices (id integer PRIMARY KEY, owner_id integer NOT NULL REFERENCES owners, practice_id integer NOT NULL REFERENCES practices, issued_at timestamptz NOT NULL, paid_at timestamptz, total numeric(10, 2) NOT NULL);
INSERT INTO invoices SELECT i, 1 + pick(i, 81, 50000), 1 + pick(i, 82, 40), timestamptz '2020-01-01 08:00+00' + make_interval(mins => i * 18), CASE WHEN pick(i, 83, 15) > 0 THEN timestamptz '2020-01-08 08:00+00' + make_interval(mins => i * 18) END, 20 + pick(i, 84, 60000) / 100.0 FROM generate_series(1, 120000) i;
CREATE INDEX invoices_issued_idx ON invoices (issued_at);
DROP FUNCTION pick;
