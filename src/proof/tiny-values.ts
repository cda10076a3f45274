import { sqlStateOf } from '../errors.js';
import type { Column } from '../model/catalog.js';
import type { Session } from '../postgres/session.js';
import { formatArrayLiteral } from '../sql/array-literal.js';
import { metValues, TINY_MEETS_SQL } from './met-values.js';
import { reachedTexts } from './reached-values.js';
import type { TinyColumn, TinySchema } from './tiny-schema.js';
import type { ValuePool } from './value-pool.js';

/**
 * Values that show what equality hides and what is not equal: a scale, a sign of zero, a case, a trailing blank. Few,
 * so that rows of different tables meet.
 */
const BY_TYPE: Readonly<Record<string, readonly string[]>> = {
  numeric: ['0', '1', '1.00', '2', '-1.5', 'NaN'],
  real: ['0', '-0', '1', '1.5', '-2', 'NaN'],
  'double precision': ['0', '-0', '1', '1.5', '-2', 'NaN'],
  money: ['0', '1', '2.50'],
  uuid: ['1', '2', 'a'].map((digit) => `00000000-0000-4000-8000-00000000000${digit}`),
  json: ['{}', '{"a": 1}', '[]', 'null'],
  jsonb: ['{}', '{"a": 1}', '[]', 'null'],
  bytea: ['\\x', '\\x01'],
  date: ['2024-01-01', '2024-01-02', '2024-02-29'],
  'timestamp without time zone': ['2024-01-01 00:00:00', '2024-01-01 00:00:01', '2024-02-29 12:00:00'],
  'timestamp with time zone': ['2024-01-01 00:00:00+00', '2023-12-31 23:59:59+00', '2024-02-29 12:00:00+00'],
  'time without time zone': ['00:00:00', '12:00:00'],
  interval: ['1 day', '24:00:00', '0', '-1 hour'],
  tsvector: ['a:1 b:2', 'b:1', ''],
  xml: ['<a/>', '<b>1</b>'],
};

const BY_CATEGORY: Readonly<Record<string, readonly string[]>> = {
  N: ['0', '1', '2', '3', '-1'],
  S: ['', 'a', 'b', 'A', 'a '],
  B: ['true', 'false'],
  D: ['2024-01-01 00:00:00', '2024-01-01 00:00:01', '12:00:00'],
  T: ['1 day', '0'],
  I: ['10.0.0.1', '10.0.0.2', '10.0.0.0/8'],
  R: ['empty', '[1,3)', '[2,5)'],
  V: ['0', '1', '101'],
  G: ['(0,0)', '(1,2)', '((0,0),(1,2))'],
};
const ANYTHING = ['', '0', '1', '2', 'a', '{}', '2024-01-01', '(1,2)'];
/** Keys take more values than other columns, since no two rows may share one. */
const KEY_NUMBERS = Array.from({ length: 26 }, (_, place) => String(place + 4));
/** More constants of the statements than these would leave too few rows that meet. */
const FOREIGN_CONSTANTS_MAX = 4;

/** Values of a column that is read as text, which a parameter may be, and a column of texts. */
const TEXTS_MOST = 16;
const TEXTS_OF_COLUMN = 3;

/** What a pool is made for. */
interface Surroundings {
  readonly schema: TinySchema;
  /** Of `textsOf`. */
  readonly texts: readonly string[];
}

/** Makes pools of values, each seen to be accepted by its type on the server. */
export class ValuePools {
  private readonly session: Session;
  private readonly enumLabels: ReadonlyMap<string, readonly string[]>;
  /** What the server has said of values before, by the question. */
  private readonly known = new Map<string, readonly string[]>();

  private constructor(session: Session, enumLabels: ReadonlyMap<string, readonly string[]>) {
    this.session = session;
    this.enumLabels = enumLabels;
  }

  /** Makes the functions on the session that tell whether a type takes a value. */
  static async open(session: Session, enumLabels: ReadonlyMap<string, readonly string[]>): Promise<ValuePools> {
    await session.query(`
      CREATE FUNCTION pg_temp.tiny_value(value text, type text, shift text) RETURNS text LANGUAGE plpgsql AS $$
      DECLARE result text;
      BEGIN
        EXECUTE pg_catalog.format('SELECT ((%L::%s)%s)::%2$s::text', value, type, shift) INTO result;
        RETURN result;
      EXCEPTION WHEN others THEN RETURN NULL;
      END $$`);
    await session.query(TINY_MEETS_SQL);
    return new ValuePools(session, enumLabels);
  }

