import type { IndexKey } from '../model/catalog.js';
import type { IndexSpec } from '../model/planner.js';
import { hasDefaultNulls } from './index-definition.js';
import { quoteIdentifier } from './quote.js';

/** Gives an index's keys as a person reads them, and its INCLUDE columns behind a semicolon. */
export function indexColumns(spec: IndexSpec): string {
  return words(spec, { name: (column) => column, expression: (sql) => sql, separator: ', ' });
}

/** Gives the same as `indexColumns` so that no two indexes look alike: names are quoted where SQL wants them quoted. */
export function indexSignature(spec: IndexSpec): string {
  return words(spec, { name: quoteIdentifier, expression: withoutBlanks, separator: ',' });
}

interface Writing {
  readonly separator: string;
  name(column: string): string;
  expression(sql: string): string;
}

const QUOTED_OR_SEPARATOR = /'(?:[^']|'')*'|"(?:[^"]|"")*"|, /g;

/** Takes away the blank behind each comma that is not quoted. */
function withoutBlanks(sql: string): string {
  return sql.replace(QUOTED_OR_SEPARATOR, (part) => (part === ', ' ? ',' : part));
}

function words({ keys, include }: IndexSpec, { name, expression, separator }: Writing): string {
  const written = keys.map((key) =>
    [key.column === null ? expression(key.sql) : name(key.column), ...detailsOf(key)].join(' '),
  );
  const held = include.length === 0 ? '' : `; include ${include.map(name).join(separator)}`;
  return `${written.join(separator)}${held}`;
}

/** What is not PostgreSQL's default. Which schema holds an operator class is for the statement alone. */
function detailsOf(key: IndexKey): readonly string[] {
  return [
    ...(key.collation === null ? [] : [`COLLATE ${key.collation}`]),
    ...(key.opclass?.split('.').slice(-1) ?? []),
    ...(key.descending ? ['DESC'] : []),
    ...(hasDefaultNulls(key) ? [] : [key.nullsFirst ? 'NULLS FIRST' : 'NULLS LAST']),
  ];
}
