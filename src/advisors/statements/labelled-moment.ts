/** The time that a text names down to some unit, as SQL. */
export interface LabelledMoment {
  readonly from: string;
  /** When the next one begins. */
  readonly to: string;
}

interface Field {
  readonly unit: string;
  readonly digits: number;
  readonly min: number;
  readonly max: number;
}

/** Fields of to_char’s formats, from the largest. */
const FIELDS: Readonly<Record<string, Field>> = {
  YYYY: { unit: 'year', digits: 4, min: 1, max: 9999 },
  Q: { unit: 'quarter', digits: 1, min: 1, max: 4 },
  MM: { unit: 'month', digits: 2, min: 1, max: 12 },
  DD: { unit: 'day', digits: 2, min: 1, max: 31 },
  HH24: { unit: 'hour', digits: 2, min: 0, max: 23 },
  MI: { unit: 'minute', digits: 2, min: 0, max: 59 },
  SS: { unit: 'second', digits: 2, min: 0, max: 59 },
};
const NESTED = ['year', 'month', 'day', 'hour', 'minute', 'second'];

type Token = { readonly field: Field } | { readonly text: string };

/** Reads a text as a format of to_char writes it, or, where it is the beginning of one, as far as whole fields go; null where it tells no span of time. */
export function labelledMoment(
  format: string,
  text: string,
  { isPrefix = false }: { readonly isPrefix?: boolean } = {},
): LabelledMoment | null {
  const tokens = tokensOf(format);
  const values = tokens === null ? null : read(tokens, text, isPrefix);
  if (values === null) return null;
  const quarter = values.get('quarter');
  const month = quarter === undefined ? values.get('month') : 3 * quarter - 2;
  const known = new Map([...values, ...(month === undefined ? [] : [['month', month] as const])]);
  known.delete('quarter');
  const depth = NESTED.findIndex((unit) => !known.has(unit));
  const count = depth < 0 ? NESTED.length : depth;
  if (count === 0 || known.size > count || (quarter !== undefined && count > 2)) return null;
  const part = (unit: string, digits = 2) =>
    String(known.get(unit) ?? (unit === 'month' || unit === 'day' ? 1 : 0)).padStart(digits, '0');
  const day = `${part('year', 4)}-${part('month')}-${part('day')}`;
  if (!isDay(day)) return null;
  const from = `timestamp '${day}${count > 3 ? ` ${part('hour')}:${part('minute')}:${part('second')}` : ''}'`;
  const length = quarter === undefined ? `1 ${NESTED[count - 1]}` : '3 months';
  return { from, to: `(${from} + interval '${length}')` };
}

function isDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

function tokensOf(format: string): readonly Token[] | null {
  const tokens: Token[] = [];
  let rest = format;
  while (rest !== '') {
    const name = Object.keys(FIELDS).find((each) => rest.startsWith(each));
    const field = name === undefined ? undefined : FIELDS[name];
    const [whole, quoted] = /^"([^"\\]*)"/.exec(rest) ?? [];
    const [mark] = /^[^A-Za-z"\\]/.exec(rest) ?? [];
    if (name !== undefined && field !== undefined) tokens.push({ field });
    else if (whole !== undefined) tokens.push({ text: quoted ?? '' });
    else if (mark !== undefined) tokens.push({ text: mark });
    else return null;
    rest = rest.slice((name ?? whole ?? mark ?? '').length);
  }
  return tokens;
}

/** Null where no moment is written so. */
function read(tokens: readonly Token[], text: string, isPrefix: boolean): ReadonlyMap<string, number> | null {
  const values = new Map<string, number>();
  let rest = text;
  for (const token of tokens) {
    if (rest === '' && isPrefix) return values.size === 0 ? null : values;
    if ('text' in token) {
      if (!rest.startsWith(token.text)) return isPrefix && token.text.startsWith(rest) ? values : null;
      rest = rest.slice(token.text.length);
      continue;
    }
    const { unit, digits, min, max } = token.field;
    const digitsRead = new RegExp(`^\\d{${digits}}`).exec(rest)?.[0];
    // A part of a field tells nothing more.
    if (digitsRead === undefined) return isPrefix && /^\d*$/.test(rest) && values.size > 0 ? values : null;
    const value = Number(digitsRead);
    if (value < min || value > max || (values.has(unit) && values.get(unit) !== value)) return null;
    values.set(unit, value);
    rest = rest.slice(digits);
  }
  return rest === '' || (isPrefix && values.size > 0) ? values : null;
}
