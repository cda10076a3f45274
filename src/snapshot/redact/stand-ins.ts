import type { Session } from '../../postgres/session.js';
import { sortTexts } from '../../postgres/sort-texts.js';
import type { BareValue, Exchange, ValuePlace } from './exchange-values.js';
import { Randomness } from './randomness.js';
import { RANKED_FORMS, rankedStandIns } from './ranked-stand-ins.js';
import { SCALED_FORMS } from './scaled-forms.js';
import { scaledStandIns } from './scaled-stand-ins.js';
import { textStandIns } from './text-stand-ins.js';

/** Values that are compared with each other. */
interface Pool {
  readonly name: string;
  readonly family: string;
  readonly base: string;
  readonly collation: string | null;
  readonly values: Set<string>;
  readonly anchors: Set<string>;
  lengthMax: number | null;
  standIns: ReadonlyMap<string, string>;
}

/** Collects the values of a snapshot, makes stand-ins for all of them, and exchanges them. */
export class StandIns {
  private readonly pools = new Map<string, Pool>();
  /** The pools of a place by family, since a place has hundreds of values. */
  private readonly poolsByPlace = new WeakMap<ValuePlace, Map<string, Pool>>();

  /** Takes note of a value and leaves it as it is. */
  readonly collect: Exchange = (value) => {
    const { values } = this.poolOf(value);
    const text = bareText(value);
    // A part of a text keeps the whole of it in memory: here, the list of a column's values.
    if (!values.has(text)) values.add(Buffer.from(text, 'utf8').toString('utf8'));
    return value.text;
  };

  /** Gives the stand-in of a value that was collected. */
  readonly exchange: Exchange = (value) => {
    const bare = bareText(value);
    // What the schema itself says is no secret, and the planner compares it with the schema's predicates.
    if (isText(value) && value.use === 'point' && value.place.constants.has(bare)) return value.text;
    const standIn = this.poolOf(value).standIns.get(bare) ?? null;
    // A character(n) is filled up with blanks.
    return standIn === null || !isPadded(value) ? standIn : standIn.padEnd([...value.text].length);
  };

  /** Makes the stand-ins of all that was collected; texts are put in order by the server. */
  async make(session: Session): Promise<void> {
    const randomness = new Randomness([...this.pools.values()].flatMap(({ name, values }) => [name, ...values]));
    for (const pool of this.pools.values()) {
      pool.standIns = await standInsOf(pool, session, randomness);
      pool.values.clear();
    }
  }

  private poolOf(value: BareValue): Pool {
    const ofPlace = this.poolsByPlace.get(value.place) ?? new Map<string, Pool>();
    this.poolsByPlace.set(value.place, ofPlace);
    const pool = ofPlace.get(value.family) ?? this.join(value);
    ofPlace.set(value.family, pool);
    return pool;
  }

  /** Gives the pool of a value, which its place joins. */
  private join(value: BareValue): Pool {
    const name = poolKey(value);
    const pool = this.pools.get(name) ?? emptyPool(name, value);
    this.pools.set(name, pool);
    const { constants, lengthMax } = value.place;
    for (const constant of constants) pool.anchors.add(constant);
    if (lengthMax !== null) pool.lengthMax = Math.min(pool.lengthMax ?? lengthMax, lengthMax);
    return pool;
  }
}

function emptyPool(name: string, { family, base, place }: BareValue): Pool {
  const { collation } = place;
  const nothing = { values: new Set<string>(), anchors: new Set<string>(), lengthMax: null };
  return { name, family, base, collation, ...nothing, standIns: new Map() };
}

function poolKey({ family, place }: BareValue): string {
  return JSON.stringify([place.group, family, place.collation]);
}

function isPadded({ base }: BareValue): boolean {
  return base === 'bpchar' || base === 'character';
}

function bareText(value: BareValue): string {
  return isPadded(value) ? value.text.replace(/ +$/, '') : value.text;
}

function isText({ family }: Pick<Pool, 'family'>): boolean {
  return family === 'text' || family === 'name' || /citext$/.test(family);
}

async function standInsOf(pool: Pool, session: Session, randomness: Randomness): Promise<ReadonlyMap<string, string>> {
  const scaled = SCALED_FORMS[pool.base];
  if (scaled !== undefined) return scaledStandIns(pool, scaled, randomness);
  const ranked = RANKED_FORMS[pool.base];
  if (ranked !== undefined) return rankedStandIns(pool, ranked, randomness);
  return isText(pool) ? orderedTexts(pool, session, randomness) : new Map();
}

async function orderedTexts(
  pool: Pool,
  session: Session,
  randomness: Randomness,
): Promise<ReadonlyMap<string, string>> {
  const order = { type: pool.family === 'text' ? 'pg_catalog.text' : pool.family, collation: pool.collation };
  const sorted = await sortTexts(session, [...pool.values], order);
  const stream = randomness.stream(pool.name);
  const random = () => stream.fraction();
  const standIns = textStandIns(sorted, { lengthMax: pool.lengthMax, random });
  if (standIns === null) return new Map();
  // A collation of rules that nobody thought of: better no values than a histogram out of order.
  const again = await sortTexts(session, standIns, order);
  if (again.some((standIn, place) => standIn !== standIns[place])) return new Map();
  return new Map(sorted.map((value, place) => [value, standIns[place] ?? '']));
}
