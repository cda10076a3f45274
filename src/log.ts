import { destination, type Logger, pino } from 'pino';

export type Log = Logger;

/** Makes the program's logger: JSON lines on stderr, one event each. */
export function createLog(level: string): Log {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination({ fd: 2, sync: true }));
}
