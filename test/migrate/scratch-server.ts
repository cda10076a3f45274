import { afterAll } from 'vitest';
import { type EmbeddedServer, startServer } from '../../src/embedded/server.js';

let running: Promise<EmbeddedServer> | null = null;

/** Gives the test file's one private server of major 18, for what would start one of its own each time. */
export function scratchServer(): Promise<EmbeddedServer> {
  running ??= startServer({ major: 18 });
  return running;
}

afterAll(async () => {
  await (await running)?.stop();
});
