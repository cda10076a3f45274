import { oneOf, type Random, seededRandom, shuffled } from '../random.js';
import { adopted, type ForeignLink, linksOf } from './foreign-links.js';
import type { TinyTable } from './tiny-schema.js';
import { keyOf, meetingPool, narrowed, rankOf, type TinyRow, type TinyValue, type ValuePool } from './value-pool.js';

/** Rows of one table, values in the order of its filled columns. */
export type TinyRows = readonly TinyRow[];

/** A handful of rows for each table, and values for the parameters. */
export interface TinyDatabase {
  /** In the order of the tables. */
  readonly rows: readonly TinyRows[];
  readonly parameters: readonly TinyValue[];
}

interface KeptDatabase {
  readonly database: TinyDatabase;
  readonly emptyShare: number;
}

/** What tiny databases are made of. */
export interface TinyParts {
  readonly tables: readonly TinyTable[];
  /** One pool a filled column of each table. */
  readonly pools: readonly (readonly ValuePool[])[];
  readonly parameters: readonly ValuePool[];
  /** Most rows of a table: enough to pass what the statements count to. */
  readonly rowsMost: number;
  readonly seed: number;
}

const ROWS_USUAL = 4;
/** Most rows of a table where the statements count to nothing. */
export const ROWS_USUAL_MOST = 6;
const KEYS_MOST = 16;
/** Databases with few values. */
const CLUSTERED_SHARE = 0.6;
/** Databases in which most rows are such that what is asked of their columns, each by itself, holds. */
const MET_SHARE = 0.4;
const MET_ROWS_SHARE = 0.75;
/** Databases for joins that lead from one constant to another, where statements have such. */
const MEETING_SHARE = 0.3;
const MEETING_ROWS_LEAST = 3;
/** Among the databases, those that change one that tells something. */
const MUTANT_SHARE = 0.6;
/** Changes of one value of a database: those of one with many rows would leave no room for others. */
const FLIPPED_MOST = 200;
/** Databases that are kept to be changed. */
const KEPT_MOST = 60;

/**
 * Makes databases aimed at what rewrites get wrong. First come the empty one and those with a single row; once a database
 * is known on which the statement gives rows, all that differ from it in one value, one row or one table; then changes of
 * several such, and some by chance.
 */
export class TinyDatabases {
  private readonly parts: TinyParts;
  private readonly random: Random;
  private readonly kept: KeptDatabase[] = [];
  private readonly waiting: TinyDatabase[] = [];
  private readonly links: readonly ForeignLink[];
  /** Joins lead from one constant to another. */
  private readonly isMeeting: boolean;
  private made = 0;
  private leastEmptyShare = Number.POSITIVE_INFINITY;

  constructor(parts: TinyParts) {
    this.parts = parts;
    this.links = linksOf(parts.tables);
    this.isMeeting = parts.pools.some((own) => own.some(({ meeting }) => meeting.length > 0));
    this.random = seededRandom(parts.seed);
  }

  next(): TinyDatabase {
    this.made += 1;
    const aimed = this.waiting.shift();
    if (aimed !== undefined) return aimed;
    if (this.made === 1) return this.make(() => 0);
    if (this.made === 2) return this.make(() => 1);
    if (this.isMeeting && this.random() < MEETING_SHARE) return this.meeting();
    if (this.kept.length > 0 && this.random() < MUTANT_SHARE) return this.mutant();
    return this.make(() => this.size());
  }

  /** Notes that the statement did something on a database that it had not done before, and what share of it was nothing. */
  keep(database: TinyDatabase, emptyShare: number): void {
    // What only now gives something is one row, as a rule, and rewrites go wrong over the second.
    const near = this.kept.length === 0 ? this.neighbours(database) : this.doubled(database);
    if (emptyShare < this.leastEmptyShare) this.waiting.unshift(...shuffled(near, this.random));
    this.leastEmptyShare = Math.min(this.leastEmptyShare, emptyShare);
    const kept = { database, emptyShare };
    if (this.kept.length < KEPT_MOST) this.kept.push(kept);
    else this.kept[Math.floor(this.random() * KEPT_MOST)] = kept;
  }

