import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { IndexSpec } from '../../src/model/planner.js';

/** An index set that somebody else's algorithm chose. */
export interface PublishedSet {
  /** `extend_w2_b50`. */
  readonly name: string;
  readonly indexes: readonly IndexSpec[];
}

/** Reads every set of a folder, by name. */
export async function publishedSets(folder: string): Promise<readonly PublishedSet[]> {
  const files = (await readdir(join(folder, 'sets'))).filter((file) => file.endsWith('.sql')).sort();
  const sets: PublishedSet[] = [];
  for (const file of files) {
    const indexes = (await readFile(join(folder, 'sets', file), 'utf8'))
      .split(';')
      .map((statement) => statement.trim())
      .filter((statement) => statement !== '')
      .map((statement) => parseIndex(statement, file));
    sets.push({ name: file.replace(/\.sql$/, ''), indexes });
  }
  return sets;
}

/** A plain index of a table in `public`, columns ascending. */
export function plainIndex(table: string, columns: readonly string[]): IndexSpec {
  return {
    table: { schema: 'public', name: table },
    method: 'btree',
    keys: columns.map((column) => ({
      column,
      sql: column,
      descending: false,
      nullsFirst: false,
      opclass: null,
      collation: null,
    })),
    include: [],
    predicate: null,
    unique: false,
  };
}

const INDEX = /^create\s+index\s+(?:\w+\s+)?on\s+(?:public\.)?(\w+)\s*(?:using\s+btree\s*)?\(([\w\s,]+)\)$/i;

function parseIndex(statement: string, file: string): IndexSpec {
  const [, table, columns] = INDEX.exec(statement) ?? [];
  if (table === undefined || columns === undefined) throw new Error(`${file} holds another statement: ${statement}`);
  return plainIndex(
    table.toLowerCase(),
    columns.split(',').map((column) => column.trim().toLowerCase()),
  );
}
