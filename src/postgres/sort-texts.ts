import type { Session } from './session.js';

/** An order of texts; both are SQL. */
export interface TextOrder {
  readonly type: string;
  /** Null for the database's own. */
  readonly collation: string | null;
}

/** Texts that one statement sorts: it must end within any reasonable timeout. */
const CHUNK = 20_000;
/** Sampled texts for each part that a large list is cut into. */
const SAMPLES_PER_PART = 20;

/** Gives texts in the server's order; those that it takes for equal stand in the order of their bytes. */
export async function sortTexts(
  session: Session,
  values: readonly string[],
  order: TextOrder,
): Promise<readonly string[]> {
  if (values.length <= CHUNK) return sortChunk(session, values, order);
  const parts = Math.ceil((2 * values.length) / CHUNK);
  const stride = Math.max(1, Math.floor(values.length / (parts * SAMPLES_PER_PART)));
  const sample = await sortTexts(
    session,
    values.filter((_, place) => place % stride === 0),
    order,
  );
  const pivots = sample.filter((_, place) => place % SAMPLES_PER_PART === SAMPLES_PER_PART - 1);
  const buckets = await distribute(session, values, { ...order, pivots });
  const sorted: string[][] = [];
  for (const bucket of buckets.values()) {
    // A bucket as large as the whole holds texts that are all equal.
    const isOne = bucket.length === values.length;
    sorted.push([...(isOne ? await sortChunk(session, bucket, order) : await sortTexts(session, bucket, order))]);
  }
  return sorted.flat();
}

async function sortChunk(session: Session, values: readonly string[], order: TextOrder): Promise<readonly string[]> {
  const rows = await session.queryArrays(
    `SELECT v.value FROM pg_catalog.unnest($1::text[]) AS v (value)
      ORDER BY v.value::${typed(order)}, v.value COLLATE pg_catalog."C"`,
    [values],
  );
  return rows.map(([value]) => String(value));
}

/** Gives the texts by the part that they belong in, from the first to the last. */
async function distribute(
  session: Session,
  values: readonly string[],
  order: TextOrder & { readonly pivots: readonly string[] },
): Promise<ReadonlyMap<number, string[]>> {
  const buckets = new Map<number, string[]>(Array.from({ length: order.pivots.length + 1 }, (_, place) => [place, []]));
  for (let from = 0; from < values.length; from += CHUNK) {
    const rows = await session.queryArrays(
      `SELECT v.value, pg_catalog.width_bucket(v.value::${typed(order)}, $2::text[]::${order.type}[])
         FROM pg_catalog.unnest($1::text[]) AS v (value)`,
      [values.slice(from, from + CHUNK), order.pivots],
    );
    for (const [value, bucket] of rows) buckets.get(Number(bucket))?.push(String(value));
  }
  return buckets;
}

function typed({ type, collation }: TextOrder): string {
  return collation === null ? type : `${type} COLLATE ${collation}`;
}
