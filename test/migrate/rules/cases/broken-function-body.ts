import type { LintCase } from '../lint-case.js';

const trigger = (body: string) => `CREATE OR REPLACE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
${body}
RETURN NEW; END $$;
CREATE OR REPLACE TRIGGER touch BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch();`;

const routine = (body: string, head = 'f(want bigint) RETURNS bigint') =>
  `CREATE OR REPLACE FUNCTION ${head} LANGUAGE plpgsql AS $$\n${body}\n$$;`;

export const cases: readonly LintCase[] = [
  {
    name: 'a column that is not there',
    sql: routine('DECLARE n bigint; BEGIN\nSELECT count(*) INTO n FROM t WHERE missing = want; RETURN n; END'),
    finds: ['broken-function-body:3'],
    message:
      'In line 3 of its body the server says: column "missing" does not exist. Creating the function went through, calling it will not. Correct the body, or change it together with what it names.',
  },
  {
    name: 'silent: what a directive above the function leaves out',
    sql: `SELECT 1;\n-- pgsteward: ignore broken-function-body the table comes later\n${routine('BEGIN DELETE FROM nowhere; RETURN 1; END')}`,
    finds: [],
  },
  {
    name: 'a table that is not there',
    sql: routine('BEGIN DELETE FROM nowhere; RETURN 1; END'),
    finds: ['broken-function-body:2'],
  },
  {
    name: 'a field of NEW that its table does not have',
    sql: trigger('UPDATE u SET label = NEW.title WHERE t_id = NEW.id;'),
    finds: ['broken-function-body:3'],
  },
  {
    name: 'a condition on a field of NEW',
    sql: trigger('IF NEW.missing IS NULL THEN RETURN OLD; END IF;'),
    finds: ['broken-function-body:3'],
  },
  {
    name: 'a function of an earlier file that a later one breaks',
    before:
      'CREATE TABLE k (id bigint PRIMARY KEY, note text); CREATE FUNCTION f() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(note) FROM k); END $$;',
    sql: 'ALTER TABLE k DROP COLUMN note;',
    finds: ['breaks-old-code:1', 'broken-function-body:0001_before.up.sql:2', 'destroys-data:1'],
  },
  {
    name: 'a function in SQL that a later file breaks',
    before:
      'CREATE TABLE k (id bigint PRIMARY KEY, note text); CREATE FUNCTION f() RETURNS bigint LANGUAGE sql AS $$ SELECT count(note) FROM k $$;',
    sql: 'ALTER TABLE k DROP COLUMN note;',
    finds: ['breaks-old-code:1', 'broken-function-body:0001_before.up.sql:2', 'destroys-data:1'],
  },
  {
    name: 'silent: fields of NEW and OLD that are there',
    sql: trigger(
      'NEW.at := now(); IF NEW.name IS DISTINCT FROM OLD.name THEN INSERT INTO u VALUES (NEW.id, OLD.id, TG_OP); END IF;',
    ),
    finds: [],
  },
  {
    name: 'silent: variables, records and loops',
    sql: routine(
      'DECLARE r record; n bigint := 0; s t.state%TYPE; BEGIN FOR r IN SELECT id, name FROM t WHERE id = want LOOP n := n + r.id; UPDATE u SET label = r.name WHERE t_id = r.id AND id > n; END LOOP; SELECT state INTO s FROM t WHERE id = n; FOR i IN 1..3 LOOP PERFORM 1 FROM t WHERE id = i; END LOOP; RETURN n; END',
    ),
    finds: [],
  },
  {
    name: 'silent: a temporary table of its own',
    sql: routine('BEGIN CREATE TEMP TABLE held AS SELECT id FROM t; DELETE FROM held; RETURN 1; END'),
    finds: [],
  },
  {
    name: 'silent: columns that it returns',
    sql: routine(
      'BEGIN RETURN QUERY SELECT t.id, t.name FROM t WHERE t.id > 0; key := 1; label := name FROM t; RETURN NEXT; END',
      'f() RETURNS TABLE (key bigint, label text)',
    ),
    finds: [],
  },
  {
    name: 'silent: EXECUTE',
    sql: routine("BEGIN EXECUTE format('DELETE FROM %I', 'nowhere'); RETURN 1; END"),
    finds: [],
  },
];
