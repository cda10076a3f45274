import { compareVersions } from '../version.js';
import type { LintRule } from './rule.js';
import { read, startOf } from './wording.js';

/** A file has a version below one that is applied already. */
export const outOfOrder: LintRule = {
  id: 'out-of-order',
  title: 'A migration stands before one that is applied already',
  severity: 'error',
  docs: {
    what: 'Files that the named database has not applied, though it has applied a later version.',
    why: 'It never ran before the later ones, so the order in production is not the order in which it was tested; other databases get another one.',
    limits: 'Only with --database-url: the files alone do not say what is applied.',
    sources: ['https://www.postgresql.org/docs/current/ddl-alter.html'],
  },
  check: ({ known: database, set }) => {
    const known = new Set(database?.applied.map(({ version }) => version));
    const newest = [...known].sort(compareVersions).at(-1);
    if (newest === undefined) return [];
    return set.files
      .filter(({ version }) => !known.has(version) && compareVersions(version, newest) < 0)
      .map(({ path, version }) => ({
        title: `Version ${version} comes late`,
        message: `The database has applied version ${newest}, but not ${version}. Give the file a version behind all others, or apply it late with pgsteward migrate up --allow-out-of-order.`,
        object: version,
        location: startOf(path),
        proof: read('the ledger of the database and the names of the files'),
      }));
  },
};
