import { quoteIdentifier, quoteLiteral, quoteRelation } from '../sql/quote.js';
import { oneOf, type Random, seededRandom, shuffled } from './random.js';
import type { TinyTable } from './tiny-schema.js';
import type { TinyValue, ValuePool } from './tiny-values.js';

/** Rows of one table, values in the order of its filled columns. */
type TinyRows = readonly (readonly TinyValue[])[];

/** A handful of rows for each table, and values for the parameters. */
export interface TinyDatabase {
  /** In the order of the tables. */
  readonly rows: readonly TinyRows[];
  readonly parameters: readonly TinyValue[];
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
/** Among the databases, those that change one that tells something. */
const MUTANT_SHARE = 0.6;
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
  private readonly kept: TinyDatabase[] = [];
  private readonly waiting: TinyDatabase[] = [];
  private made = 0;

  constructor(parts: TinyParts) {
    this.parts = parts;
    this.random = seededRandom(parts.seed);
  }

  next(): TinyDatabase {
    this.made += 1;
    const aimed = this.waiting.shift();
    if (aimed !== undefined) return aimed;
    if (this.made === 1) return this.make(() => 0);
    if (this.made === 2) return this.make(() => 1);
    if (this.kept.length > 0 && this.random() < MUTANT_SHARE) return this.mutant();
    return this.make(() => this.size());
  }

  /** Notes that the statement did something on a database that it had not done before. */
  keep(database: TinyDatabase): void {
    if (this.kept.length === 0) this.waiting.push(...shuffled(this.neighbours(database), this.random));
    if (this.kept.length < KEPT_MOST) this.kept.push(database);
    else this.kept[Math.floor(this.random() * KEPT_MOST)] = database;
  }

  private make(size: () => number): TinyDatabase {
    const rows = this.parts.pools.map((pools) =>
      Array.from({ length: size() }, () => pools.map((pool) => this.value(pool))),
    );
    return { rows, parameters: this.parts.parameters.map((pool) => this.value(pool)) };
  }

  private size(): number {
    const most = this.random() < 0.1 ? this.parts.rowsMost : ROWS_USUAL;
    return Math.floor(this.random() * (most + 1));
  }

  private value({ telling, common }: ValuePool): TinyValue {
    const pool = telling.length > 0 && (common.length === 0 || this.random() < 0.5) ? telling : common;
    return pool.length === 0 ? null : oneOf(pool, this.random);
  }

  /** Two or three changes of a database that told something. */
  private mutant(): TinyDatabase {
    let database = oneOf(this.kept, this.random);
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
      const row = (this.parts.pools[table] ?? []).map((pool) => this.value(pool));
      return withRows(database, table, (rows) => [...rows, row]);
    }
    const { table, row } = oneOf(places, this.random);
    if (choice < 0.4) return withRows(database, table, (rows) => rows.filter((_, each) => each !== row));
    const copied = withRows(database, table, (rows) => [...rows, rows[row] ?? []]);
    if (choice < 0.5) return copied;
    const column = Math.floor(this.random() * (this.parts.pools[table]?.length ?? 0));
    const pool = this.parts.pools[table]?.[column];
    if (pool === undefined) return database;
    // A row and its twin that differs in one value: a tie, a duplicate key, another scale.
    const [from, at] = choice < 0.75 ? [copied, copied.rows[table]?.length ?? 1] : [database, row + 1];
    return withValue(from, { table, row: at - 1, column }, this.value(pool));
  }

  private neighbours(database: TinyDatabase): readonly TinyDatabase[] {
    const { pools, parameters } = this.parts;
    const emptied = database.rows.map((_, table) => withRows(database, table, () => []));
    const places = database.rows.flatMap((rows, table) => rows.map((_, row) => ({ table, row })));
    const doubled = places.map(({ table, row }) => withRows(database, table, (rows) => [...rows, rows[row] ?? []]));
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
    return [...emptied, ...doubled, ...fewer, ...flipped, ...others];
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

/** Gives SQL that puts the rows that the tables hold into another order, one a number. */
export function reorderSql(tables: readonly TinyTable[], order: number): string {
  const moves = tables.map(({ table }) => {
    const columns = table.columns.filter(({ dropped, generated }) => !dropped && generated !== 'virtual');
    const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
    const relation = quoteRelation(table);
    return `WITH gone AS (DELETE FROM ${relation} RETURNING *)
      INSERT INTO ${relation} (${names}) OVERRIDING SYSTEM VALUE
      SELECT ${names} FROM gone ORDER BY pg_catalog.md5(pg_catalog.concat(gone::text, ' ', ${order}::int))`;
  });
  return moves.join(';\n');
}

/** Gives SQL that puts the rows into empty tables: those that CHECKs and keys let in, children with their parents. */
export function fillSql({ rows }: TinyDatabase, tables: readonly TinyTable[]): string {
  const inserts = tables.map((table, place) => insertSql(table, rows[place] ?? []));
  const removals = tables.flatMap(orphanSql);
  // Twice, since a child that goes may be a parent.
  return [...inserts, ...removals, ...(removals.length > 1 ? removals : [])].filter((sql) => sql !== '').join(';\n');
}

function insertSql({ table, columns, checks }: TinyTable, rows: TinyRows): string {
  if (rows.length === 0 || columns.length === 0) return '';
  const names = columns.map(({ column }) => quoteIdentifier(column.name)).join(', ');
  const lines = rows.map((row, place) => {
    const values = row.map((value, index) => {
      const literal = value === null ? 'NULL' : quoteLiteral(value).trim();
      // The first row gives the types.
      return place === 0 ? `${literal}::${columns[index]?.column.type ?? 'text'}` : literal;
    });
    return `(${values.join(', ')})`;
  });
  const conditions = checks.map((check) => `(${check}) IS NOT FALSE`);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const overriding = columns.some(({ column }) => column.identity === 'always') ? ' OVERRIDING SYSTEM VALUE' : '';
  return `INSERT INTO ${quoteRelation(table)} (${names})${overriding} SELECT * FROM (VALUES ${lines.join(', ')}) AS tiny (${names})${where} ON CONFLICT DO NOTHING`;
}

function orphanSql({ table, foreignKeys }: TinyTable): readonly string[] {
  return foreignKeys.flatMap(({ columns, references, validated }) => {
    if (references === null || !validated) return [];
    const pairs = columns.map(
      (column, place) =>
        `child.${quoteIdentifier(column)} = parent.${quoteIdentifier(references.columns[place] ?? column)}`,
    );
    const given = columns.map((column) => `child.${quoteIdentifier(column)} IS NOT NULL`).join(' AND ');
    return [
      `DELETE FROM ${quoteRelation(table)} AS child WHERE ${given} AND NOT EXISTS (SELECT FROM ${quoteRelation(references.table)} AS parent WHERE ${pairs.join(' AND ')})`,
    ];
  });
}
