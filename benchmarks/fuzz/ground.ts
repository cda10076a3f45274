import type { EmbeddedServer } from '../../src/embedded/server.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { openSession } from '../../src/postgres/session.js';
import { readSnapshot } from '../../src/postgres/snapshot-reader.js';
import { Judges } from './judges.js';
import type { World } from './worlds.js';

/** A world on a server, with what compares rewrites there. */
export interface Ground {
  readonly world: World;
  readonly url: string;
  readonly snapshot: Snapshot;
  readonly judges: Judges;
}

/** Makes a world's tables in a database of its own and reads them. */
export async function openGround(
  world: World,
  parts: {
    readonly server: EmbeddedServer;
    readonly databases: number;
    readonly again: number;
    readonly seed: number;
  },
): Promise<Ground> {
  const { server } = parts;
  const name = `fuzz_${world.name}`;
  await server.createDatabase(name);
  const url = server.url(name);
  const session = await openSession(url);
  try {
    await session.script(world.schemaSql);
    const snapshot = await readSnapshot(session);
    return { world, url, snapshot, judges: new Judges({ ...parts, catalog: snapshot.catalog }) };
  } finally {
    await session.close();
  }
}
