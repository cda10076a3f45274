import { scanTokens } from '../../sql/tokens.js';
import type { LintStatement } from '../lint/lint-file.js';
import type { LintRule } from './rule.js';
import { locationOf, read, statementsOf } from './wording.js';

/** PostgreSQL keeps so many bytes of a name. */
const NAME_BYTES_MAX = 63;

/** A name is longer than PostgreSQL keeps. */
export const truncatedIdentifier: LintRule = {
  id: 'truncated-identifier',
  title: 'A name is longer than PostgreSQL keeps',
  severity: 'warn',
  docs: {
    what: 'Names of more than 63 bytes in statements that make, change or drop something.',
    why: 'PostgreSQL cuts the name and says so in a NOTICE that nobody reads. Two long names that begin alike become one, IF NOT EXISTS then passes the second by, and code that looks the object up by its whole name does not find it.',
    limits: 'Names that a function or a DO block puts together are not looked at.',
    sources: ['https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS'],
  },
  check: (context) =>
    statementsOf(context).flatMap((statement) =>
      longNamesOf(statement).map((name) => ({
        title: `${name} is cut to 63 bytes`,
        message: `${name} has ${Buffer.byteLength(name)} bytes, of which PostgreSQL keeps ${NAME_BYTES_MAX}. Give it a shorter one.`,
        object: name,
        location: locationOf(statement),
        proof: read('the names in the statement'),
      })),
    ),
};

function longNamesOf({ tree, text }: LintStatement): readonly string[] {
  const [kind = ''] = Object.keys(tree);
  // A character has four bytes at the most, so shorter words need no scan.
  if (!/^(Create|Alter|Index|Rename|Drop|View|Composite)/.test(kind) || !/[^\s'.,()]{16,}/.test(text)) return [];
  const names = scanTokens(text).flatMap(({ text: token }) => {
    if (/^".*"$/s.test(token)) return [token.slice(1, -1).replaceAll('""', '"')];
    return /^[\p{L}_]/u.test(token) && !token.includes("'") ? [token] : [];
  });
  return [...new Set(names.filter((name) => Buffer.byteLength(name) > NAME_BYTES_MAX))];
}
