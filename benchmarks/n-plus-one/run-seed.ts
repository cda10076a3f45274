import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../../src/postgres/session.js';
import { recordWork } from '../../src/testing/record-work.js';
import { type Handler, synthesiseApplication } from './application.js';
import { fiveEqualInSession } from './baseline.js';
import { CallTree } from './call-tree.js';
import { loopsInLog, loopsInRecording } from './detect-loops.js';
import { Draw } from './draw.js';
import { labelsOf, repeatedQueries } from './labels.js';
import type { Logging, LogServer, Source } from './log-server.js';
import { Scope } from './request.js';
import { type Schema, synthesiseSchema } from './schema.js';
import { type Judgement, judge } from './score.js';
import { openWiring, type Protocol, type WiringChoice, type WiringKind } from './wiring.js';

/** Under which conditions one seed's application was run and logged. */
export interface Conditions extends WiringChoice {
  readonly logging: Logging;
}

/** What came of one seed, by format of the log. */
export interface SeedResult {
  readonly seed: number;
  readonly conditions: Conditions;
  readonly statements: number;
  readonly judgements: ReadonlyMap<string, Judgement>;
}

const WIRINGS: readonly WiringKind[] = ['own', 'checked out', 'interleaved'];
const LOGGINGS: readonly Logging[] = [
  ...(['all', 'all', 'all', 'all', 'all', 'all'] as const),
  ...(['texts alone', 'half the statements', 'half the transactions', 'cut parameters'] as const),
];
const LANES = 4;

/** Gives the conditions of a seed: every wiring meets every way of logging. */
function conditionsOf(seed: number): Conditions {
  const kind = WIRINGS[seed % WIRINGS.length] ?? 'own';
  const logging = LOGGINGS[(seed * 7) % LOGGINGS.length] ?? 'all';
  return { kind, logging, protocol: new Draw(seed).pick<Protocol>(['extended', 'extended', 'prepared', 'simple']) };
}

/** Runs a seed's application against a database of its own, and judges what is found in each of its logs. */
export async function runSeed(
  server: LogServer,
  {
    seed,
    requests,
    formats,
  }: { readonly seed: number; readonly requests: number; readonly formats: readonly Source[] },
): Promise<SeedResult> {
  const draw = new Draw(seed * 7919);
  const conditions = conditionsOf(seed);
  const database = `seed_${seed}`;
  const url = server.url(database);
  await server.createDatabase(database);
  const schema = synthesiseSchema(draw);
  const keys = await fill(url, schema);
  const handlers = synthesiseApplication({ schema, draw, keysOf: (entity) => keys.get(entity.name) ?? [] });
  const tree = new CallTree();
  const folder = await mkdtemp(join(tmpdir(), 'n-plus-one-'));
  const recording = join(folder, 'seed.tap');
  const run = (through: string) => runRequests({ url: through, handlers, conditions, tree, draw, requests });
  const files = await server.logged(database, conditions.logging, async () => {
    if (!formats.includes('tap')) return run(url);
    await recordWork({ databaseUrl: url, output: recording, values: 'hashed' }, run);
  });
  const judgements = new Map<string, Judgement>();
  const truth = { labels: labelsOf(tree), repeated: repeatedQueries(tree) };
  for (const format of formats) {
    const file = format === 'tap' ? recording : (files.get(format) ?? '');
    const found = format === 'tap' ? await loopsInRecording(url, file) : await loopsInLog(url, file);
    judgements.set(format, judge(found, await fiveEqualInSession(format, file), truth));
  }
  await rm(folder, { recursive: true });
  await server.dropDatabase(database);
  return { seed, conditions, statements: tree.calls.length, judgements };
}

async function fill(url: string, schema: Schema): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const session = await openSession(url);
  await session.script(schema.ddl);
  const keys = new Map<string, readonly unknown[]>();
  for (const { name } of schema.entities) {
    const { rows } = await session.query<{ id: unknown }>(`SELECT id FROM ${name} ORDER BY id`);
    keys.set(
      name,
      rows.map(({ id }) => id),
    );
  }
  await session.close();
  return keys;
}

interface Traffic {
  readonly url: string;
  readonly handlers: readonly Handler[];
  readonly conditions: Conditions;
  readonly tree: CallTree;
  readonly draw: Draw;
  readonly requests: number;
}

/** Several requests at a time; some handlers are asked for far more often than others. */
async function runRequests({ url, handlers, conditions, tree, draw, requests }: Traffic): Promise<void> {
  const wiring = openWiring(url, conditions);
  const waiting = Array.from({ length: requests }, (_, request) => {
    const handler = handlers[Math.floor(handlers.length * (draw.below(1000) / 1000) ** 1.4)];
    return { request, handler: handler ?? draw.pick(handlers), draw: draw.fork() };
  });
  const isSequential = conditions.kind !== 'interleaved' || draw.chance(0.7);
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { handler, request, draw: own } = next;
      const thinkMs = own.chance(0.2) ? 3 : 0;
      const isInTransaction = own.chance(0.3) && handler.isWaiting !== true;
      await wiring.run(isInTransaction, async (send) => {
        const run = { tree, request, send, draw: own, thinkMs, isSequential };
        const scope = new Scope({ ...run, isOnOneConnection: wiring.isOnOneConnection });
        await handler.run(scope);
      });
      await new Promise((resolve) => setTimeout(resolve, own.below(15)));
    }
  };
  try {
    await Promise.all(Array.from({ length: LANES }, lane));
  } finally {
    await wiring.end();
  }
}
