import type { Catalog } from '../../model/catalog.js';
import type { Linkage, Stretch } from '../../model/linkage.js';
import type { Progress } from '../../model/progress.js';
import type { Snapshot } from '../../model/snapshot.js';
import type { Session } from '../../postgres/session.js';
import { readLoop } from '../../workload/lineage/loop.js';
import { countLoop, countRepeats } from './counted-draft.js';
import { toLinkage } from './describe-linkage.js';
import { describeWalk } from './describe-walk.js';
import { KeyColumns } from './key-columns.js';
import { KnownRows } from './known-rows.js';
import { linkLoop } from './link-loop.js';
import { type AcceptedLinks, acceptLinks, type LinkageDraft, type LinkedLoop } from './linked-draft.js';
import { type ParsedLoop, parseLoop } from './loop-statement.js';
import { Replayer } from './replay.js';
import { suggestBatch } from './suggest-batch.js';

/** Loops that a batch is tried for. */
const BATCHES_MOST = 50;

export interface LinkageContext {
  readonly snapshot: Snapshot;
  /** On the database that is advised on; null where a snapshot takes its place. */
  readonly session: Session | null;
  /** On a copy of it with rows, where writes may be tried; none where not given. */
  readonly scratch?: Session | null;
  readonly progress: Progress;
  /** Told of each query that walks a tree, with what reads the tree at once. */
  onWalk?(description: string): void;
}

/**
 * Finds the loops among the stretches of a workload: linked to the query whose rows they go through where its recorded
 * rows, or replaying it on the target, show that, else counted where their number alone shows them. Without a session
 * nothing is replayed.
 */
export async function findLinkages(
  stretches: readonly Stretch[],
  context: LinkageContext,
): Promise<readonly Linkage[]> {
  const { snapshot, session, progress, scratch = null } = context;
  const loops = ofDatabase(stretches, snapshot.catalog).flatMap((stretch) => {
    const loop = readLoop(stretch);
    return (loop === null ? null : parseLoop(loop, snapshot.catalog)) ?? [];
  });
  if (loops.length === 0) return [];
  const step = progress.step('looking for loops', loops.length);
  const keys = new KeyColumns(snapshot.catalog, snapshot.statistics);
  const replayer = session === null ? null : await Replayer.open(session, snapshot.catalog);
  const known = new KnownRows(snapshot.catalog, replayer);
  const { drafts, walks } = await linked(loops, { known, keys, onDone: (done) => step.update(done) });
  await session?.query('ROLLBACK');
  tellWalks(loops, walks, context);
  const linkages: Linkage[] = [];
  for (const [place, draft] of [...drafts, ...counted(loops, { drafts, walks, keys })].entries()) {
    const linkage = toLinkage(draft, keys);
    const isTried = session !== null && replayer !== null && linkage.kind !== 'repeat' && place < BATCHES_MOST;
    linkages.push(isTried ? { ...linkage, ...(await suggestBatch(draft, { session, replayer, scratch })) } : linkage);
  }
  step.end(`${linkages.length} found`);
  return linkages;
}

function tellWalks(loops: readonly ParsedLoop[], walks: ReadonlySet<string>, { onWalk }: LinkageContext): void {
  for (const shape of walks) {
    const parsed = loops.find(({ loop }) => loop.stretch.shape === shape);
    const description = parsed === undefined ? null : describeWalk(parsed);
    if (description !== null) onWalk?.(description);
  }
}

/** A log holds all databases of its server; one that was restored elsewhere may bear another name. */
function ofDatabase(stretches: readonly Stretch[], { database }: Catalog): readonly Stretch[] {
  const own = stretches.filter(({ calls }) => calls[0]?.database === database);
  return own.length > 0 ? own : stretches;
}

async function linked(
  loops: readonly ParsedLoop[],
  { onDone, ...context }: { known: KnownRows; keys: KeyColumns; onDone: (done: number) => void },
): Promise<AcceptedLinks> {
  const links: LinkedLoop[] = [];
  for (const [done, parsed] of loops.entries()) {
    onDone(done);
    if (!parsed.isByKey || parsed.loop.valueForm === 'absent') continue;
    for (const link of await linkLoop(parsed, context)) links.push({ parsed, ...link });
  }
  return acceptLinks(links);
}

function counted(
  loops: readonly ParsedLoop[],
  { drafts, walks, keys }: AcceptedLinks & { readonly keys: KeyColumns },
): readonly LinkageDraft[] {
  const linkedShapes = new Set([...walks, ...drafts.map(({ parsed }) => parsed.loop.stretch.shape)]);
  const seen = new Set<string>();
  return loops.flatMap((parsed) => {
    const { shape } = parsed.loop.stretch;
    if (linkedShapes.has(shape) || seen.has(shape) || isWalk(parsed, keys)) return [];
    const draft = countLoop(parsed) ?? countRepeats(parsed);
    if (draft !== null) seen.add(shape);
    return draft ?? [];
  });
}

/** Without the rows that a query gave, the column alone tells that it goes down a tree. */
function isWalk({ loop, kind, columns }: ParsedLoop, keys: KeyColumns): boolean {
  const read = kind === 'select' ? loop.varying.flatMap((number) => columns.get(number) ?? []) : [];
  return read.some((column) => keys.isParentInTree(column));
}
