import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { type AnyBody, bodyOf } from '../walk.js';
import { type CommonTables, commonTablesOf, type LevelRelation, relationIn, relationsOf } from './level-names.js';
import { referenceOf } from './nodes.js';

/** Column references of a query that are about the rows of a query around it. */
export interface FreeReferences {
  /** The nodes that hold them. */
  readonly nodes: readonly Node[];
  /** False where a name may belong to a relation of which no columns are known. */
  readonly isKnown: boolean;
}

interface Sight {
  readonly catalog: Catalog;
  readonly commonTables: CommonTables;
  /** Innermost first. */
  readonly scopes: readonly (readonly LevelRelation[])[];
  /** Names that ORDER BY and GROUP BY may use. */
  readonly outputs: ReadonlySet<string>;
}

/** Gives the references of a query, or of a part of it, that its own relations do not answer. */
export function freeReferences(
  select: SelectStmt,
  context: { readonly catalog: Catalog; readonly commonTables: CommonTables },
): FreeReferences {
  const found: { nodes: Node[]; isKnown: boolean } = { nodes: [], isKnown: true };
  readLevel(select, { ...context, scopes: [], outputs: new Set() }, found);
  return found;
}

/** Gives the references of an expression that these relations do not answer. */
export function freeIn(
  expression: unknown,
  relations: readonly LevelRelation[],
  context: { readonly catalog: Catalog; readonly commonTables: CommonTables },
): FreeReferences {
  const found: { nodes: Node[]; isKnown: boolean } = { nodes: [], isKnown: true };
  read(expression, { ...context, scopes: [relations], outputs: new Set() }, found);
  return found;
}

function readLevel(select: SelectStmt, around: Sight, found: { nodes: Node[]; isKnown: boolean }): void {
  const commonTables = commonTablesOf(select.withClause, around.catalog, around.commonTables);
  const relations = relationsOf(select.fromClause ?? [], { catalog: around.catalog, commonTables });
  const outputs = (select.targetList ?? []).flatMap((target) => bodyOf(target, 'ResTarget')?.name ?? []);
  const sight = { ...around, commonTables, scopes: [relations, ...around.scopes], outputs: new Set<string>() };
  for (const [field, value] of Object.entries(select)) {
    const isNamed = field === 'sortClause' || field === 'groupClause' || field === 'distinctClause';
    if (field === 'larg' || field === 'rarg') readLevel(value as SelectStmt, sight, found);
    // What stands in FROM or WITH sees the levels around this one, and this one only when it is LATERAL.
    else read(value, isNamed ? { ...sight, outputs: new Set(outputs) } : sight, found);
  }
}

function read(value: unknown, sight: Sight, found: { nodes: Node[]; isKnown: boolean }): void {
  if (Array.isArray(value)) {
    for (const item of value) read(item, sight, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const select = bodyOf(value as Node, 'SelectStmt');
  if (select !== null) {
    readLevel(select, sight, found);
    return;
  }
  if ('ColumnRef' in value) {
    readReference(value as Node, sight, found);
    return;
  }
  for (const child of Object.values(value as AnyBody)) read(child, sight, found);
}

function readReference(node: Node, { scopes, outputs }: Sight, found: { nodes: Node[]; isKnown: boolean }): void {
  const reference = bodyOf(node, 'ColumnRef');
  const named = reference === null ? null : referenceOf(reference);
  if (named === null) {
    const qualifier = bodyOf(reference?.fields?.at(-2), 'String')?.sval;
    const isOwn = qualifier === undefined || scopes.some((scope) => scope.some(({ alias }) => alias === qualifier));
    if (!isOwn) found.nodes.push(node);
    return;
  }
  if (named.qualifier === null && outputs.has(named.name)) return;
  for (const scope of scopes) {
    if (relationIn(scope, named) !== null) return;
    // A name alone may stand for a whole row.
    if (named.qualifier === null && scope.some(({ alias }) => alias === named.name)) return;
    if (named.qualifier === null && scope.some(({ columns }) => columns === null)) found.isKnown = false;
  }
  found.nodes.push(node);
}
