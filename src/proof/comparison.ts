import type { EquivalenceVerdict } from '../model/equivalence.js';
import { type Standing, standingOf } from './chance.js';
import type { Laboratory, PreparedStatement } from './laboratory.js';
import { differenceOf, type Manner, type Outcome } from './outcome.js';
import { ROWS_USUAL_MOST, type TinyDatabase, TinyDatabases } from './tiny-databases.js';
import { fillStatements } from './tiny-fill.js';
import type { TinySchema } from './tiny-schema.js';
import type { ValuePools } from './tiny-values.js';
import type { ValuePool } from './value-pool.js';

export interface ComparisonParts {
  readonly laboratory: Laboratory;
  readonly schema: TinySchema;
  readonly prepared: PreparedStatement;
  /** The original with lots drawn where it leaves something to chance; null where none are. */
  readonly drawn: PreparedStatement | null;
  /** An Error where the server does not prepare it. */
  readonly others: readonly (PreparedStatement | Error)[];
  readonly seed: number;
}

/** Most rows of a table; a statement that counts to more is not reached. */
const ROWS_MOST = 25;
/** Fewer databases on which the original gives rows say too little about a rewrite. */
const TELLING_LEAST = 20;
const OUTCOMES_LEAST = 4;
/** Orders of the same rows in which the original is run to see what it leaves to chance. */
const ORDERS_TRIED = 6;
/** Of them in one round trip: the first show most. */
const ORDERS_AT_ONCE = 3;
/** Where something is: of many rows each is to have its turn. */
const ORDERS_MOST = 60;
/** Where so many databases have left a rewrite undecided, others on which chance has a hand are not tried for long. */
const UNDECIDED_MOST = 30;
/** Databases that are tried in one round trip, once some have told the generator what to aim at. */
const TRIED_AT_ONCE_MOST = 8;

/** Runs a statement beside its rewrites on generated databases until all differ or enough have been seen. */
export class Comparison {
  private readonly parts: ComparisonParts;
  private readonly manner: Manner;
  private readonly databases: TinyDatabases;
  private readonly verdicts: (EquivalenceVerdict | null)[];
  private readonly seen = new Set<string>();
  /** By the place of a rewrite, databases on which chance may have made it differ. */
  private readonly undecided = new Map<number, number>();
  private tried = 0;
  private telling = 0;

  private constructor(parts: ComparisonParts, manner: Manner, databases: TinyDatabases) {
    this.parts = parts;
    this.manner = manner;
    this.databases = databases;
    this.verdicts = parts.others.map((other) => refusalOf(other, parts));
  }

  static async of(parts: ComparisonParts & { readonly pools: ValuePools }, manner: Manner): Promise<Comparison> {
    const { schema, pools, prepared, seed } = parts;
    const surroundings = { schema, texts: await pools.textsOf(schema) };
    const columns: (readonly ValuePool[])[] = [];
    for (const { columns: filled } of schema.tables) {
      const own: ValuePool[] = [];
      for (const column of filled) own.push(await pools.ofColumn(column, surroundings));
      columns.push(own);
    }
    const parameters: ValuePool[] = [];
    for (const type of prepared.parameterTypes) parameters.push(await pools.ofParameter(type, surroundings));
    const counted = schema.constants.map(Number).filter((number) => number >= ROWS_USUAL_MOST && number < ROWS_MOST);
    const rowsMost = Math.max(ROWS_USUAL_MOST, ...counted.map((number) => number + 2));
    const databases = new TinyDatabases({ tables: schema.tables, pools: columns, parameters, rowsMost, seed });
    return new Comparison(parts, manner, databases);
  }

  async run(count: number): Promise<readonly EquivalenceVerdict[]> {
    // Databases that the schema does not let in are made anew, up to a limit.
    for (let made = 0; this.tried < count && made < count * 3; ) {
      if (this.verdicts.every((verdict) => verdict !== null)) break;
      const atOnce = Math.min(TRIED_AT_ONCE_MOST, 1 + (made >> 1), count - this.tried, count * 3 - made);
      made += atOnce;
      await this.tryNext(atOnce);
    }
    return this.verdicts.map((verdict, place) => verdict ?? this.survived(place, count));
  }

  private survived(place: number, count: number): EquivalenceVerdict {
    const { seed } = this.parts;
    if (this.tried < count)
      return {
        kind: 'not compared',
        reason: `the schema let in ${this.tried} of the ${count * 3} generated databases alone`,
      };
    if (this.telling < TELLING_LEAST || this.seen.size < OUTCOMES_LEAST)
      return {
        kind: 'not compared',
        reason: `the statement did something on ${this.telling} of ${this.tried} generated databases alone, which tells too little`,
      };
    const undecided = this.undecided.get(place) ?? 0;
    if (this.telling - undecided < TELLING_LEAST)
      return {
        kind: 'not compared',
        reason: `on ${undecided} of the ${this.telling} generated databases that tell something the statement leaves to chance what the rewrite gives otherwise`,
      };
    return { kind: 'no counterexample', databases: this.tried, telling: this.telling - undecided, seed };
  }

  private async tryNext(atOnce: number): Promise<void> {
    const { laboratory, prepared, others } = this.parts;
    const databases = Array.from({ length: atOnce }, () => this.databases.next());
    const open = others.flatMap((other, place) =>
      this.verdicts[place] !== null || other instanceof Error ? [] : [{ place, other }],
    );
    const fillings = databases.map((database) => ({ database }));
    const tried = await laboratory.tryOn(fillings, [prepared, ...open.map(({ other }) => other)]);
    for (const [place, database] of databases.entries()) {
      const [original, ...rest] = tried[place] ?? [];
      if (original === undefined) continue;
      this.tried += 1;
      this.note(database, original);
      for (const [at, each] of open.entries()) await this.judge(each.place, database, [original, rest[at]]);
    }
  }