  private make(
    size: () => number,
    pools = this.parts.pools,
    isClustered = this.random() < CLUSTERED_SHARE,
  ): TinyDatabase {
    const { tables, parameters } = this.parts;
    const salt = isClustered ? Math.floor(this.random() * 2 ** 32) : null;
    const metShare = this.random() < MET_SHARE ? MET_ROWS_SHARE : 0;
    const rows = pools.map((own, table) => {
      const columns = tables[table]?.columns ?? [];
      const start = Math.floor(this.random() * KEYS_MOST);
      return Array.from({ length: size() }, (_, row) => {
        const isMet = this.random() < metShare;
        return own.map((every, column) => {
          const pool = isMet ? narrowed(every) : every;
          const isKey = columns[column]?.isKey === true && this.random() < 0.8;
          return isKey ? keyOf(pool, start + row) : this.clustered(pool, salt);
        });
      });
    });
    const values = parameters.map((pool) => this.value(pool));
    return {
      rows: this.links.reduce<readonly TinyRows[]>((all, link) => this.linked(all, link), rows),
      parameters: values,
    };
  }

  private linked(rows: readonly TinyRows[], link: ForeignLink): readonly TinyRows[] {
    const family = { rows, random: this.random };
    return rows.map((own, table) => (table === link.table ? own.map((row) => adopted(row, link, family)) : own));
  }

  private meeting(): TinyDatabase {
    const salt = Math.floor(this.random() * 2 ** 32);
    const few = this.parts.pools.map((own) => own.map((pool) => meetingPool(pool, salt)));
    return this.make(() => MEETING_ROWS_LEAST + Math.floor(this.random() * MEETING_ROWS_LEAST), few, false);
  }

  /** In some databases each column takes few values, the same for columns of one kind, so that rows meet and repeat. */
  private clustered(pool: ValuePool, salt: number | null): TinyValue {
    if (salt === null || this.random() < 0.2) return this.value(pool);
    const favourites = [...pool.telling, ...pool.common].sort((a, b) => rankOf(a, salt) - rankOf(b, salt));
    return favourites.length === 0 ? null : oneOf(favourites.slice(0, 2), this.random);
  }

  private size(): number {
    const { rowsMost } = this.parts;
    const isLarge = this.random() < (rowsMost > ROWS_USUAL_MOST ? 0.2 : 0.1);
    const most = isLarge ? rowsMost : ROWS_USUAL;
    const least = isLarge ? most >> 1 : 0;
    return least + Math.floor(this.random() * (most - least + 1));
  }

  private value({ telling, common }: ValuePool): TinyValue {
    const pool = telling.length > 0 && (common.length === 0 || this.random() < 0.5) ? telling : common;
    return pool.length === 0 ? null : oneOf(pool, this.random);
  }

  /** Two or three changes of a database that told something. */
  private mutant(): TinyDatabase {
    // Of two the one that gave more: conditions that few rows meet are met there.
    const [one, other] = [oneOf(this.kept, this.random), oneOf(this.kept, this.random)];
    let { database } = other.emptyShare < one.emptyShare ? other : one;
    for (let left = 1 + Math.floor(this.random() * 3); left > 0; left--) database = this.changed(database);
    return database;
  }