  /** Gives texts that are, and texts that nearly are, those of the columns that a statement reads as text. */
  async textsOf(schema: TinySchema): Promise<readonly string[]> {
    const columns = schema.tables.flatMap((table) => table.columns.filter(({ isReadAsText }) => isReadAsText));
    const texts: string[] = [];
    for (const column of columns) {
      const { common } = await this.valuesOf(column, { schema, texts: [] });
      const own = common.flatMap((value) => value ?? []).slice(0, TEXTS_MOST);
      const last = own.at(-1);
      texts.push(...own, ...(last === undefined ? [] : [last.toUpperCase(), `0${last}`, ` ${last}`]));
    }
    return distinct(texts);
  }

  async ofColumn(tiny: TinyColumn, surroundings: Surroundings): Promise<ValuePool> {
    const { telling, common } = await this.valuesOf(tiny, surroundings);
    const met = await metValues(this.session, tiny, distinct([...telling, ...common]));
    return { telling, common, met, meeting: await this.accepted(tiny.meeting, tiny.column.type) };
  }

  private async valuesOf(
    tiny: TinyColumn,
    { schema, texts }: Surroundings,
  ): Promise<Omit<ValuePool, 'met' | 'meeting'>> {
    const { column, constants, allowed, isKey, varies } = tiny;
    const type = column.type;
    const reached = reachedTexts(tiny);
    const nulls = column.notNull ? [] : [null];
    if (allowed !== null) return { telling: [], common: [...(await this.accepted(allowed, type)), ...nulls] };
    const base = this.baseOf(column.baseType, column.typeCategory);
    const common = await this.accepted(isKey && column.typeCategory === 'N' ? [...base, ...KEY_NUMBERS] : base, type);
    if (!varies && common.length > 0) return { telling: [], common: common.slice(0, 1) };
    const telling = distinct([
      ...(await this.telling(constants, type, schema)),
      ...(await this.accepted(reached, type)),
    ]);
    const foreign = schema.constants.filter((each) => !constants.includes(each)).slice(0, FOREIGN_CONSTANTS_MAX);
    const others = isOfCategory(column) ? await this.accepted(foreign.filter(isLike(column)), type) : [];
    const written = column.typeCategory === 'S' ? texts.slice(0, TEXTS_OF_COLUMN) : [];
    return { telling, common: distinct([...common, ...others, ...(await this.accepted(written, type)), ...nulls]) };
  }

  /** Gives what a parameter of a type is tried with. */
  async ofParameter(type: string, { schema, texts }: Surroundings): Promise<ValuePool> {
    const element = type.replace(/\[\]$/, '');
    const { rows } = await this.session.query<{ category: string; base: string }>(
      `SELECT t.typcategory AS category, pg_catalog.format_type(t.oid, NULL) AS base
         FROM pg_catalog.pg_type t WHERE t.oid = $1::pg_catalog.regtype`,
      [element],
    );
    const category = rows[0]?.category ?? '';
    const base = this.baseOf(rows[0]?.base ?? element, category);
    const single = distinct([
      ...(await this.accepted(base, element)),
      ...(await this.telling(schema.constants, element, schema)),
    ]);
    const written = category === 'S' ? await this.accepted(texts, element) : [];
    if (element === type) return { telling: written, common: [...single, null], met: [], meeting: [] };
    const [first = null, second = null] = single;
    const alone = written.slice(0, TEXTS_OF_COLUMN).map((text) => [text]);
    const halves = [0, 1].map((rest) => written.filter((_, place) => place % 2 === rest));
    const lists = [[], [first], [first, second], [second, null], written, ...halves, ...alone];
    const literals = distinct(lists.map((values) => formatArrayLiteral(values)));
    return { telling: await this.accepted(literals, type), common: [null], met: [], meeting: [] };
  }

