import { sqlStateOf } from '../../errors.js';
import type { Column, IndexKey, Table } from '../../model/catalog.js';
import type { IndexSpec } from '../../model/planner.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import type { Session } from '../../postgres/session.js';
import { formatArrayLiteral, parseArrayLiteral } from '../../sql/array-literal.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.js';
import { attributeKey } from './attributes.js';
import { type GinKeyKind, ginKeyKind, ginKeysOf } from './gin-keys.js';
import type { KeyClass } from './gin-size.js';
import { classesOfElements, classesOfSample } from './key-classes.js';
import { valueBytes } from './value-bytes.js';

/** Rows for which the most common values stand when there is no histogram beside them. */
const SAMPLE_ROWS = 200;
/** Bytes of a value for each key in it, and keys for the square root of all occurrences, where no value is known. */
const BYTES_PER_KEY = 12;
const KEYS_PER_ROOT = 30;

/** Learns what a GIN index would hold from the statistics of its table, with the server's help for expressions. */
export class GinStatistics {
  private readonly session: Session;
  private readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  private readonly expressions = new Map<string, ExpressionValues>();

  constructor(session: Session, statistics: ReadonlyMap<string, ColumnStatistics>) {
    this.session = session;
    this.statistics = statistics;
  }

  /** Evaluates the expressions among the keys over known values. Not inside a transaction. */
  async learn(spec: IndexSpec, table: Table): Promise<void> {
    for (const key of spec.keys) {
      const name = expressionKey(table, key);
      if (key.column !== null || this.expressions.has(name)) continue;
      this.expressions.set(name, await this.evaluate(table, key));
    }
  }

  /** Gives the keys of an index on so many rows; `learn` must have seen it. */
  classesOf(spec: IndexSpec, table: Table, rows: number): readonly KeyClass[] {
    return spec.keys.flatMap((key) => this.classesOfKey(key, table, rows));
  }

  private classesOfKey(key: IndexKey, table: Table, rows: number): readonly KeyClass[] {
    const column = table.columns.find(({ name }) => name === key.column);
    const statistics = column === undefined ? undefined : this.statisticsOf(table, column);
    const evaluated = this.expressions.get(expressionKey(table, key));
    const kind = ginKeyKind(key.opclass, column?.baseType ?? evaluated?.type ?? 'text');
    if (kind === null) return wholeValues(column, statistics, rows);
    const elements = statistics === undefined || kind === 'trigrams' ? null : classesOfElements(statistics, rows);
    if (elements !== null) return elements;
    const values = statistics === undefined ? (evaluated?.values ?? []) : sampleOf(statistics);
    if (values.length > 0) return classesOfValues(kind, values, rows * (1 - (statistics?.nullFraction ?? 0)));
    return guessedClasses(rows, statistics?.averageWidthBytes ?? evaluated?.widthBytes ?? SAMPLE_ROWS);
  }

  private statisticsOf(table: Table, column: Column): ColumnStatistics | undefined {
    return this.statistics.get(attributeKey(table.schema, table.name, column.name));
  }

  private async evaluate(table: Table, key: IndexKey): Promise<ExpressionValues> {
    const known = table.columns.flatMap((column) => {
      const statistics = column.dropped ? undefined : this.statisticsOf(table, column);
      return statistics === undefined || !key.sql.includes(column.name) ? [] : [{ column, statistics }];
    });
    const widthBytes = Math.max(0, ...known.map(({ statistics }) => statistics.averageWidthBytes));
    const columns = known.flatMap(({ column, statistics }) => valuesSql(column, sampleOf(statistics)));
    if (columns.length === 0) return { type: 'text', values: [], widthBytes };
    try {
      const { rows } = await this.session.query<{ type: string; value: string }>(
        `SELECT pg_catalog.pg_typeof(v.value)::text AS type, v.value::text AS value
           FROM (SELECT ${key.sql} AS value FROM (SELECT ${columns.join(', ')}) AS known) AS v
          WHERE v.value IS NOT NULL`,
      );
      return { type: rows[0]?.type ?? 'text', values: rows.map(({ value }) => value), widthBytes };
    } catch (error) {
      // The expression may want values that do not occur together.
      if (sqlStateOf(error) === null) throw error;
      return { type: 'text', values: [], widthBytes };
    }
  }
}

interface ExpressionValues {
  readonly type: string;
  readonly values: readonly string[];
  /** Mean width of the widest column in it. */
  readonly widthBytes: number;
}

function expressionKey(table: Table, key: IndexKey): string {
  return JSON.stringify([table.schema, table.name, key.sql]);
}

function valuesSql(column: Column, values: readonly string[]): readonly string[] {
  if (values.length === 0) return [];
  const literal = quoteLiteral(formatArrayLiteral(values));
  return [`unnest(${literal}::text[])::${column.type} AS ${quoteIdentifier(column.name)}`];
}

/** Values as often as rows have them: the bounds of the histogram, and common values in proportion. */
function sampleOf({ histogramBounds, mostCommonValues, ...statistics }: ColumnStatistics): readonly string[] {
  const bounds = valuesOf(histogramBounds);
  const frequencies = statistics.mostCommonFrequencies ?? [];
  const share = frequencies.reduce((sum, frequency) => sum + frequency, 0);
  const rest = Math.max(0, 1 - share - statistics.nullFraction);
  const rows = bounds.length > 0 && rest > 0.01 ? bounds.length / rest : SAMPLE_ROWS;
  const common = valuesOf(mostCommonValues).flatMap((value, place) =>
    Array.from({ length: Math.min(SAMPLE_ROWS, Math.ceil((frequencies[place] ?? 0) * rows)) }, () => value),
  );
  return [...bounds, ...common];
}

function valuesOf(literal: string | null): readonly string[] {
  return literal === null ? [] : parseArrayLiteral(literal).filter((value) => value !== null);
}

function classesOfValues(kind: GinKeyKind, values: readonly string[], rows: number): readonly KeyClass[] {
  return classesOfSample(
    values.map((value) => ginKeysOf(kind, value)),
    rows,
  );
}

/** Values that the operator class does not take apart: btree_gin's. */
function wholeValues(
  column: Column | undefined,
  statistics: ColumnStatistics | undefined,
  rows: number,
): readonly KeyClass[] {
  const bytes = column === undefined ? BYTES_PER_KEY : valueBytes(column, null, statistics?.averageWidthBytes ?? null);
  const distinct = statistics?.distinct ?? SAMPLE_ROWS;
  const keys = Math.max(1, distinct < 0 ? -distinct * rows : Math.min(distinct, rows));
  return [{ keys, rowsEach: Math.max(1, rows / keys), keyBytes: bytes }];
}

function guessedClasses(rows: number, widthBytes: number): readonly KeyClass[] {
  const occurrences = rows * Math.max(1, widthBytes / BYTES_PER_KEY);
  const keys = Math.max(1, Math.min(occurrences, KEYS_PER_ROOT * Math.sqrt(occurrences)));
  return [{ keys, rowsEach: Math.max(1, occurrences / keys), keyBytes: BYTES_PER_KEY / 2 }];
}
