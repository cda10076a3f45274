/** A query of one key's rows, as its parts. */
export interface QueryParts {
  readonly keys: readonly string[];
  readonly columns: readonly string[];
  /** In place of the columns. */
  readonly aggregate: string | null;
  readonly filter: string | null;
  readonly order: string | null;
  readonly limit: number | null;
}

/** A batch in which one thing is wrong; null where the query has no such part. */
export interface Fault {
  readonly name: string;
  wrong(parts: QueryParts): string | null;
}

const TABLE = 'entries';

/** Gives the query of a loop. */
export function loopSql(parts: QueryParts): string {
  return queryOf(parts, (key, place) => `${key} = $${place + 1}`);
}

/** Gives a batch that does what the loop does: the loop on the server. */
export function lateralSql(parts: QueryParts, compare = equal): string {
  const inner = queryOf(parts, compare);
  const ordered = parts.order === null ? inner : `SELECT i.*, row_number() OVER () AS row_place FROM (${inner}) AS i`;
  const keys = parts.keys.map((_, place) => `w.k${place + 1}`).join(', ');
  const order = parts.order === null ? 'w.place' : 'w.place, f.row_place';
  return `SELECT ${keys}, f.* FROM ${wanted(parts)} CROSS JOIN LATERAL (${ordered}) AS f ORDER BY ${order}`;
}

/** Gives the batch that a person writes for a query by one key without limit. */
export function anySql({ keys, columns, filter, order }: QueryParts, { isDistinct = false } = {}): string {
  const rest = filter === null ? '' : ` AND ${filter}`;
  const sorted = order === null || isDistinct ? '' : ` ORDER BY ${order}`;
  const distinct = isDistinct ? 'DISTINCT ' : '';
  return `SELECT ${distinct}${keys[0]}, ${columns.join(', ')} FROM ${TABLE} WHERE ${keys[0]} = ANY ($1::integer[])${rest}${sorted}`;
}

const isRows = ({ aggregate }: QueryParts) => aggregate === null;
const isByOneKey = ({ keys }: QueryParts) => keys.length === 1;

/** What people and programs get wrong when they make one query of a loop's. */
export const FAULTS: readonly Fault[] = [
  {
    name: 'dropped order',
    wrong: (parts) =>
      parts.order === null || parts.limit !== null || !isRows(parts) || !isByOneKey(parts)
        ? null
        : anySql({ ...parts, order: null }),
  },
  {
    name: 'reversed order',
    wrong: (parts) => (parts.order === null ? null : lateralSql({ ...parts, order: reversed(parts.order) })),
  },
  {
    name: 'lost duplicates',
    wrong: (parts) =>
      isRows(parts) && parts.limit === null && isByOneKey(parts) ? anySql(parts, { isDistinct: true }) : null,
  },
  {
    name: 'NULL key that meets NULL',
    wrong: (parts) =>
      lateralSql(parts, (key, place) =>
        place === 0 ? `${key} IS NOT DISTINCT FROM w.k${place + 1}` : equal(key, place),
      ),
  },
  {
    name: 'NULL key that meets all',
    wrong: (parts) => lateralSql(parts, (key, place) => `(${equal(key, place)} OR w.k${place + 1} IS NULL)`),
  },
  {
    name: 'missing zero groups',
    wrong: (parts) =>
      parts.aggregate === null || !isByOneKey(parts)
        ? null
        : `SELECT ${parts.keys[0]}, ${parts.aggregate} FROM ${TABLE} WHERE ${parts.keys[0]} = ANY ($1::integer[])${parts.filter === null ? '' : ` AND ${parts.filter}`} GROUP BY ${parts.keys[0]}`,
  },
  {
    name: 'zero in place of NULL',
    wrong: (parts) =>
      parts.aggregate === null || parts.aggregate.startsWith('count')
        ? null
        : lateralSql({ ...parts, aggregate: `coalesce(${parts.aggregate}, 0)` }),
  },
  {
    name: 'limit of each turned global',
    wrong: (parts) => (parts.limit === null ? null : `${lateralSql({ ...parts, limit: null })} LIMIT ${parts.limit}`),
  },
  {
    name: 'limit of each lost',
    wrong: (parts) => (parts.limit === null ? null : lateralSql({ ...parts, limit: null })),
  },
  {
    name: 'limit off by one',
    wrong: (parts) => (parts.limit === null ? null : lateralSql({ ...parts, limit: parts.limit + 1 })),
  },
  {
    name: 'wrong column',
    wrong: (parts) =>
      parts.aggregate !== null
        ? swapped(parts.aggregate, (aggregate) => lateralSql({ ...parts, aggregate }))
        : lateralSql({ ...parts, columns: parts.columns.map((column) => (column === 'amount' ? 'id' : 'amount')) }),
  },
  {
    name: 'lost filter',
    wrong: (parts) => (parts.filter === null ? null : lateralSql({ ...parts, filter: null })),
  },
  {
    name: 'lost second key',
    wrong: (parts) =>
      parts.keys.length < 2 ? null : lateralSql(parts, (key, place) => (place === 1 ? 'true' : equal(key, place))),
  },
  {
    name: 'rows of the next key',
    wrong: (parts) => lateralSql(parts, (key, place) => (place === 0 ? `${key} = w.k1 + 1` : equal(key, place))),
  },
  {
    name: 'range in place of equality',
    wrong: (parts) => lateralSql(parts, (key, place) => (place === 0 ? `${key} <= w.k1` : equal(key, place))),
  },
];

function queryOf(
  { keys, columns, aggregate, filter, order, limit }: QueryParts,
  compare: (key: string, place: number) => string,
): string {
  const conditions = [...keys.map(compare), ...(filter === null ? [] : [filter])].join(' AND ');
  const sorted = order === null ? '' : ` ORDER BY ${order}`;
  const limited = limit === null ? '' : ` LIMIT ${limit}`;
  return `SELECT ${aggregate ?? columns.join(', ')} FROM ${TABLE} WHERE ${conditions}${sorted}${limited}`;
}

function equal(key: string, place: number): string {
  return `${key} = w.k${place + 1}`;
}

function wanted({ keys }: QueryParts): string {
  const arrays = keys.map((_, place) => `$${place + 1}::integer[]`).join(', ');
  return `unnest(${arrays}) WITH ORDINALITY AS w (${keys.map((_, place) => `k${place + 1}`).join(', ')}, place)`;
}

function reversed(order: string): string {
  return order
    .split(', ')
    .map((part) => (part.endsWith(' DESC') ? part.slice(0, -5) : `${part} DESC`))
    .join(', ');
}

function swapped(aggregate: string, make: (aggregate: string) => string): string | null {
  return aggregate.includes('amount') ? make(aggregate.replace('amount', 'id')) : null;
}
