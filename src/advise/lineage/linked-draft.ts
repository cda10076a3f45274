import type { RecordedCall } from '../../model/linkage.js';
import type { LoopCall } from '../../workload/lineage/loop.js';
import type { MatchScope, SourceMatch } from '../../workload/lineage/match-rows.js';
import type { ParsedLoop } from './loop-statement.js';

/** A loop and the query that it goes through, before it is told of. */
export interface LinkageDraft {
  readonly parsed: ParsedLoop;
  /** One entry an occurrence. */
  readonly occurrences: readonly (readonly LoopCall[])[];
  readonly scope: MatchScope;
  /** Null for a loop whose source is not known. */
  readonly parent: { readonly call: RecordedCall; readonly match: SourceMatch; readonly chance: number } | null;
  readonly isNested: boolean;
}

/** One query's rows and the calls of one loop that met them. */
export interface LinkedLoop {
  readonly parsed: ParsedLoop;
  readonly match: SourceMatch;
  /** How often the query was run within reach of the loop. */
  readonly runs: number;
}

/** Fewer calls for one query are no loop; one occurrence at least has the greater number. */
const CALLS_LEAST = { related: 3, unknown: 5 } as const;
const CALLS_MOST_LEAST = 5;
/** A loop follows its query where that runs; so many runs at least, since not all who run it go on with its rows. */
const FOLLOWED_SHARE_LEAST = 0.25;
/** One or two runs that calls follow may be chance: then the runs that other loops follow count, too. */
const OWN_RUNS_LEAST = 3;
/** What explains so many of the calls, and so many runs of a loop, needs no other sign. */
const EXPLAINED_SHARE_LEAST = 0.9;
const EXPLAINED_RUNS_LEAST = 2;
/** So many of a query's runs are calls of a loop themselves, where what follows them is a loop within it. */
const CALLED_SHARE_LEAST = 0.25;
/** Calls that only time links, of all: where they are fewer, loops keep to their sessions, and those are no loop's. */
const TIMED_SHARE_LEAST = 0.1;
/** Natural logarithms of the chance that is accepted, by how much else speaks for a link. */
const CHANCE = { related: { near: -6.9, far: -9.2 }, unknown: { near: -9.2, far: -20.7 } } as const;

/** What links tell of loops. */
export interface AcceptedLinks {
  readonly drafts: readonly LinkageDraft[];
  /** Shapes of statements that ask for what they were given themselves: walks of a tree. */
  readonly walks: ReadonlySet<string>;
}

/** Gives the linkages that are no chance; a loop within a loop needs few calls each, but many together. */
export function acceptLinks(links: readonly LinkedLoop[]): AcceptedLinks {
  const pairs = new Map<string, LinkedLoop[]>();
  for (const link of links) {
    const key = JSON.stringify([shapeOf(link), link.match.source.call.shape]);
    pairs.set(key, [...(pairs.get(key) ?? []), link]);
  }
  const walks = new Set([...pairs.values()].flatMap((pair) => recursiveShapes(pair, links)));
  const linking = [...pairs.values()].filter(
    ([first]) => first !== undefined && !isOfItself(first) && !walks.has(shapeOf(first)),
  );
  const open = keepsToSessions(links) ? linking.filter((pair) => pair.some(isOfSession)) : linking;
  const known = new Set([...new Set(links.map(({ parsed }) => parsed.loop))].flatMap(({ calls }) => placesOf(calls)));
  const accepted = new Map<readonly LinkedLoop[], LinkageDraft>();
  for (let before = -1; before !== accepted.size; ) {
    before = accepted.size;
    const others = { ...othersOf([...accepted.keys()].flat()), known };
    for (const pair of open) {
      const draft = draftOf(pair, others);
      if (draft !== null) accepted.set(pair, draft);
    }
  }
  return { drafts: [...accepted.values()], walks };
}

/** Hardly any calls for rows that the schema relates them to are linked by time alone. */
function keepsToSessions(links: readonly LinkedLoop[]): boolean {
  const telling = links.filter(({ match }) => match.isRelated && match.calls.length >= CALLS_MOST_LEAST);
  return callsOf(telling.filter(({ match }) => match.scope === 'time')) < TIMED_SHARE_LEAST * callsOf(telling);
}

/** A query that lost its rows to the loop gives those of another time: that it ran in the loop's session has to do. */
function isOfSession({ parsed, match: { source, calls, scope } }: LinkedLoop): boolean {
  if (scope !== 'time') return true;
  const runs = parsed.loop.stretch.sources.filter(({ shape }) => shape === source.call.shape);
  const isLed = ({ call }: LoopCall) =>
    runs.some(({ session, place }) => session === call.session && place < call.place);
  return calls.filter(isLed).length * 2 >= calls.length;
}

/** A loop that mostly asks for what it was given itself walks a tree. */
function recursiveShapes(pair: readonly LinkedLoop[], links: readonly LinkedLoop[]): readonly string[] {
  const [first] = pair;
  if (first === undefined || !isOfItself(first)) return [];
  const all = links.filter((link) => shapeOf(link) === shapeOf(first));
  return callsOf(pair) * 2 >= callsOf(all) ? [shapeOf(first)] : [];
}

