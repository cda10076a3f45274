import type { FileRule } from './rule.js';
import { read, startOf } from './wording.js';

/** A migration has no way back. */
export const missingDown: FileRule = {
  id: 'missing-down',
  title: 'A migration has no down file',
  severity: 'warn',
  docs: {
    what: 'Up files without a down file of the same version and name, and without a directive that says why there can be none.',
    why: 'When a release fails, somebody writes the way back by hand, at night, on production.',
    limits: 'Whether a down file brings the schema back is what pgsteward migrate verify shows.',
    sources: ['https://www.postgresql.org/docs/current/ddl-alter.html'],
  },
  check: ({ set }) =>
    set.files
      .filter(({ down, irreversible }) => down === null && irreversible === null)
      .map(({ path }) => ({
        title: 'There is no down file',
        message: `Write ${path.replace(/\.up\.sql$/, '.down.sql')}, or say in the up file why there is no way back: "-- pgsteward: irreversible <reason>".`,
        object: 'down',
        location: startOf(path),
        proof: read('the names of the files'),
      })),
};
