import type { Session } from '../../postgres/session.js';
import { sortTexts } from '../../postgres/value-types.js';
import type { BareValue, Exchange } from './exchange-values.js';
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
}

/** Collects the values of a snapshot, makes stand-ins for all of them, and exchanges them. */
export class StandIns {
  private readonly pools = new Map<string, Pool>();
  private readonly standIns = new Map<string, ReadonlyMap<string, string>>();

  /** Takes note of a value and leaves it as it is. */
  readonly collect: Exchange = (value) => {
    const pool = this.poolOf(value);
    pool.values.add(bareText(value));
    for (const constant of value.place.constants) pool.anchors.add(constant);
    const { lengthMax } = value.place;
    if (lengthMax !== null) pool.lengthMax = Math.min(pool.lengthMax ?? lengthMax, lengthMax);
    return value.text;
  };

  /** Gives the stand-in of a value that was collected. */
  readonly exchange: Exchange = (value) => {
    const bare = bareText(value);
    // What the schema itself says is no secret, and the planner compares it with the schema's predicates.
    if (isText(value) && value.use === 'point' && value.place.constants.has(bare)) return value.text;
    const standIn = this.standIns.get(poolKey(value))?.get(bare) ?? null;
    // A character(n) is filled up with blanks.
    return standIn === null || !isPadded(value) ? standIn : standIn.padEnd([...value.text].length);
  };

  /** Makes the stand-ins of all that was collected; texts are put in order by the server. */
  async make(session: Session): Promise<void> {
    const randomness = new Randomness([...this.pools.values()].flatMap(({ name, values }) => [name, ...values]));
    for (const pool of this.pools.values()) this.standIns.set(pool.name, await standInsOf(pool, session, randomness));
  }

  private poolOf(value: BareValue): Pool {
    const name = poolKey(value);
    const known = this.pools.get(name);
    if (known !== undefined) return known;
    const { family, base, place } = value;
    const { collation } = place;
    const pool = {
      name,
      family,
      base,
      collation,
      values: new Set<string>(),
      anchors: new Set<string>(),
      lengthMax: null,
    };
    this.pools.set(name, pool);
    return pool;
  }
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
  const random = randomness.stream(pool.name);
  const standIns = textStandIns(sorted, { lengthMax: pool.lengthMax, random });
  if (standIns === null) return new Map();
  // A collation of rules that nobody thought of: better no values than a histogram out of order.
  const again = await sortTexts(session, standIns, order);
  if (again.some((standIn, place) => standIn !== standIns[place])) return new Map();
  return new Map(sorted.map((value, place) => [value, standIns[place] ?? '']));
}
