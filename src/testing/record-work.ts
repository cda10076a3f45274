import { createLog } from '../log.js';
import type { TapCounts } from '../model/tap-record.js';
import { startTap } from '../tap/tap.js';
import { toolVersion } from '../tool-version.js';
import { tappableUrl } from './tapped-url.js';

export interface Recording {
  readonly databaseUrl: string;
  /** File of the recording. */
  readonly output: string;
  readonly values: 'hashed' | 'plain';
}

/** Runs some work with a tap between it and a database; the work gets the URL that it is to connect to. */
export async function recordWork(
  { databaseUrl, output, values }: Recording,
  work: (url: string) => unknown,
): Promise<TapCounts> {
  const { upstream, at } = tappableUrl(databaseUrl);
  const log = createLog('silent');
  const tap = await startTap({ listen: '127.0.0.1:0', upstream, output, values, toolVersion: toolVersion(), log });
  try {
    await work(at(tap.address));
  } finally {
    await tap.stop();
  }
  return tap.counts;
}
