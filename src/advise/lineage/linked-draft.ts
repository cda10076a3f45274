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
  const open = [...pairs.values()].filter(
    ([first]) => first !== undefined && !isOfItself(first) && !walks.has(shapeOf(first)),
  );
  const accepted = new Map<readonly LinkedLoop[], LinkageDraft>();
  for (let before = -1; before !== accepted.size; ) {
    before = accepted.size;
    const others = othersOf([...accepted.keys()].flat());
    for (const pair of open) {
      const draft = draftOf(pair, others);
      if (draft !== null) accepted.set(pair, draft);
    }
  }
  return { drafts: [...accepted.values()], walks };
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
  /** Runs that they follow, by the query's shape. */
  readonly runs: ReadonlyMap<string, ReadonlySet<string>>;
}

function othersOf(links: readonly LinkedLoop[]): OtherLoops {
  const runs = new Map<string, Set<string>>();
  for (const link of links.filter(isFollowed)) {
    const { shape } = link.match.source.call;
    runs.set(shape, (runs.get(shape) ?? new Set()).add(runOf(link)));
  }
  return { shapes: new Set(links.map(shapeOf)), runs };
}

function draftOf(pair: readonly LinkedLoop[], others: OtherLoops): LinkageDraft | null {
  const [first] = pair;
  if (first === undefined) return null;
  const isNested = others.shapes.has(first.match.source.call.shape);
  const kept = pair.filter(
    ({ match }) => isNested || match.calls.length >= CALLS_LEAST[match.isRelated ? 'related' : 'unknown'],
  );
  const most = kept.reduce<LinkedLoop | null>(longer, null);
  if (most === null || (isNested ? callsOf(kept) : most.match.calls.length) < CALLS_MOST_LEAST) return null;
  if (followedShare(pair, others) < FOLLOWED_SHARE_LEAST) return null;
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

/**
 * How many of a query's runs are followed by calls for many of its rows, of those that calls could have been for. Where
 * several are, one that only another loop follows tells nothing: a query often stands before several loops, each in its
 * own place.
 */
function followedShare(pair: readonly LinkedLoop[], others: OtherLoops): number {
  const followed = pair.filter(isFollowed);
  const own = new Set(followed.map(runOf));
  const ofOthers = others.runs.get(pair[0]?.match.source.call.shape ?? '') ?? [];
  const elsewhere = own.size < OWN_RUNS_LEAST ? [] : [...ofOthers].filter((run) => !own.has(run));
  const runs = new Map(pair.map(({ parsed, runs: each }) => [parsed.loop.stretch, each]));
  const all = [...runs.values()].reduce((sum, each) => sum + each, 0);
  return followed.length / Math.max(1, followed.length, all - elsewhere.length);
}

function isFollowed({ match: { calls, rowCount } }: LinkedLoop): boolean {
  return calls.length >= Math.min(CALLS_LEAST.related, rowCount / 2);
}

/** A session's statements have a number each. */
function runOf({ match }: LinkedLoop): string {
  const { session, place } = match.source.call;
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
