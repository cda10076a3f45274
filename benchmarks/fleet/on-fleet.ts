import { type EmbeddedServer, type ServerOptions, startServer } from '../../src/embedded/server.js';
import { generateFleet } from '../../src/fleet/generate.js';
import { type FleetVariant, installFleet } from '../../src/fleet/install.js';
import type { FleetScale } from '../../src/fleet/scale.js';
import { openSession, type Session } from '../../src/postgres/session.js';

/** Which fleet is made, and on what server. */
export interface FleetOptions extends ServerOptions {
  readonly variant: FleetVariant;
  readonly scale: FleetScale;
}

/** A fleet with its rows in a database of its own. */
export interface Fleet {
  readonly url: string;
  /** Closed at the end, or before by whoever needs the database without connections. */
  readonly session: Session;
  readonly server: EmbeddedServer;
}

/** Runs a campaign on a fleet, whose private server ends with it. */
export async function onFleet<Result>(
  { variant, scale, ...options }: FleetOptions,
  campaign: (fleet: Fleet) => Promise<Result>,
): Promise<Result> {
  const server = await startServer(options);
  try {
    await server.createDatabase('fleet');
    const url = server.url('fleet');
    const session = await openSession(url);
    await installFleet(session, variant);
    await generateFleet(session, { scale });
    const result = await campaign({ url, session, server });
    await session.close();
    return result;
  } finally {
    await server.stop();
  }
}
