import { randomUUID } from 'node:crypto';
import type { EmbeddedServer } from '../embedded/server.js';
import { messageOf, sqlStateOf } from '../errors.js';
import type { Catalog } from '../model/catalog.js';
import type { Equivalence, EquivalenceVerdict } from '../model/equivalence.js';
import { openSession, type Session } from '../postgres/session.js';
import { drawnByLot } from '../sql/forms/drawn-by-lot.js';
import { loweredCounts } from '../sql/forms/lowered-counts.js';
import { asParseFailure } from '../sql/parse-failure.js';
import { bodyOf } from '../sql/walk.js';
import { changingZone } from './changing-zone.js';
import { Comparison } from './comparison.js';
import { Laboratory, type PreparedStatement } from './laboratory.js';
import { tinySchemaOf, treeOf } from './tiny-schema.js';
import { ValuePools } from './tiny-values.js';

export interface EquivalenceOptions {
  readonly catalog: Catalog;
  /** Gives a private server of the database's major; asked once, when the first rewrite is to be compared. */
  readonly server: () => Promise<EmbeddedServer>;
  /** Makes the catalog's schema, without rows, in an empty database. */
  readonly define: (session: Session, catalog: Catalog) => Promise<void>;
  /** Databases a comparison; 600 where not given. */
  readonly databases?: number;
  /** 1 where not given. */
  readonly seed?: number;
}

const DATABASES = 600;
/** Of those under UTC, so many again under a zone whose clock changes. */
const ZONED_SHARE = 0.4;
/** Each takes a second or so: a statement of a hundred conditions must not hold up the others. */
const REWRITES_OF_STATEMENT_MOST = 16;
/** A statement that takes longer on a handful of rows is none that can be run hundreds of times. */
const STATEMENT_TIMEOUT_MS = 2_000;

/** Makes what compares rewrites with their originals on tiny databases; no server is asked for before the first one. */
export function openEquivalence(options: EquivalenceOptions): Equivalence {
  let opened: Promise<Opened> | null = null;
  // One connection compares one statement at a time.
  let turn: Promise<unknown> = Promise.resolve();
  const compared = new Map<string, number>();
  return {
    compare(original, all) {
      const before = compared.get(original) ?? 0;
      const rewrites = all.slice(0, Math.max(0, REWRITES_OF_STATEMENT_MOST - before));
      compared.set(original, before + rewrites.length);
      const rest = all.slice(rewrites.length).map(() => TOO_MANY);
      if (rewrites.length === 0) return Promise.resolve(rest);
      opened ??= open(options);
      const work = turn.then(async () =>
        compareReached(await (opened as Promise<Opened>), { original, rewrites }, options),
      );
      turn = work.catch(() => undefined);
      return work.then((verdicts) => [...verdicts, ...rest]);
    },
    async close() {
      if (opened === null) return;
      await turn;
      const { session, server, database } = await opened;
      await session.close();
      await server.dropDatabase(database);
    },
  };
}

const TOO_MANY: EquivalenceVerdict = {
  kind: 'not compared',
  reason: `${REWRITES_OF_STATEMENT_MOST} other forms of the statement were compared already`,
};

interface Opened {
  readonly session: Session;
  readonly server: EmbeddedServer;
  readonly database: string;
  readonly pools: ValuePools;
}

async function open({ server: start, define, catalog }: EquivalenceOptions): Promise<Opened> {
  const server = await start();
  const database = `tiny_${randomUUID().replaceAll('-', '')}`;
  await server.createDatabase(database);
  const session = await openSession(server.url(database), { statementTimeoutMs: STATEMENT_TIMEOUT_MS });
  await session.script("SET statement_timeout = '60s'; SET client_min_messages = error");
  await define(session, withoutDeferral(catalog));
  await session.script(
    `RESET ALL; SET client_min_messages = error; SET statement_timeout = ${STATEMENT_TIMEOUT_MS};
     SET plan_cache_mode = force_custom_plan; SET max_parallel_workers_per_gather = 0; SET jit = off`,
  );
  const labels = new Map(
    catalog.enums.flatMap(({ schema, name, labels: all }) => {
      const texts = all.map(({ label }) => label);
      return [name, `${schema}.${name}`].map((key) => [key, texts] as const);
    }),
  );
  return { session, server, database, pools: await ValuePools.open(session, labels) };
}

