import type { RangeVar } from '@pgsql/types';
import type { RelationName } from '../model/relation-name.js';
import { parseStatements } from './parse.js';
import { visit } from './walk.js';

/** Gives every mention of a relation in a text, in order, those without a schema as of `public`; WITH names are among them. */
export function namedRelations(text: string): readonly RelationName[] {
  const mentions: RelationName[] = [];
  for (const { tree } of parseStatements(text))
    visit(tree, (kind, body) => {
      if (kind !== 'RangeVar') return true;
      const { schemaname, relname } = body as RangeVar;
      mentions.push({ schema: schemaname ?? 'public', name: relname ?? '' });
      return true;
    });
  return mentions;
}
