import type { Node, RangeVar, SelectStmt } from '@pgsql/types';
import type { SchemaObject } from '../../model/schema-object.js';
import { parseStatement } from '../parse.js';
import { asParseFailure } from '../parse-failure.js';
import { bodyOf } from '../walk.js';
import { columnParts } from './expression.js';

/** What a view is made of that passes the rows of one relation through, so that it can be written to. */
export interface PassedThrough {
  readonly relation: RangeVar;
  /** The relation's column by the view's; computed ones are not among them. */
  readonly columns: ReadonlyMap<string, string>;
}

const queries = new WeakMap<SchemaObject, SelectStmt | null>();

/** Gives the query that a view stands for, parsed once; null where the parser does not know its words. */
export function queryOfView(view: SchemaObject): SelectStmt | null {
  const known = queries.get(view);
  if (known !== undefined) return known;
  const query = parsedQuery(view.definition);
  queries.set(view, query);
  return query;
}

function parsedQuery(definition: string | null): SelectStmt | null {
  if (definition === null) return null;
  try {
    return bodyOf(bodyOf(parseStatement(definition).tree, 'ViewStmt')?.query, 'SelectStmt');
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}

/** Gives the one relation whose rows a query passes through; null where it is made of more than that. */
export function passedThrough({ fromClause = [], targetList = [] }: SelectStmt): PassedThrough | null {
  const relation = bodyOf(fromClause[0], 'RangeVar');
  if (relation === null || fromClause.length > 1) return null;
  return { relation, columns: new Map(targetList.flatMap(columnOf)) };
}

function columnOf(target: Node): readonly [string, string][] {
  const { name: alias, val } = bodyOf(target, 'ResTarget') ?? {};
  const reference = bodyOf(val, 'ColumnRef');
  const name = reference === null ? null : columnParts(reference).name;
  return name === null ? [] : [[alias ?? name, name]];
}
