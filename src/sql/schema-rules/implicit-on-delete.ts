import type { Rule } from '../../model/rule.js';

/** What the rule says of itself, for migrations and for a database alike. */
export const implicitOnDeleteRule: Rule = {
  id: 'implicit-on-delete',
  title: 'A foreign key does not say what happens on delete',
  severity: 'info',
  docs: {
    what: 'Foreign keys of the schema that nothing gives an ON DELETE action.',
    why: 'Without one it is NO ACTION: the parent cannot be deleted as long as a row leads to it, which is found out when somebody tries. That is often wanted, and seldom written. It is not RESTRICT: NO ACTION looks when the statement is over, or at COMMIT where the key is deferred, so that other cascades may take the row away first.',
    limits:
      'In migrations, keys that earlier files made and later ones changed or dropped are judged as they end, and NO ACTION that is written is taken as meant. A database keeps no difference between the two; deferrable keys, which want NO ACTION, are passed by there. Write RESTRICT where deleting is to fail.',
    sources: ['https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK'],
  },
};

/** What to do about such a key. */
export const NO_ACTION_WORDS = 'Say what is meant: RESTRICT, CASCADE or SET NULL.';

/** Gives a foreign key's definition, as the server prints it without an ON DELETE action, with one. */
export function withOnDelete(definition: string, action: 'SET NULL' | 'RESTRICT'): string {
  const [whole = definition] = /^.*?(?=( NOT ENFORCED)?( NOT VALID)?$)/s.exec(definition) ?? [];
  return `${whole} ON DELETE ${action}${definition.slice(whole.length)}`;
}
