import { StewardError } from '../../errors.js';

/** A file of an exported scenario; its name has no folder. */
export interface ExportedFile {
  readonly name: string;
  readonly text: string;
}

/** Gives a query's name as a file's: what a shell or a file system could take amiss becomes a dash. */
export function fileStem(name: string): string {
  return name.replace(/[^A-Za-z0-9._-]/g, '-').replace(/^[.-]+/, '') || 'query';
}

/** Refuses two queries whose names become one outside. */
export function requireDistinctNames(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return;
  throw new StewardError('usage', `two queries would both be called "${twice}" in the exported scenario`, {
    hint: 'give each its own `-- name:` line, of letters, digits and _',
  });
}
