import type { Difference } from '../../model/drift.js';

/** Gives the statement that a down file lacks where it follows from the difference alone, else null. */
export function undoSql({ kind, objectType, object, expected }: Difference): string | null {
  if (kind === 'missing' && objectType === 'index') return recreateIndex(object, expected ?? '');
  return kind === 'unexpected' ? dropSql(objectType, object) : null;
}

function recreateIndex(object: string, definition: string): string {
  return definition.replace(' INDEX ON ', () => ` INDEX ${splitName(object).name} ON `);
}

function dropSql(objectType: string, object: string): string | null {
  const { host, name } = splitName(object);
  switch (objectType) {
    case 'column':
      return `ALTER TABLE ${host} DROP COLUMN ${name}`;
    case 'constraint':
      return `ALTER TABLE ${host} DROP CONSTRAINT ${name}`;
    case 'trigger':
    case 'policy':
    case 'rule':
      return `DROP ${objectType.toUpperCase()} ${name} ON ${host}`;
    default: {
      const word = WORDS[objectType];
      return word === undefined ? null : `DROP ${word} ${object}`;
    }
  }
}

const SAME = [
  'table',
  'view',
  'materialized view',
  'index',
  'sequence',
  'function',
  'procedure',
  'aggregate',
  'schema',
];
const WORDS: Readonly<Record<string, string>> = {
  ...Object.fromEntries([...SAME, 'extension', 'domain', 'publication'].map((word) => [word, word.toUpperCase()])),
  ...Object.fromEntries(['enum', 'composite type', 'range type'].map((type) => [type, 'TYPE'])),
  'event trigger': 'EVENT TRIGGER',
  'statistics object': 'STATISTICS',
};

/** Takes the last part off a name whose parts may be quoted. */
function splitName(object: string): { readonly host: string; readonly name: string } {
  const [, host = '', name = object] = /^(.*)\.("(?:[^"]|"")*"|[^".]+)$/s.exec(object) ?? [];
  return { host, name };
}
