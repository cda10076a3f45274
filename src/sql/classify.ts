import type { Node } from '@pgsql/types';
import { type AnyBody, bodyOf } from './walk.js';

export type StatementKind = 'select' | 'insert' | 'update' | 'delete' | 'merge' | 'utility';

/** A relation as a statement names it; the schema is null where the search path decides. */
export interface NamedRelation {
  readonly schema: string | null;
  readonly name: string;
}

/** The relations of a statement, each once, in the order of their first mention. */
export interface StatementRelations {
  readonly reads: readonly NamedRelation[];
  /** Targets of INSERT, UPDATE, DELETE and MERGE, those inside WITH included. */
  readonly writes: readonly NamedRelation[];
}

/** Gives what kind of statement a tree is; all that is not planned, SELECT INTO included, is `utility`. */
export function statementKind(tree: Node): StatementKind {
  const select = bodyOf(tree, 'SelectStmt');
  if (select !== null) return select.intoClause === undefined ? 'select' : 'utility';
  return KIND_OF_NODE[Object.keys(tree)[0] ?? ''] ?? 'utility';
}

/** Gives the relations that a statement reads and writes; names of its own WITH queries are not relations. */
export function statementRelations(tree: Node): StatementRelations {
  const found = { reads: new Map<string, NamedRelation>(), writes: new Map<string, NamedRelation>() };
  collect(tree, { field: '', withNames: new Set(), writing: false }, found);
  return { reads: [...found.reads.values()], writes: [...found.writes.values()] };
}

const KIND_OF_NODE: Readonly<Record<string, StatementKind>> = {
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
  MergeStmt: 'merge',
};

interface Found {
  readonly reads: Map<string, NamedRelation>;
  readonly writes: Map<string, NamedRelation>;
}

interface Scope {
  /** The field that holds the value, or the node's kind where it has one. */
  readonly field: string;
  readonly withNames: ReadonlySet<string>;
  /** The value stands directly in a statement that writes. */
  readonly writing: boolean;
}

function collect(value: unknown, scope: Scope, found: Found): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, scope, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const body = value as AnyBody;
  if (typeof body['relname'] === 'string') addRelation(body, scope, found);
  const withNames = collectWith(body, scope, found);
  for (const [field, child] of Object.entries(body)) {
    // FOR UPDATE OF names aliases.
    if (field === 'withClause' || field === 'lockedRels') continue;
    const writing = scope.field in KIND_OF_NODE && field === 'relation';
    collect(child, { field, withNames, writing }, found);
  }
}

function addRelation(body: AnyBody, scope: Scope, found: Found): void {
  const name = String(body['relname']);
  const schema = typeof body['schemaname'] === 'string' ? body['schemaname'] : null;
  if (schema === null && scope.withNames.has(name) && !scope.writing) return;
  const key = JSON.stringify([schema, name]);
  const relations = scope.writing ? found.writes : found.reads;
  if (!relations.has(key)) relations.set(key, { schema, name });
}

/** Reads the WITH queries of a statement and gives the names that the rest of it may use. */
function collectWith(body: AnyBody, scope: Scope, found: Found): ReadonlySet<string> {
  const clause = body['withClause'] as { readonly ctes?: readonly Node[]; readonly recursive?: boolean } | undefined;
  if (clause === undefined) return scope.withNames;
  const queries = (clause.ctes ?? []).flatMap((node) => bodyOf(node, 'CommonTableExpr') ?? []);
  const names = new Set(scope.withNames);
  // Without RECURSIVE a query sees those before it, so that `WITH t AS (SELECT … FROM t)` reads the table.
  if (clause.recursive === true) for (const query of queries) names.add(query.ctename ?? '');
  for (const query of queries) {
    collect(query.ctequery, { field: '', withNames: new Set(names), writing: false }, found);
    names.add(query.ctename ?? '');
  }
  return names;
}
