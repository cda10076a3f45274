import type { LintRule } from './rule.js';
import { read, startOf } from './wording.js';

/** A file lies among the migrations and is never run. */
export const unrecognisedFile: LintRule = {
  id: 'unrecognised-file',
  title: 'A file among the migrations is never run',
  severity: 'warn',
  docs: {
    what: 'Files that end in .sql and are no migration by their name, and down files without an up file.',
    why: 'Its author believes that it ran. The change is in no database, and the code counts on it.',
    limits: 'Files that do not end in .sql are not looked at.',
    sources: ['https://www.postgresql.org/docs/current/ddl.html'],
  },
  check: ({ set }) =>
    set.unrecognised.map(({ path, reason }) => ({
      title: 'The file is never run',
      message: `${path} is passed by: ${reason}. Name it <version>_<name>.up.sql, such as 0007_add_users.up.sql, or move it out of the folder.`,
      object: 'name',
      location: startOf(path),
      proof: read('the names of the files'),
    })),
};
