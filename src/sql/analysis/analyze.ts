import type { Node } from '@pgsql/types';
import type { Catalog, Table } from '../../model/catalog.js';
import { visitExpressions } from './expressions.js';
import { StatementReader } from './reader.js';
import { Scope } from './scope.js';
import { readSelect } from './select.js';
import type { StatementAnalysis, TableScan } from './table-scan.js';
import { readWrite } from './write.js';

/** Reads what a statement asks of the catalog's tables; tables that the catalog does not know are passed by. */
export function analyzeStatement(tree: Node, catalog: Catalog): StatementAnalysis {
  const reader = new StatementReader(catalog);
  const scope = new Scope(null);
  if ('SelectStmt' in tree) readSelect(tree.SelectStmt, scope, reader);
  else if (!readWrite(tree, scope, reader)) visitExpressions(tree, scope, reader);
  return { scans: reader.scans.map(freezeScan), writes: reader.writes, parameters: reader.parameters };
}

function freezeScan(scan: StatementReader['scans'][number]): TableScan {
  const inOrder = (table: Table) =>
    table.columns.filter((column) => scan.mentions.has(column.name)).map((column) => column.name);
  return { ...scan, referenced: inOrder(scan.table) };
}
