import type { Catalog } from '../../model/catalog.js';
import type { StatementBinding } from '../../model/workload.js';
import { deparseNode } from '../../sql/deparse.js';
import { isVolatile } from '../../sql/rewrite/aggregates.js';
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
  at: { readonly place: number; readonly catalog: Catalog },
): readonly Unwrapped[] {
  const bound = statement.plannable.bindings.map(({ sql, share }) => {
    const own = readText(sql, at.catalog);
    return { share, texts: own === null ? [] : unwrappedTexts(own, at) };
  });
  return unwrappedTexts(read, at).flatMap((written, choice): Unwrapped[] => {
    const bindings = bound.flatMap(({ share, texts }) => {
      const sql = texts[choice]?.text ?? null;
      return sql === null ? [] : [{ sql, share }];
    });
    const { form, text } = written;
    return text === null || bindings.length < bound.length ? [] : [{ form, text, bindings }];
  });
}

/** Every wrapped column of a statement, in the order of its levels. */
export function allWrapped({ levels }: ReadStatement): readonly WrappedColumn[] {
  return levels.flatMap(wrappedColumns);
}

/** Gives a text under each sargable form of the condition at a place; null for a form that cannot be written. */
export function unwrappedTexts(
  read: ReadStatement,
  { place, catalog }: { readonly place: number; readonly catalog: Catalog },
): readonly { readonly form: SargableForm; readonly text: string | null }[] {
  const wrapped = allWrapped(read)[place];
  // A form may ask for the value twice.
  if (wrapped === undefined || isVolatile(wrapped.value, catalog)) return [];
  return sargableForms(wrapped, catalog).map((form) => {
    const node = conditionNode(form.sql);
    return { form, text: node === null ? null : deparseNode(withNode(read.tree, wrapped.condition.node, node)) };
  });
}
