import type { Node } from '@pgsql/types';

/** Names of the parser's node types: `SelectStmt`. */
export type NodeKind = Node extends infer Each ? (Each extends unknown ? keyof Each : never) : never;

/** Fields of one node type. */
export type NodeBody<Kind extends NodeKind> = Extract<Node, Record<Kind, unknown>>[Kind];

/** Fields of any node; values are nodes, lists of nodes, texts, numbers and booleans. */
export type AnyBody = Readonly<Record<string, unknown>>;

/** From the root: a field's name, or a position in a list. It holds as long as the visitor runs. */
type NodePath = readonly (string | number)[];

/** Returns false to pass a node's children by. */
export type Visitor = (kind: string, body: AnyBody, path: NodePath) => unknown;

/**
 * Calls the visitor for every node of a tree, parents first, in the order of the fields. A node that the parser
 * does not wrap in its kind, such as `relation` of an INSERT, is given the kind of its field.
 */
export function visit(node: unknown, visitor: Visitor): void {
  visitValue({ value: node, field: '' }, [], visitor);
}

/** Gives the fields of a node when it is of this kind, else null. */
export function bodyOf<Kind extends NodeKind>(node: Node | undefined, kind: Kind): NodeBody<Kind> | null {
  if (node === undefined || !(kind in node)) return null;
  return (node as unknown as Record<Kind, NodeBody<Kind>>)[kind];
}

interface Position {
  readonly value: unknown;
  readonly field: string;
}

function visitValue({ value, field }: Position, path: (string | number)[], visitor: Visitor): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visitAt(index, { value: item, field }, path, visitor);
    return;
  }
  if (!isBody(value)) return;
  const wrapped = unwrap(value);
  if (wrapped !== null) path.push(wrapped.kind);
  visitBody(wrapped?.kind ?? KIND_OF_FIELD[field] ?? field, wrapped?.body ?? value, path, visitor);
  if (wrapped !== null) path.pop();
}

function visitBody(kind: string, body: AnyBody, path: (string | number)[], visitor: Visitor): void {
  if (visitor(kind, body, path) === false) return;
  for (const [name, value] of Object.entries(body)) visitAt(name, { value, field: name }, path, visitor);
}

function visitAt(step: string | number, position: Position, path: (string | number)[], visitor: Visitor): void {
  path.push(step);
  visitValue(position, path, visitor);
  path.pop();
}

function isBody(value: unknown): value is AnyBody {
  return typeof value === 'object' && value !== null;
}

/** Kinds begin with a capital letter, fields never do. */
function unwrap(value: AnyBody): { readonly kind: string; readonly body: AnyBody } | null {
  const [kind, second] = Object.keys(value);
  if (kind === undefined || second !== undefined || !/^[A-Z]/.test(kind)) return null;
  const body = value[kind];
  return isBody(body) ? { kind, body } : null;
}

/** Fields whose node bears no kind of its own. `larg` and `rarg` do so in a set operation alone. */
const KIND_OF_FIELD: Readonly<Record<string, NodeKind>> = {
  larg: 'SelectStmt',
  rarg: 'SelectStmt',
  relation: 'RangeVar',
  rel: 'RangeVar',
  typeName: 'TypeName',
  alias: 'Alias',
  join_using_alias: 'Alias',
  withClause: 'WithClause',
  intoClause: 'IntoClause',
  into: 'IntoClause',
  onConflictClause: 'OnConflictClause',
  infer: 'InferClause',
  returningClause: 'ReturningClause',
  over: 'WindowDef',
  search_clause: 'CTESearchClause',
  cycle_clause: 'CTECycleClause',
};
