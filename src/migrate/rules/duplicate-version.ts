import type { FileRule } from './rule.js';
import { listed, read, startOf } from './wording.js';

/** Two files claim one version. */
export const duplicateVersion: FileRule = {
  id: 'duplicate-version',
  title: 'Two migrations bear one version',
  severity: 'error',
  docs: {
    what: 'Up files whose names begin with the same version.',
    why: 'A runner that knows files by their version applies one of them and takes the other for done, or overwrites its row. Which one depends on the order of the folder.',
    limits: 'Rename the one that is applied nowhere: an applied file under a new version runs again.',
    sources: ['https://www.postgresql.org/docs/current/ddl.html'],
  },
  check: ({ set }) => {
    const versions = [...new Set(set.files.map(({ version }) => version))];
    const claims = versions.map((version) => ({
      version,
      files: set.files.filter((file) => file.version === version),
    }));
    return claims.flatMap(({ version, files }) =>
      files.slice(1).map(({ path }) => ({
        title: `Version ${version} is claimed ${files.length === 2 ? 'twice' : `${files.length} times`}`,
        message: `${listed(files.map((file) => file.path))} bear the version ${version}. Give the one that is applied nowhere yet a version of its own, behind all others.`,
        object: version,
        location: startOf(path),
        proof: read('the names of the files'),
      })),
    );
  },
};
