import { randomUUID } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { toolVersion } from '../tool-version.js';
import type { Actor } from './ledger.js';

/** Names who runs this process, under a run id of its own. */
export function currentActor(): Actor {
  return { name: `${userName()}@${hostname()}`, runId: randomUUID(), toolVersion: toolVersion() };
}

/** In a container the user may have a number alone, for which the system gives no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
