import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import type { TapExecution, TapRecord } from '../../src/model/tap-record.js';
import { readAddress } from '../../src/tap/address.js';
import { startTap, type Tap, type TapOptions } from '../../src/tap/tap.js';
import { place } from '../program.js';

export interface Tapped {
  readonly tap: Tap;
  readonly file: string;
  /** Where the tap listens. */
  readonly listens: ReturnType<typeof requireAddress>;
  /** Path of the server's socket, or where it listens. */
  readonly upstream: string;
  /** The database's URL by way of the tap. */
  readonly url: string;
  readonly database: string;
  /** Stops the tap and gives what it has recorded. */
  records(): Promise<readonly TapRecord[]>;
  executions(): Promise<readonly TapExecution[]>;
}

/** Starts a tap before a database; it is stopped after the test. */
export async function tapped(databaseUrl: string, options: Partial<TapOptions> = {}): Promise<Tapped> {
  const { pathname, searchParams, hostname, port } = new URL(databaseUrl);
  const folder = searchParams.get('host');
  const upstream = folder === null ? `${hostname}:${port}` : `${folder}/.s.PGSQL.${port || 5432}`;
  const file = join(place(), 'trace.ndjson');
  const log = pino({ level: 'silent' });
  const tap = await startTap({
    ...{ listen: '127.0.0.1:0', upstream, output: file, values: 'plain', toolVersion: '0', log },
    ...options,
  });
  let stopped: Promise<void> | null = null;
  const stop = () => {
    stopped ??= tap.stop();
    return stopped;
  };
  onTestFinished(stop);
  const records = async () => {
    await stop();
    return tap.files.flatMap(readRecords);
  };
  return {
    ...{ tap, file, upstream, listens: requireAddress(tap.address), database: pathname.slice(1), records },
    url: `postgres://postgres@${tap.address}${pathname}?sslmode=disable`,
    executions: async () => (await records()).filter((record): record is TapExecution => record.kind === 'execution'),
  };
}

/** Reads whole lines; a last one that is cut off is left out. */
export function readRecords(file: string): readonly TapRecord[] {
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as TapRecord);
}

export function requireAddress(text: string) {
  const address = readAddress(text);
  if (address === null) throw new Error(`${text} is no address`);
  return address;
}
