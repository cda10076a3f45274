import type { TapCounts } from '../../model/tap-record.js';
import { formatCount, plural } from '../units.js';

/** What a person is told of a recording at its end. */
export interface TapSummary extends TapCounts {
  /** The first one first. */
  readonly files: readonly string[];
}

/** Writes what was recorded and what was left out, and why. */
export function renderTapText(summary: TapSummary): string {
  const { files, executions, recorded, connections, sampledOut, encrypted, unreadable, dropped } = summary;
  const left: readonly (readonly [number, string])[] = [
    [sampledOut, 'left out by --sample'],
    [encrypted, 'encrypted: nothing could be seen; connect to the tap with sslmode=disable'],
    [unreadable, 'passed on unread, since what was said was not understood'],
    [dropped, 'dropped, since the recording could not keep up or had no room'],
  ];
  const lines = [
    `recorded ${plural(executions, 'statement')} of ${plural(recorded, 'session')}, ${plural(connections, 'connection')} in all`,
    ...left.filter(([count]) => count > 0).map(([count, reason]) => `  ${formatCount(count)} ${reason}`),
    ...files.map((file) => `  ${file}`),
  ];
  return `${lines.join('\n')}\n`;
}
