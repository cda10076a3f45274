import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { findLinkages } from '../../../src/advise/lineage/find-linkages.js';
import type { Linkage, Stretch } from '../../../src/model/linkage.js';
import { silentProgress } from '../../../src/model/progress.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import type { StatementEvent } from '../../../src/model/trace.js';
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

const standIn = (value: string | null) =>
  value === null ? null : createHash('sha256').update(`key ${value}`).digest('hex').slice(0, 16);

/** What a tap would have recorded of an event: stand-ins of its values and of its rows. */
async function recordedEvent(event: StatementEvent): Promise<StatementEvent> {
  const parameters = (event.parameters ?? []).map(standIn);
  if (!/^select/i.test(event.text)) return { ...event, parameters, valueForm: 'stand-in' };
  const { columns, rows } = await session.queryTexts(event.text, event.parameters ?? []);
  return { ...event, parameters, valueForm: 'stand-in', rows: { columns, rows: rows.map((row) => row.map(standIn)) } };
}

async function stretchesOf(
  requests: readonly Request[],
  wiring: Wiring,
  change: (event: StatementEvent) => StatementEvent = (event) => event,
): Promise<readonly Stretch[]> {
  const fold = new StretchFold();
  for (const event of eventsOf(requests, wiring)) fold.add(change(await recordedEvent(event)));
  return fold.end();
}

async function linkagesOf(...recorded: Parameters<typeof stretchesOf>): Promise<readonly Linkage[]> {
  return findLinkages(await stretchesOf(...recorded), { snapshot, session: null, progress: silentProgress });
}

type Program = (typeof INNOCENTS)[string];

function busy(programs: readonly (Program | undefined)[], pick: (count: number) => number): readonly Request[] {
  return programs.flatMap((program) =>
    Array.from({ length: 6 }, () => ({ steps: program?.(pick) ?? [], atMs: pick(1500) })),
  );
}

describe.each(['own', 'pooled'] as const)('from recorded rows alone, with connections %s', (sessions) => {
  it.each(Object.entries(LOOPS))('links %s, among innocents', async (_, { run, found }) => {
    const pick = seeded(7);
    const requests = busy([run, INNOCENTS['a user by key'], INNOCENTS['one post with its author']], pick);
    const linkages = await linkagesOf(requests, { sessions, pick });
    expect(linkages.map(named).sort()).toEqual(found);
    expect(linkages.map(({ linkedBy, valueForm }) => [linkedBy, valueForm])).toEqual(
      found.map(() => ['recording', 'stand-in']),
    );
  });

  it.each(Object.entries(INNOCENTS))('says nothing of %s', async (_, program) => {
    const pick = seeded(11);
    const linkages = await linkagesOf(busy([program, program, program], pick), { sessions, pick });
    expect(linkages.map(named)).toEqual([]);
  });
});

const authors = LOOPS['the author of each post']?.run;

it('names the column that gave the value, by its table’s number or, in a copy of the database, by its name', async () => {
  for (const offset of [0, 1_000_000]) {
    const pick = seeded(3);
    const [linkage] = await linkagesOf(busy([authors], pick), { sessions: 'own', pick }, (event) =>
      event.rows === undefined ? event : { ...event, rows: moved(event.rows, offset) },
    );
    expect(linkage?.keys).toEqual([{ number: 1, column: 'public.authors.id', source: 'public.posts.author_id' }]);
  }
});

function moved(rows: NonNullable<StatementEvent['rows']>, offset: number) {
  return { ...rows, columns: rows.columns.map((column) => ({ ...column, tableOid: column.tableOid + offset })) };
}

it('says which trace, which route and which line made the calls', async () => {
  const pick = seeded(3);
  const location = { file: 'src/posts.ts', line: 12, column: 1 };
  const [linkage] = await linkagesOf(busy([authors], pick), { sessions: 'own', pick }, (event) => ({
    ...event,
    origin: { trace: event.session, route: `GET /posts/${event.session === 'own 1' ? 'b' : 'a'}`, location },
  }));
  expect([linkage?.scope, linkage?.trace?.startsWith('own '), linkage?.routes, linkage?.location]).toEqual([
    'trace',
    true,
    ['GET /posts/a', 'GET /posts/b'],
    location,
  ]);
});

it('counts calls of one trace whose values nobody wrote down, and no others', async () => {
  const absent = (event: StatementEvent): StatementEvent => {
    const { rows: _, ...rest } = event;
    const origin = { trace: event.session, route: null, location: null };
    return { ...rest, parameters: null, valueForm: 'absent', origin };
  };
  const pick = seeded(3);
  const looped = await linkagesOf(busy([authors], pick), { sessions: 'own', pick }, absent);
  expect(looped.map((each) => [named(each), each.scope, each.linkedBy, each.valueForm])).toEqual([
    ['select authors', 'trace', undefined, 'absent'],
  ]);
  const { 'a walk of a tree': _, ...shown } = INNOCENTS;
  const others = await linkagesOf(busy(Object.values(shown), pick), { sessions: 'own', pick }, absent);
  expect(others.map(named)).toEqual(['select users']);
});

it('tries a batch on keys of the database, since stand-ins cannot be asked for', async () => {
  const pick = seeded(3);
  const stretches = await stretchesOf(busy([authors, LOOPS['a visit for each post']?.run], pick), {
    sessions: 'own',
    pick,
  });
  const linkages = await findLinkages(stretches, { snapshot, session, progress: silentProgress });
  const batches = new Map(linkages.map(({ child, batch }) => [child.text, batch]));
  const equal = expect.objectContaining({ kind: 'equal', calls: 50, rows: 50 });
  expect(batches.get('SELECT name FROM authors WHERE id = $1')).toMatchObject({ keys: 'sampled', verdict: equal });
  expect(batches.get('INSERT INTO visits (post_id) VALUES ($1)')?.verdict.kind).toBe('not run');
});
