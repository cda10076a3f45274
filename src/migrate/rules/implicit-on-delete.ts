import { implicitOnDeleteRule, NO_ACTION_WORDS } from '../../sql/schema-rules/implicit-on-delete.js';
import { bodyOf } from '../../sql/walk.js';
import type { LintStatement } from '../lint/lint-file.js';
import type { FinalForeignKey, LintContext } from '../lint/observation.js';
import type { LintRule } from './rule.js';
import { listed, locationOf, seen, startOf, statementsOf } from './wording.js';

/** A foreign key does not say what happens when its parent is deleted. */
export const implicitOnDelete: LintRule = {
  ...implicitOnDeleteRule,
  check: (context) =>
    context.final.foreignKeys
      .filter(({ onDelete }) => onDelete === 'a')
      .flatMap((key) => {
        const statement = makerOf(context, key);
        if (statement !== undefined && /\bON\s+DELETE\s+NO\s+ACTION\b/i.test(statement.text)) return [];
        const columns = listed(key.columns);
        return [
          {
            title: `${key.table} says nothing of ON DELETE for ${columns}`,
            message: `The key from ${key.table} (${columns}) to ${key.references} has no ON DELETE action, so a row of ${key.references} cannot be deleted while one of ${key.table} leads to it. ${NO_ACTION_WORDS}`,
            object: `${key.table}.${key.name}`,
            relations: [key.table],
            location: statement === undefined ? startOf(context.set.files[0]?.path ?? '') : locationOf(statement),
            proof: seen(context, 'the key in the finished schema has the action NO ACTION'),
          },
        ];
      }),
};

/** The last statement that names both tables and makes a key. */
function makerOf(context: LintContext, { table, references, columns }: FinalForeignKey): LintStatement | undefined {
  const name = table.split('.').at(-1)?.replaceAll('"', '') ?? '';
  return statementsOf(context)
    .filter(({ tree, text }) => {
      const target = bodyOf(tree, 'CreateStmt')?.relation ?? bodyOf(tree, 'AlterTableStmt')?.relation;
      if (target?.relname !== name && !('DoStmt' in tree)) return false;
      const words = [name, references, 'references', ...columns];
      return words.every((word) => text.toLowerCase().includes(word.toLowerCase()));
    })
    .at(-1);
}
