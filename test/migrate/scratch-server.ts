import { startServer } from '../../src/embedded/server.js';
import { oncePerFile } from '../per-file.js';

/** Gives the test file's one private server of major 18, for what would start one of its own each time. */
export const scratchServer = oncePerFile(
  () => startServer({ major: 18 }),
  (server) => server.stop(),
);