function isOfItself(link: LinkedLoop): boolean {
  return shapeOf(link) === link.match.source.call.shape;
}

/** Loops that are accepted already. */
interface OtherLoops {
  readonly shapes: ReadonlySet<string>;
  /** Their calls. */
  readonly calls: ReadonlySet<string>;
  /** All calls that were looked at, those of no loop included. */
  readonly known: ReadonlySet<string>;
  /** Runs that they follow, by the query's shape. */
  readonly runs: ReadonlyMap<string, ReadonlySet<string>>;
}

function othersOf(links: readonly LinkedLoop[]): Omit<OtherLoops, 'known'> {
  const runs = new Map<string, Set<string>>();
  for (const link of links.filter(isFollowed)) {
    const { shape } = link.match.source.call;
    runs.set(shape, (runs.get(shape) ?? new Set()).add(sourceOf(link)));
  }
  const calls = new Set(links.flatMap(({ match }) => placesOf(match.calls)));
  return { shapes: new Set(links.map(shapeOf)), calls, runs };
}

function draftOf(pair: readonly LinkedLoop[], others: OtherLoops): LinkageDraft | null {
  const [first] = pair;
  if (first === undefined) return null;
  const isNested = calledShare(pair, others) >= CALLED_SHARE_LEAST;
  const kept = pair.filter(
    ({ match }) => isNested || match.calls.length >= CALLS_LEAST[match.isRelated ? 'related' : 'unknown'],
  );
  const most = kept.reduce<LinkedLoop | null>(longer, null);
  if (most === null || (isNested ? callsOf(kept) : most.match.calls.length) < CALLS_MOST_LEAST) return null;
  if (followedShare(pair, others) < FOLLOWED_SHARE_LEAST && !explainsAll(pair)) return null;
  // Each of the query's runs could have met the calls by chance: those that did were not foretold.
  const logRuns = Math.log(first.runs);
  const logChance = kept.reduce((sum, { match }) => sum + Math.min(0, match.logChance + logRuns), 0);
  const bar = CHANCE[most.match.isRelated ? 'related' : 'unknown'];
  if (logChance > (most.match.scope === 'time' ? bar.far : bar.near)) return null;
  return {
    parsed: most.parsed,
    occurrences: kept.map(({ match }) => match.calls),
    scope: most.match.scope,
    parent: { call: most.match.source.call, match: most.match, chance: Math.exp(logChance) },
    isNested,
  };
}

/** How many of a query's runs are calls of loops: one that is called in a loop elsewhere may be asked once here. */
function calledShare(pair: readonly LinkedLoop[], { shapes, calls, known }: OtherLoops): number {
  const runs = pair.map(sourceOf).filter((run) => known.has(run));
  // Of a query that is called very often, not all runs are kept.
  if (runs.length === 0) return shapes.has(pair[0]?.match.source.call.shape ?? '') ? 1 : 0;
  return runs.filter((run) => calls.has(run)).length / runs.length;
}

/**
 * How many of a query's runs are followed by calls for many of its rows, of those that calls could have been for. Where
 * several are, one that only another loop follows tells nothing: a query often stands before several loops, each in its
 * own place.
 */
function followedShare(pair: readonly LinkedLoop[], others: OtherLoops): number {
  const followed = pair.filter(isFollowed);
  const own = new Set(followed.map(sourceOf));
  const ofOthers = others.runs.get(pair[0]?.match.source.call.shape ?? '') ?? [];
  const elsewhere = own.size < OWN_RUNS_LEAST ? [] : [...ofOthers].filter((run) => !own.has(run));
  const runs = new Map(pair.map(({ parsed, runs: each }) => [parsed.loop.stretch, each]));
  const all = [...runs.values()].reduce((sum, each) => sum + each, 0);
  return followed.length / Math.max(1, followed.length, all - elsewhere.length);
}

/** Calls that are made for rows of one query and never else are a loop over it, however often others run the query. */
function explainsAll(pair: readonly LinkedLoop[]): boolean {
  const loops = new Set(pair.map(({ parsed }) => parsed.loop));
  const all = [...loops].reduce((sum, { calls }) => sum + calls.length, 0);
  return pair.filter(isFollowed).length >= EXPLAINED_RUNS_LEAST && callsOf(pair) >= EXPLAINED_SHARE_LEAST * all;
}

function isFollowed({ match: { calls, rowCount } }: LinkedLoop): boolean {
  return calls.length >= Math.min(CALLS_LEAST.related, rowCount / 2);
}

function placesOf(calls: readonly LoopCall[]): readonly string[] {
  return calls.map(({ call }) => placeOf(call));
}

function sourceOf({ match }: LinkedLoop): string {
  return placeOf(match.source.call);
}

/** A session's statements have a number each. */
function placeOf({ session, place }: RecordedCall): string {
  return `${session} ${place}`;
}

function longer(one: LinkedLoop | null, other: LinkedLoop): LinkedLoop {
  return one !== null && one.match.calls.length >= other.match.calls.length ? one : other;
}

function callsOf(links: readonly LinkedLoop[]): number {
  return links.reduce((sum, { match }) => sum + match.calls.length, 0);
}

function shapeOf({ parsed }: LinkedLoop): string {
  return parsed.loop.stretch.shape;
}
