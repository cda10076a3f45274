import type { WorkloadEntry } from '../advise-on.js';

/** A small workload over tables of its own, with the answer that is right for it. */
export interface OwnCase {
  /** What the workload is, as the end of a sentence. */
  readonly name: string;
  /**
   * By name, as a statement writes it: the columns that it has between a primary key `id`, which is its row's number n,
   * and a filler of 90 bytes.
   */
  readonly tables: Readonly<Record<string, string | TableContent>>;
  /** SQL that runs before the tables are made. */
  readonly before?: string;
  /** SQL that runs when the tables are filled. */
  readonly prepare?: string;
  readonly workload: readonly WorkloadEntry[];
  /** The right indexes, as what follows `CREATE INDEX ON`, in the order of text; none where silence is right. */
  readonly expected: readonly string[];
  /** What the advice says as long as it is not what is expected; the case then counts as wrong. */
  readonly today?: readonly string[];
  /** The workload's buffers fall at least by this factor once the indexes are built; 2 where not given. */
  readonly factor?: number;
  /** Where silence is right: what one would be tempted to create. */
  readonly obvious?: string;
}

interface TableContent {
  /** 20,000 where not given. */
  readonly rows?: number;
  readonly columns: string;
  readonly kind?: 'UNLOGGED';
}

/** SQL of a number from 0 to count - 1 for each row n, by chance to the eye and always the same. */
export const mix = (count: number, seed = 1): string => `((hashint4extended(n, ${seed}) & 2147483647) % ${count})::int`;

/** SQL of a time, minutes after the beginning of 2026. */
export const minute = (minutes: string, type = 'timestamp'): string =>
  `(${type} '2026-01-01' + (${minutes}) * interval '1 minute')`;

/** SQL that fills the tables of a case. */
export function fillTables({ tables, before = '', prepare = '' }: OwnCase): string {
  const filled = Object.entries(tables).map(([name, content]) => {
    const { rows = 20_000, columns, kind = '' } = typeof content === 'string' ? { columns: content } : content;
    return `CREATE ${kind} TABLE ${name} AS
      SELECT n AS id, ${columns}, repeat('x', 90) AS filler FROM generate_series(1, ${rows}) AS n;
      ALTER TABLE ${name} ADD PRIMARY KEY (id);`;
  });
  return `${before};\n${filled.join('\n')}\n${prepare};`;
}