/** What is checked at the end of a transaction alone stands in the way of passing a row by that breaks it. */
function withoutDeferral(catalog: Catalog): Catalog {
  const tables = catalog.tables.map((table) => ({
    ...table,
    constraints: table.constraints.map((constraint) => ({
      ...constraint,
      definition: constraint.definition.replace(/ DEFERRABLE( INITIALLY DEFERRED)?/, ''),
    })),
  }));
  return { ...catalog, tables };
}

/** Compares them as they are; where they count to more rows than tiny databases have, with smaller numbers in all of them. */
async function compareReached(
  opened: Opened,
  compared: Compared,
  options: EquivalenceOptions,
): Promise<readonly EquivalenceVerdict[]> {
  const verdicts = await compare(opened, compared, options);
  if (verdicts.some(({ kind }) => kind !== 'not compared')) return verdicts;
  const [original, ...rewrites] = loweredTexts(compared) ?? [];
  return original === undefined ? verdicts : compare(opened, { original, rewrites }, options);
}

function loweredTexts({ original, rewrites }: Compared): readonly string[] | null {
  try {
    return loweredCounts(original, rewrites);
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}

interface Compared {
  readonly original: string;
  readonly rewrites: readonly string[];
}

/** As they are under UTC; those that pass once more where a clock is set back and forward, if it tells them anything. */
async function compare(
  opened: Opened,
  compared: Compared,
  options: EquivalenceOptions,
): Promise<readonly EquivalenceVerdict[]> {
  const verdicts = await compareUnder('UTC', opened, compared, options);
  const passed = compared.rewrites.filter((_, place) => verdicts[place]?.kind === 'no counterexample');
  const zone = passed.length === 0 ? null : zoneOf(compared, options.catalog);
  if (zone === null) return verdicts;
  const databases = Math.ceil((options.databases ?? DATABASES) * ZONED_SHARE);
  const others = await compareUnder(zone, opened, { ...compared, rewrites: passed }, { ...options, databases });
  const differing = new Map(
    passed.flatMap((rewrite, place) => {
      const verdict = others[place];
      return verdict?.kind === 'differs' ? [[rewrite, inZone(verdict, zone)] as const] : [];
    }),
  );
  return verdicts.map((verdict, place) => differing.get(compared.rewrites[place] ?? '') ?? verdict);
}

function zoneOf({ original, rewrites }: Compared, catalog: Catalog): string | null {
  const texts = [original, ...rewrites];
  return changingZone(texts, tinySchemaOf(texts.map(treeOf), catalog));
}

type Difference = Extract<EquivalenceVerdict, { readonly kind: 'differs' }>;

function inZone(verdict: Difference, zone: string): Difference {
  const counterexample = [`SET timezone = '${zone}'`, ...(verdict.counterexample ?? '').split(';\n')];
  return { ...verdict, counterexample: counterexample.filter((line) => line !== '').join(';\n') };
}

async function compareUnder(
  zone: string,
  { session, pools }: Opened,
  { original, rewrites }: Compared,
  { catalog, databases = DATABASES, seed = 1 }: EquivalenceOptions,
): Promise<readonly EquivalenceVerdict[]> {
  const all = (reason: string) => rewrites.map(() => ({ kind: 'not compared' as const, reason }));
  try {
    const trees = [original, ...rewrites].map(treeOf);
    const schema = tinySchemaOf(trees, catalog);
    // What a text means as a moment is settled when a statement is prepared.
    await session.query(`SET timezone = '${zone}'`);
    const laboratory = await Laboratory.open(session, schema);
    const prepared = await laboratory.prepare('original', original);
    if (prepared instanceof Error) return all(`the original cannot be prepared: ${prepared.message}`);
    const lots = drawnByLot(original);
    const drawn = lots === null ? null : await laboratory.prepare('drawn', lots);
    const others: (PreparedStatement | Error)[] = [];
    for (const [place, rewrite] of rewrites.entries())
      others.push(await laboratory.prepare(`rewrite_${place}`, rewrite));
    const comparison = await Comparison.of(
      { laboratory, schema, pools, prepared, drawn: drawn instanceof Error ? null : drawn, others, seed },
      {
        isOrdered: bodyOf(trees[0], 'SelectStmt')?.sortClause !== undefined,
      },
    );
    const verdicts = await comparison.run(databases);
    await laboratory.end();
    return verdicts;
  } catch (error) {
    const state = sqlStateOf(error);
    if (asParseFailure(error) === null && (state === null || state.startsWith('57P'))) throw error;
    if (state !== null) await session.query('ROLLBACK');
    return all(messageOf(error));
  }
}
