import { DIVISION_TRAPS, EITHER_TRAPS } from './trap-cases/either.js';
import { DISTINCT_TRAPS, JOIN_TRAPS, ORDER_TRAPS, PAGE_TRAPS } from './trap-cases/forms.js';
import { GROUP_TRAPS, PARENT_TRAPS } from './trap-cases/groups.js';
import { SCAN_TRAPS } from './trap-cases/scans.js';
import { STEP_TRAPS } from './trap-cases/steps.js';

/** A statement with a trap, in a shape that people write. */
export interface TrapCase {
  readonly name: string;
  readonly sql: string;
  /** Forms that would be wrong where no tiny database can show it, so that they must not even be written. */
  readonly never?: string;
}

/** Tables with what breaks rewrites: NULLs, types whose equal values are not the same, hidden rows, names that lead elsewhere. */
export const TRAP_SCHEMA = `
  CREATE EXTENSION citext;
  CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  CREATE TYPE grade AS ENUM ('low', 'high', 'mid');
  CREATE SEQUENCE tickets;
  CREATE TABLE owners (
    id int PRIMARY KEY, handle citext NOT NULL, title text COLLATE any_case, tag char(4), plain text, grade grade, extra jsonb,
    note json, tags text[], born date, seen timestamptz, share numeric(6,2), weight float8);
  CREATE TABLE boats (
    id bigint PRIMARY KEY, owner int REFERENCES owners, skipper int NOT NULL REFERENCES owners, name text NOT NULL,
    handle citext NOT NULL, tag char(4) NOT NULL, title text COLLATE any_case NOT NULL, grade grade NOT NULL, kind text,
    built date, launched timestamptz NOT NULL, length_m numeric, tags text[] NOT NULL,
    long_name text GENERATED ALWAYS AS (name || '!') STORED);
  CREATE TABLE prices (amount numeric PRIMARY KEY, note text);
  CREATE TABLE bids (id int PRIMARY KEY, boat bigint REFERENCES boats, amount numeric NOT NULL REFERENCES prices, at timestamptz NOT NULL, state text);
  CREATE TABLE "Log Book" ("Id" int PRIMARY KEY, "Boat" bigint NOT NULL REFERENCES boats, "order" int, "User" text);
  CREATE TABLE hidden (id int PRIMARY KEY, holder text NOT NULL);
  ALTER TABLE hidden ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY own ON hidden USING (holder = current_user);
  CREATE TABLE keepsakes (id int PRIMARY KEY, hidden_id int NOT NULL REFERENCES hidden, at timestamptz NOT NULL, worth int);
  CREATE TABLE readings (boat bigint NOT NULL, at timestamptz NOT NULL, depth float8, PRIMARY KEY (boat, at)) PARTITION BY RANGE (at);
  CREATE TABLE readings_1 PARTITION OF readings FOR VALUES FROM (MINVALUE) TO ('2024-01-01 00:00:01Z');
  CREATE TABLE readings_2 PARTITION OF readings FOR VALUES FROM ('2024-01-01 00:00:01Z') TO (MAXVALUE);
  CREATE TABLE crafts (id int PRIMARY KEY, name text); CREATE TABLE rafts (planks int) INHERITS (crafts);
  CREATE TABLE words (word citext PRIMARY KEY, uses int); CREATE TABLE ranks (title text COLLATE any_case PRIMARY KEY, place int);
  CREATE SCHEMA north; CREATE TABLE north.docks (id int PRIMARY KEY, town text); CREATE TABLE docks (id int PRIMARY KEY, town text);
  CREATE TABLE berths (id int PRIMARY KEY, dock int NOT NULL REFERENCES docks, free boolean, at timestamptz NOT NULL);
  CREATE TABLE plates (
    id int PRIMARY KEY, owner int NOT NULL REFERENCES owners, port int NOT NULL UNIQUE, title text COLLATE any_case NOT NULL,
    label text NOT NULL UNIQUE, plain text NOT NULL, handle citext NOT NULL, amount numeric NOT NULL UNIQUE, big bigint NOT NULL,
    weight float8 NOT NULL);
  CREATE UNIQUE INDEX ON plates (title COLLATE "C"); CREATE INDEX ON plates (title);
  CREATE INDEX ON boats (name COLLATE "C"); CREATE INDEX ON boats (kind DESC NULLS LAST);
  CREATE INDEX ON hidden (holder) WHERE id > 5;
  CREATE TABLE stamps (id int PRIMARY KEY, plate int NOT NULL, port int NOT NULL, amount numeric NOT NULL, big bigint NOT NULL);
  CREATE TABLE drafts (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, owner int NOT NULL REFERENCES owners DEFERRABLE, note text);
  CREATE VIEW lucky AS SELECT b.id, b.owner, b.kind, random() AS luck FROM boats b;
  CREATE FUNCTION boats_of(who int) RETURNS bigint LANGUAGE sql STABLE AS 'SELECT count(*) FROM boats WHERE owner = who';
  CREATE FUNCTION roll(sides int) RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1 + floor(random() * sides); END';
  CREATE FUNCTION numbered() RETURNS bigint LANGUAGE sql AS 'SELECT nextval(''tickets'')'`;

/** Statements over these tables. */
export const TRAP_CASES: readonly TrapCase[] = [
  ...GROUP_TRAPS,
  ...PARENT_TRAPS,
  ...STEP_TRAPS,
  ...SCAN_TRAPS,
  ...EITHER_TRAPS,
  ...DIVISION_TRAPS,
  ...DISTINCT_TRAPS,
  ...ORDER_TRAPS,
  ...PAGE_TRAPS,
  ...JOIN_TRAPS,
];
