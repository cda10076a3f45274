import { existsSync } from 'node:fs';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The flags that keep a browser quiet, local and able to run as root. */
export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Gives the path of a Chromium: `PGSTEWARD_CHROMIUM`, else a usual place, else null. */
export function findChromium(): string | null {
  const wanted = process.env['PGSTEWARD_CHROMIUM'];
  return [...(wanted === undefined ? [] : [wanted]), ...CANDIDATES].find((path) => existsSync(path)) ?? null;
}
