import type { LintRule } from './rule.js';
import { read, startOf } from './wording.js';

/** A file was changed after a database had applied it. */
export const editedAfterApply: LintRule = {
  id: 'edited-after-apply',
  title: 'A migration was edited after it was applied',
  severity: 'error',
  docs: {
    what: 'Files whose text, up and down together, is not the one that the named database has applied; line ends and a byte order mark make no difference.',
    why: 'The change is in no database that applied the file before, and new databases differ from old ones from here on.',
    limits: 'Only with --database-url: the files alone do not say what is applied.',
    sources: ['https://www.postgresql.org/docs/current/ddl-alter.html'],
  },
  check: ({ known, set }) => {
    const checksums = new Map(known?.applied.map(({ version, checksum }) => [version, checksum]));
    return set.files
      .filter(({ version, checksum }) => checksums.has(version) && checksums.get(version) !== checksum)
      .map(({ path, version }) => ({
        title: `Version ${version} is not what was applied`,
        message: `The text of ${path} or of its down file is not the one that the database has applied. Bring it back as it was, and put the change into a new migration.`,
        object: version,
        location: startOf(path),
        proof: read('the checksum in the ledger of the database'),
      }));
  },
};
