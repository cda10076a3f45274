import type { Catalog, Table } from '../../model/catalog.js';

/**
 * Gives the constants that a table's own definitions show to whoever reads the schema: those of CHECK constraints,
 * index predicates and expressions, defaults, partition bounds, and the CHECKs of domains.
 */
export function constantsOf(table: Table, catalog: Catalog): ReadonlySet<string> {
  const domains = (catalog.objects ?? []).filter(({ kind }) => kind === 'domain');
  const texts = [
    ...table.constraints.filter(({ kind }) => kind === 'check').map(({ definition }) => definition),
    ...table.indexes.map(({ definition }) => definition),
    ...table.columns.map((column) => column.default),
    table.partitionOf?.bound,
    ...domains.map(({ definition }) => definition),
  ];
  return new Set(texts.flatMap((text) => (text == null ? [] : constantsIn(text))));
}

function constantsIn(text: string): readonly string[] {
  const strings = [...text.matchAll(/'((?:[^']|'')*)'/g)].map(([, content = '']) => content.replaceAll("''", "'"));
  const numbers = text.match(/(?<![\w.])-?\d+(\.\d+)?(?![\w.])/g) ?? [];
  return [...strings, ...numbers];
}
