import { beforeAll, describe, expect, it } from 'vitest';
import { findLinkages } from '../../../src/advise/lineage/find-linkages.js';
import type { Linkage } from '../../../src/model/linkage.js';
import { silentProgress } from '../../../src/model/progress.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { StretchFold } from '../../../src/workload/lineage/stretch-fold.js';
import { testDatabase } from '../../postgres.js';
import { eventsOf, type Request, seeded, type Wiring } from '../../workload/lineage/traffic.js';
import { fillBlog, INNOCENTS, LOOPS } from './blog.js';
import { named } from './linkage-names.js';

let session: Session;
let snapshot: Snapshot;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await fillBlog(session);
  snapshot = await readSnapshot(session);
});

async function linkagesOf(requests: readonly Request[], wiring: Wiring): Promise<readonly Linkage[]> {
  const fold = new StretchFold();
  for (const event of eventsOf(requests, wiring)) fold.add(event);
  return findLinkages(fold.end(), { snapshot, session, progress: silentProgress });
}

type Program = (typeof INNOCENTS)[string];

/** Each program runs some times, at about the same time as all others. */
function busy(programs: readonly (Program | undefined)[], pick: (count: number) => number): readonly Request[] {
  return programs.flatMap((program) =>
    Array.from({ length: 6 }, () => ({ steps: program?.(pick) ?? [], atMs: pick(1500) })),
  );
}

const WIRINGS: readonly Pick<Wiring, 'sessions' | 'inline'>[] = [
  { sessions: 'own' },
  { sessions: 'own', inline: true },
  { sessions: 'pooled' },
];

describe.each(WIRINGS)('with connections $sessions, values inline: $inline', (wiring) => {
  it.each(Object.entries(LOOPS))('links %s, among innocents', async (_, { run, found }) => {
    const pick = seeded(7);
    const requests = busy([run, INNOCENTS['a user by key'], INNOCENTS['one post with its author']], pick);
    const linkages = await linkagesOf(requests, { ...wiring, pick });
    expect(linkages.map(named).sort()).toEqual(found);
  });

  it.each(Object.entries(INNOCENTS))('says nothing of %s', async (_, program) => {
    const pick = seeded(11);
    const linkages = await linkagesOf(busy([program, program, program], pick), { ...wiring, pick });
    expect(linkages.map(named)).toEqual([]);
  });
});

it('tells of a walk of a tree what reads the tree at once', async () => {
  const pick = seeded(11);
  const fold = new StretchFold();
  const requests = busy([INNOCENTS['a walk of a tree']], pick);
  for (const event of eventsOf(requests, { sessions: 'own', pick })) fold.add(event);
  const walks: string[] = [];
  await findLinkages(fold.end(), { snapshot, session, progress: silentProgress, onWalk: (walk) => walks.push(walk) });
  expect(walks).toEqual([
    expect.stringMatching(
      /^SELECT id FROM folders WHERE parent_id = \$1 walks the tree of public\.folders node by node, \d+ calls/,
    ),
  ]);
  const [, sql = ''] = walks[0]?.split('does: ') ?? [];
  const { rows } = await session.query(sql, [5]);
  expect(rows.length).toBe(84);
});

it('tells where the values come from, and how surely', async () => {
  const pick = seeded(3);
  const [linkage] = await linkagesOf(busy([LOOPS['the author of each post']?.run], pick), { sessions: 'own', pick });
  expect(linkage?.keys).toEqual([{ number: 1, column: 'public.authors.id', source: 'public.posts.author_id' }]);
  expect([linkage?.occurrences, linkage?.calls, linkage?.callsMost]).toEqual([6, 90, 15]);
  expect(linkage?.chance).toBeLessThan(1e-12);
});