  private baseOf(baseType: string, category: string): readonly string[] {
    const labels = this.enumLabels.get(baseType);
    if (labels !== undefined) return labels.slice(0, 5);
    if (category === 'A') return ['{}', '{1}', '{1,2}', '{NULL}', '{a}'];
    return BY_TYPE[baseType] ?? BY_CATEGORY[category] ?? ANYTHING;
  }

  /** The constants, and what lies directly beside them. */
  private async telling(constants: readonly string[], type: string, schema: TinySchema): Promise<readonly string[]> {
    const exact = await this.accepted(constants, type);
    const isMoment = /^(timestamp|date)/.test(type);
    const origins = schema.readsClock && isMoment ? [...exact, 'now'] : exact;
    const beside = await this.shifted(origins, type, shiftsOf(type));
    const away = isMoment ? [...schema.constants.filter(isInterval), ...constants.flatMap(daysOf)] : [];
    const shifts = away.slice(0, INTERVALS_MOST).flatMap((interval) => shiftsAround(interval, type));
    const around = await this.shifted(origins.slice(-ORIGINS_MOST), type, shifts);
    return distinct([...exact, ...beside, ...around]);
  }

  private async accepted(values: readonly string[], type: string): Promise<readonly string[]> {
    return this.shifted(values, type, ['']);
  }

  private async shifted(
    values: readonly string[],
    type: string,
    shifts: readonly string[],
  ): Promise<readonly string[]> {
    // What the time is changes, and the zone does.
    if (values.includes('now') || type.includes('with time zone')) return this.ask(values, type, shifts);
    const question = JSON.stringify([values, type, shifts]);
    const known = this.known.get(question) ?? (await this.ask(values, type, shifts));
    this.known.set(question, known);
    return known;
  }

  private async ask(values: readonly string[], type: string, shifts: readonly string[]): Promise<readonly string[]> {
    if (values.length * shifts.length === 0) return [];
    try {
      const { rows } = await this.session.query<{ value: string | null }>(
        `SELECT pg_temp.tiny_value(v.value, $2, s.shift) AS value
           FROM unnest($1::text[]) WITH ORDINALITY AS v (value, place), unnest($3::text[]) WITH ORDINALITY AS s (shift, place)
          ORDER BY v.place, s.place`,
        [values, type, shifts],
      );
      return distinct(rows.flatMap(({ value }) => value ?? []));
    } catch (error) {
      // What cannot even be asked of a type is no value of it.
      if (sqlStateOf(error) === null) throw error;
      return [];
    }
  }
}

/** Moments of a statement from which others lie as far away as it says, each of which makes four. */
const ORIGINS_MOST = 2;
const INTERVALS_MOST = 3;

function isInterval(constant: string): boolean {
  return /^-?\d[^-]*(sec|min|hour|day|week|mon|year)|^\d+:\d\d/.test(constant);
}

/** A bare number beside a moment is one of days. */
function daysOf(constant: string): readonly string[] {
  return /^\d{1,4}$/.test(constant) ? [`${constant} days`] : [];
}

/** So far away, and on either side of that. */
function shiftsAround(interval: string, type: string): readonly string[] {
  const beside = type === 'date' ? ['', " - interval '1 day'", " + interval '1 day'"] : HOURS_BESIDE;
  const away = `interval '${interval.replaceAll("'", "''")}'`;
  return ['-', '+'].flatMap((sign) => beside.map((other) => ` ${sign} ${away}${other}`));
}

const HOURS_BESIDE = [" - interval '1 hour'", " + interval '1 hour'"];

function shiftsOf(type: string): readonly string[] {
  if (/^(smallint|integer|bigint|numeric|real|double)/.test(type)) return [' - 1', ' + 1'];
  if (type === 'date') return [' - 1', ' + 1'];
  if (/^timestamp/.test(type)) return [" - interval '1 second'", " + interval '1 second'"];
  return [];
}

function isOfCategory({ typeCategory }: Column): boolean {
  return ['N', 'S', 'E', 'D', 'U'].includes(typeCategory);
}

/** A number is no text that anybody meant. */
function isLike({ typeCategory }: Column): (constant: string) => boolean {
  const isNumber = /^-?[\d.]+$/;
  return typeCategory === 'N' ? (constant) => isNumber.test(constant) : (constant) => !isNumber.test(constant);
}

function distinct<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Set(values)];
}