  private async judge(
    place: number,
    database: TinyDatabase,
    [original, rewritten]: readonly [Outcome, Outcome | undefined],
  ): Promise<void> {
    if (rewritten === undefined || this.verdicts[place] !== null) return;
    const difference = differenceOf(original, rewritten, this.manner);
    if (difference === null) return;
    const standing = await this.standingOn(database, { original, rewritten, place });
    if (standing === 'impossible') await this.refute(place, database, difference);
    if (standing === 'undecided') this.undecided.set(place, (this.undecided.get(place) ?? 0) + 1);
  }

  private note(database: TinyDatabase, outcome: Outcome): void {
    const isTelling = outcome.kind === 'rows' && outcome.rows.length + outcome.left.length > 0;
    if (isTelling) this.telling += 1;
    const key = JSON.stringify(outcome);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    if (isTelling) this.databases.keep(database, emptyShareOf(outcome));
  }

  /** Runs the original on the same rows in other orders: what it gives otherwise there is left to chance. */
  private async standingOn(database: TinyDatabase, { original, rewritten, place }: JudgedPair): Promise<Standing> {
    const { laboratory, prepared, drawn } = this.parts;
    const statements = drawn === null ? [prepared] : [prepared, drawn];
    const outcomes = [original];
    let [isStable, standing]: [boolean, Standing] = [true, 'impossible'];
    for (let order = 0; order < (isStable ? ORDERS_TRIED : ORDERS_MOST); order += ORDERS_AT_ONCE) {
      const fillings = Array.from({ length: ORDERS_AT_ONCE }, (_, next) => ({ database, order: order + next }));
      outcomes.push(...(await laboratory.tryOn(fillings, statements)).flatMap((each) => each ?? []));
      isStable &&= outcomes.every((outcome) => differenceOf(original, outcome, this.manner) === null);
      standing = isStable ? 'impossible' : standingOf(rewritten, outcomes, this.manner);
      if (standing === 'possible') break;
      if (!isStable && (this.undecided.get(place) ?? 0) >= UNDECIDED_MOST) return 'undecided';
    }
    return standing;
  }

  private async refute(place: number, database: TinyDatabase, difference: string): Promise<void> {
    const { schema, seed } = this.parts;
    const smallest = await this.reduced(place, database);
    const parameters = smallest.database.parameters.map((value, index) => `$${index + 1} = ${value ?? 'NULL'}`);
    const filled = fillStatements(smallest.database, schema.tables).join(';\n');
    const counterexample = [filled, ...parameters.map((text) => `-- ${text}`)];
    this.verdicts[place] = {
      kind: 'differs',
      reason: smallest.difference ?? difference,
      counterexample: counterexample.filter((line) => line !== '').join('\n'),
      seed,
    };
  }

  /** Takes away rows as long as the two still differ. */
  private async reduced(
    place: number,
    database: TinyDatabase,
  ): Promise<{ readonly database: TinyDatabase; readonly difference: string | null }> {
    let [smallest, difference]: [TinyDatabase, string | null] = [database, null];
    for (const [table, rows] of database.rows.entries()) {
      for (let row = rows.length - 1; row >= 0; row--) {
        const smaller = {
          ...smallest,
          rows: smallest.rows.map((each, position) => (position === table ? each.filter((_, at) => at !== row) : each)),
        };
        const found = await this.differenceOn(place, smaller);
        if (found !== null) [smallest, difference] = [smaller, found];
      }
    }
    return { database: smallest, difference };
  }

  private async differenceOn(place: number, database: TinyDatabase): Promise<string | null> {
    const { laboratory, prepared, others } = this.parts;
    const other = others[place];
    if (other === undefined || other instanceof Error) return null;
    const [tried] = await laboratory.tryOn([{ database }], [prepared, other]);
    const [original, rewritten] = tried ?? [];
    if (original === undefined || rewritten === undefined) return null;
    const difference = differenceOf(original, rewritten, this.manner);
    const isByChance =
      difference === null || (await this.standingOn(database, { original, rewritten, place })) !== 'impossible';
    return isByChance ? null : difference;
  }
}

/** What the original and the rewrite at a place have given on the same database. */
interface JudgedPair {
  readonly original: Outcome;
  readonly rewritten: Outcome;
  readonly place: number;
}

/** The share of NULL and 0 among the values that a statement gives. */
function emptyShareOf(outcome: Outcome): number {
  const values = outcome.kind === 'rows' ? outcome.rows.flatMap((row) => JSON.parse(row) as readonly unknown[]) : [];
  const empty = values.filter((value) => value === null || value === '0' || value === '').length;
  return empty / Math.max(1, values.length);
}

function refusalOf(other: PreparedStatement | Error, { prepared, seed }: ComparisonParts): EquivalenceVerdict | null {
  if (other instanceof Error) return { kind: 'not compared', reason: `it cannot be prepared: ${other.message}` };
  if (JSON.stringify(other.parameterTypes) === JSON.stringify(prepared.parameterTypes)) return null;
  const types = (statement: PreparedStatement) => statement.parameterTypes.join(', ');
  return {
    kind: 'differs',
    reason: `its parameters are of the types ${types(other)}, not ${types(prepared)}`,
    counterexample: null,
    seed,
  };
}
