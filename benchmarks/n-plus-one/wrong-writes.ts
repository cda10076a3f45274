import type { Draw } from './draw.js';

/** A write of one row that a program calls in a loop. */
export interface WriteParts {
  readonly table: 'counters' | 'entries';
  readonly text: string;
  readonly types: readonly string[];
  /** Values of one call. */
  values(draw: Draw, place: number): readonly string[];
}

/** What people and programs get wrong when they make one statement of a loop of writes. */
export interface WriteFault {
  readonly name: string;
  /** Changes a batch that is right; gives it as it was where it has no such part. */
  wrong(sql: string): string;
}

/** Few keys and few amounts, so that both come several times. */
const KEYS = 8;
const AMOUNTS = 2;
const STATES = ['new', 'open', 'gone', 'late'];
const BY_BOX: Pick<WriteParts, 'types' | 'values'> = {
  types: ['integer', 'integer', 'text'],
  values: (draw) => [String(draw.between(1, KEYS)), String(draw.between(1, AMOUNTS)), draw.pick(STATES)],
};
const upsert = (set: string): WriteParts => ({
  table: 'counters',
  text: `INSERT INTO counters (box, total, state) VALUES ($1, $2, $3) ON CONFLICT (box) DO UPDATE SET ${set}`,
  ...BY_BOX,
});

/** Gives the tables that are written to: half of the keys are there, and some states are not known. */
export const WRITTEN_SQL = `
  DROP TABLE IF EXISTS counters;
  CREATE TABLE counters (box integer PRIMARY KEY, total integer, state text);
  INSERT INTO counters SELECT 2 * n, 1, CASE WHEN n % 2 = 0 THEN 'new' END FROM generate_series(1, ${KEYS / 2}) AS n`;

/** Writes of one row each. */
export const WRITES: readonly WriteParts[] = [
  upsert('total = counters.total + excluded.total'),
  upsert('total = counters.total + excluded.total, state = excluded.state'),
  upsert('total = greatest(counters.total, excluded.total), state = coalesce(counters.state, excluded.state)'),
  upsert('total = excluded.total, state = excluded.state'),
  {
    table: 'entries',
    text: "UPDATE entries SET state = $2, amount = $3 WHERE id = $1 AND state <> 'done'",
    types: ['integer', 'text', 'integer'],
    values: (draw, place) => [String(13 * place + draw.below(13)), draw.pick(STATES), String(draw.between(50, 5000))],
  },
  {
    table: 'entries',
    text: "DELETE FROM entries WHERE box = $1 AND state <> 'done'",
    types: ['integer'],
    values: (draw) => [String(draw.between(2, KEYS))],
  },
  { table: 'entries', text: 'INSERT INTO entries (box, amount, state) VALUES ($1, $2, $3)', ...BY_BOX },
];

const replaced = (name: string, from: string | RegExp, to: string): WriteFault => ({
  name,
  wrong: (sql) => sql.replace(from, to),
});

export const WRITE_FAULTS: readonly WriteFault[] = [
  replaced('the greatest in place of the sum', 'sum(', 'max('),
  replaced('equal amounts added once', 'sum(', 'sum(DISTINCT '),
  replaced('the first in place of the last', 'wanted.place DESC', 'wanted.place'),
  replaced('the last in place of the first', 'wanted.place)', 'wanted.place DESC)'),
  replaced('the least in place of the greatest', 'max(', 'min('),
  replaced('what was there is forgotten', 'counters.total + ', ''),
  replaced('rows that are there are passed by', /DO UPDATE SET .*$/, 'DO NOTHING'),
  replaced('values of the next key', 'unnest($1::integer[]', 'unnest(($1::integer[])[2:]'),
  replaced('lost filter', " AND state <> 'done'", ''),
  replaced('range in place of equality', /= (?=ANY|wanted\.key_1 AND)/, '>= '),
  replaced('lost duplicates', /SELECT (?=wanted\.key_1, wanted\.key_2, wanted\.key_3 FROM)/, 'SELECT DISTINCT '),
];
