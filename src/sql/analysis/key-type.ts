import type { FuncCall, Node, TypeName } from '@pgsql/types';
import { bodyOf } from '../walk.js';

/** Gives a column's type by its reference; null where the reference is to no table's column. */
export type ColumnTypeOf = (reference: Node) => string | null;

/** Gives an expression's type as `format_type` writes it where its text alone tells, else null. */
export function typeOfExpression(node: Node, columnType: ColumnTypeOf): string | null {
  if ('ColumnRef' in node) return columnType(node);
  if ('TypeCast' in node) return node.TypeCast.typeName === undefined ? null : typeNameOf(node.TypeCast.typeName);
  if ('CollateClause' in node)
    return node.CollateClause.arg === undefined ? null : typeOfExpression(node.CollateClause.arg, columnType);
  if ('FuncCall' in node) return typeOfCall(node.FuncCall, columnType);
  if ('CoalesceExpr' in node) return firstTypeOf(node.CoalesceExpr.args ?? [], columnType);
  const expression = bodyOf(node, 'A_Expr');
  const operator = nameOf(expression?.name);
  if (expression?.lexpr === undefined || operator === null) return null;
  if (operator === '->>' || operator === '#>>') return 'text';
  const left = typeOfExpression(expression.lexpr, columnType);
  if (operator === '->' || operator === '#>') return left === 'json' || left === 'jsonb' ? left : null;
  if (operator !== '||') return null;
  return left ?? (expression.rexpr === undefined ? null : typeOfExpression(expression.rexpr, columnType));
}

function firstTypeOf(nodes: readonly Node[], columnType: ColumnTypeOf): string | null {
  for (const node of nodes) {
    const type = typeOfExpression(node, columnType);
    if (type !== null) return type;
  }
  return null;
}

const RESULTS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['lower', 'upper', 'btrim', 'ltrim', 'rtrim', 'substr', 'substring', 'left', 'right', 'replace', 'concat'].map(
      (name) => [name, 'text'],
    ),
  ),
  ...{ regexp_replace: 'text', translate: 'text', md5: 'text', unaccent: 'text', immutable_unaccent: 'text' },
  ...{ to_tsvector: 'tsvector', setweight: 'tsvector', strip: 'tsvector' },
  ...{ string_to_array: 'text[]', regexp_split_to_array: 'text[]' },
  ...Object.fromEntries(
    ['int4range', 'int8range', 'numrange', 'daterange', 'tsrange', 'tstzrange'].map((name) => [name, name]),
  ),
  ...{ to_jsonb: 'jsonb', jsonb_path_query_array: 'jsonb', jsonb_extract_path: 'jsonb' },
};

function typeOfCall({ funcname, args = [] }: FuncCall, columnType: ColumnTypeOf): string | null {
  const name = nameOf(funcname) ?? '';
  const [, of] = args;
  if (name === 'date_trunc' && of !== undefined) return TRUNCATED[typeOfExpression(of, columnType) ?? ''] ?? null;
  return RESULTS[name] ?? null;
}

/** What date_trunc gives of a moment: days are read as those of the session’s zone. */
const TRUNCATED: Readonly<Record<string, string>> = {
  ...{ date: 'timestamp with time zone', 'timestamp with time zone': 'timestamp with time zone' },
  'timestamp without time zone': 'timestamp without time zone',
};

/** The grammar's own names of types that people write otherwise. */
const PRINTED: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  varchar: 'character varying',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
};

function typeNameOf(type: TypeName): string | null {
  const name = nameOf(type.names);
  if (name === null) return null;
  return `${PRINTED[name] ?? name}${(type.arrayBounds ?? []).length > 0 ? '[]' : ''}`;
}

function nameOf(parts: readonly Node[] | undefined): string | null {
  return bodyOf(parts?.at(-1), 'String')?.sval ?? null;
}
