import type { Node, SelectStmt, WithClause } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf } from '../walk.js';
import { isVolatile } from './aggregates.js';
import { FreshNames } from './column-names.js';
import { type CommonTables, commonTablesOf, type LevelRelation, relationsOf } from './level-names.js';

/** A query with FROM and WHERE of its own, at whatever depth of a statement. */
export interface SelectLevel {
  readonly select: SelectStmt;
  readonly relations: readonly LevelRelation[];
  readonly commonTables: CommonTables;
}

/** Gives the queries of a statement, those inside others first; of set operations each arm. */
export function selectLevels(tree: Node, catalog: Catalog): readonly SelectLevel[] {
  const levels: SelectLevel[] = [];
  read(tree, { catalog, commonTables: new Map(), levels });
  return levels;
}

/** What a rule that writes levels anew looks names up in, and takes new ones from. */
export interface LevelContext {
  readonly catalog: Catalog;
  readonly names: FreshNames;
}

/**
 * Writes a statement with the queries of it changed for which `change` gives true, each in place. Null where there is none,
 * or what the statement computes may differ each time.
 */
export function rewriteLevels(
  sql: string,
  catalog: Catalog,
  change: (level: SelectLevel, context: LevelContext) => boolean,
): string | null {
  const { tree } = parseStatement(sql);
  if (isVolatile(tree, catalog)) return null;
  const names = new FreshNames(tree);
  const changed = selectLevels(tree, catalog).filter((level) => change(level, { catalog, names }));
  return changed.length === 0 ? null : deparseStatement(tree);
}

interface Reading {
  readonly catalog: Catalog;
  readonly commonTables: CommonTables;
  readonly levels: SelectLevel[];
}

function read(value: unknown, reading: Reading): void {
  if (Array.isArray(value)) for (const item of value) read(item, reading);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  const select = bodyOf(value as Node, 'SelectStmt');
  if (select !== null) readSelect(select, reading);
  else for (const child of Object.values(value)) read(child, within(value, reading));
}

function readSelect(select: SelectStmt, reading: Reading): void {
  const inside = within(select, reading);
  const { larg, rarg, ...own } = select;
  for (const arm of [larg, rarg]) if (arm !== undefined) readSelect(arm, inside);
  for (const child of Object.values(own)) read(child, inside);
  if (larg !== undefined) return;
  const { commonTables, levels } = inside;
  levels.push({ select, commonTables, relations: relationsOf(select.fromClause ?? [], inside) });
}

function within({ withClause }: { readonly withClause?: WithClause }, reading: Reading): Reading {
  if (withClause === undefined) return reading;
  return { ...reading, commonTables: commonTablesOf(withClause, reading.catalog, reading.commonTables) };
}
