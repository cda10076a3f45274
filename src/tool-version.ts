import { readFileSync } from 'node:fs';

/** Gives the version of this package, which stands in package.json one folder up, in the sources and when built. */
export function toolVersion(): string {
  const text = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { readonly version: string }).version;
}
