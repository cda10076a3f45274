import type { RangeVar } from '@pgsql/types';
import type { RelationName } from '../model/catalog.js';
import { parseStatements } from './parse.js';
import { visit } from './walk.js';

/** Gives the relations that a text names, those without a schema as of `public`; WITH names are among them. */
export function namedRelations(text: string): readonly RelationName[] {
  const found = new Map<string, RelationName>();
  for (const { tree } of parseStatements(text))
    visit(tree, (kind, body) => {
      if (kind !== 'RangeVar') return true;
      const { schemaname, relname } = body as RangeVar;
      const relation = { schema: schemaname ?? 'public', name: relname ?? '' };
      found.set(JSON.stringify([relation.schema, relation.name]), relation);
      return true;
    });
  return [...found.values()];
}
