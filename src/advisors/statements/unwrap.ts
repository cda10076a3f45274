import type { Catalog } from '../../model/catalog.js';
import type { StatementBinding } from '../../model/workload.js';
import { deparseNode } from '../../sql/deparse.js';
import { conditionNode, withNode } from '../../sql/with-node.js';
import type { AnalyzedStatement } from '../advisor.js';
import { type ReadStatement, readText } from './read-statement.js';
import { type SargableForm, sargableForms } from './sargable-form.js';
import { type WrappedColumn, wrappedColumns } from './wrapped-columns.js';

/** A statement with one of its conditions written so that the column stands bare. */
export interface Unwrapped {
  readonly form: SargableForm;
  /** With `$n`, as the statement has them. */
  readonly text: string;
  readonly bindings: readonly StatementBinding[];
}

/** Gives the statement under each sargable form of the condition at a place among its wrapped ones. */
export function unwrappedStatements(
  statement: AnalyzedStatement,
  read: ReadStatement,
  { place, catalog }: { readonly place: number; readonly catalog: Catalog },
): readonly Unwrapped[] {
  const wrapped = allWrapped(read)[place];
  const forms = wrapped === undefined ? [] : sargableForms(wrapped);
  return forms.flatMap((form, choice): Unwrapped[] => {
    const text = unwrapped(read, { place, choice });
    const bindings = statement.plannable.bindings.flatMap(({ sql, share }) => {
      const bound = readText(sql, catalog);
      const rewritten = bound === null ? null : unwrapped(bound, { place, choice });
      return rewritten === null ? [] : [{ sql: rewritten, share }];
    });
    return text === null || bindings.length < statement.plannable.bindings.length ? [] : [{ form, text, bindings }];
  });
}

/** Every wrapped column of a statement, in the order of its levels. */
export function allWrapped({ levels }: ReadStatement): readonly WrappedColumn[] {
  return levels.flatMap(wrappedColumns);
}

function unwrapped(read: ReadStatement, at: { readonly place: number; readonly choice: number }): string | null {
  const wrapped = allWrapped(read)[at.place];
  const form = wrapped === undefined ? undefined : sargableForms(wrapped)[at.choice];
  const node = form === undefined ? null : conditionNode(form.sql);
  if (wrapped === undefined || node === null) return null;
  return deparseNode(withNode(read.tree, wrapped.condition.node, node));
}