  private changed(database: TinyDatabase): TinyDatabase {
    const choice = this.random();
    const places = database.rows.flatMap((rows, table) => rows.map((_, row) => ({ table, row })));
    if (this.parts.parameters.length > 0 && choice < 0.15) {
      const parameters = database.parameters.map((value, index) => {
        const pool = this.parts.parameters[index];
        return pool === undefined || this.random() < 0.5 ? value : this.value(pool);
      });
      return { ...database, parameters };
    }
    if (places.length === 0 || choice < 0.3) {
      const table = Math.floor(this.random() * this.parts.tables.length);
      const isMet = this.random() < MET_SHARE;
      const row = (this.parts.pools[table] ?? []).map((pool) => this.value(isMet ? narrowed(pool) : pool));
      const links = this.links.filter((link) => link.table === table);
      const child = links.reduce<TinyRow>(
        (own, link) => adopted(own, link, { rows: database.rows, random: this.random }),
        row,
      );
      return withRows(database, table, (rows) => [...rows, child]);
    }
    const { table, row } = oneOf(places, this.random);
    if (choice < 0.4) return withRows(database, table, (rows) => rows.filter((_, each) => each !== row));
    const copied = withRows(database, table, (rows) => [...rows, this.twinOf(rows[row] ?? [], table)]);
    if (choice < 0.5) return copied;
    const column = Math.floor(this.random() * (this.parts.pools[table]?.length ?? 0));
    const pool = this.parts.pools[table]?.[column];
    if (pool === undefined) return database;
    // A row and its twin that differs in one value: a tie, a duplicate key, another scale.
    const [from, at] = choice < 0.75 ? [copied, copied.rows[table]?.length ?? 1] : [database, row + 1];
    return withValue(from, { table, row: at - 1, column }, this.value(pool));
  }

  /** The same row under another key, without which it would not be let in; of several columns one may be enough. */
  private twinOf(row: readonly TinyValue[], table: number): readonly TinyValue[] {
    const columns = this.parts.tables[table]?.columns ?? [];
    const keys = columns.flatMap(({ isKey }, place) => (isKey ? [place] : []));
    const changed = keys.length > 1 && this.random() < 0.5 ? [oneOf(keys, this.random)] : keys;
    return row.map((value, place) => {
      const pool = changed.includes(place) ? this.parts.pools[table]?.[place] : undefined;
      return pool === undefined ? value : keyOf(pool, Math.floor(this.random() * KEYS_MOST));
    });
  }

  /** Each of its rows once more, under another key; a table that has many already would have ever more. */
  private doubled(database: TinyDatabase): readonly TinyDatabase[] {
    const { rowsMost } = this.parts;
    return database.rows.flatMap((rows, table) =>
      (rows.length < rowsMost ? rows : []).map((row) =>
        withRows(database, table, (own) => [...own, this.twinOf(row, table)]),
      ),
    );
  }

  private neighbours(database: TinyDatabase): readonly TinyDatabase[] {
    const { pools, parameters } = this.parts;
    const emptied = database.rows.map((_, table) => withRows(database, table, () => []));
    const places = database.rows.flatMap((rows, table) => rows.map((_, row) => ({ table, row })));
    const fewer = places.map(({ table, row }) =>
      withRows(database, table, (rows) => rows.filter((_, each) => each !== row)),
    );
    const flipped = places.flatMap(({ table, row }) =>
      (pools[table] ?? []).flatMap(({ telling, common }, column) =>
        [...telling, ...common].map((value) => withValue(database, { table, row, column }, value)),
      ),
    );
    const others = parameters.flatMap(({ telling, common }, index) =>
      [...telling, ...common].map((value) => ({ ...database, parameters: database.parameters.with(index, value) })),
    );
    const values = shuffled([...flipped, ...others], this.random).slice(0, FLIPPED_MOST);
    return [...emptied, ...this.doubled(database), ...fewer, ...values];
  }
}

function withRows(database: TinyDatabase, table: number, change: (rows: TinyRows) => TinyRows): TinyDatabase {
  return { ...database, rows: database.rows.map((rows, each) => (each === table ? change(rows) : rows)) };
}

function withValue(
  database: TinyDatabase,
  { table, row, column }: { readonly table: number; readonly row: number; readonly column: number },
  value: TinyValue,
): TinyDatabase {
  return withRows(database, table, (rows) =>
    rows.map((each, place) => (place === row ? each.with(column, value) : each)),
  );
}
