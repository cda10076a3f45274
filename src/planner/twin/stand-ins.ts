import { basename } from 'node:path';
import type { RelationFiles } from './relation-files.js';
import type { TwinRelation } from './relation-sizes.js';

/** File numbers that no server gives out before it has made four billion objects. */
const FIRST_FILE_NUMBER = 4_000_000_000;

/**
 * Small files that stand in for a table's grown one while an index is built: the build would read gigabytes of holes
 * and find nothing. `seeds` holds the seed rows, `empty` none.
 */
export class StandIns {
  private readonly files: RelationFiles;
  private readonly numbers = new Map<string, number>();

  constructor(files: RelationFiles) {
    this.files = files;
  }

  /** SQL that makes the table's file the stand-in; in the same transaction swapBackSql must follow. */
  swapSql(table: TwinRelation, kind: 'seeds' | 'empty'): string {
    const isKnown = this.numbers.has(keyOf(table, kind));
    const number = this.numberOf(table, kind);
    if (kind === 'empty') this.files.createBeside(table.path, number);
    else if (!isKnown) this.files.copyHeadBeside(table.path, number);
    return `UPDATE pg_catalog.pg_class SET relfilenode = ${number}::int8::oid WHERE oid = ${table.oid}`;
  }

  /** SQL that gives the table its own file back and the counts that the build has overwritten. */
  swapBackSql(table: TwinRelation, counts?: { pages: number; tuples: number; allVisiblePages: number }): string {
    const restored =
      counts === undefined
        ? ''
        : `, relpages = ${counts.pages}, reltuples = ${counts.tuples}, relallvisible = ${counts.allVisiblePages}`;
    const own = basename(table.path);
    return `UPDATE pg_catalog.pg_class SET relfilenode = ${own}::int8::oid${restored} WHERE oid = ${table.oid}`;
  }

  private numberOf(table: TwinRelation, kind: 'seeds' | 'empty'): number {
    const key = keyOf(table, kind);
    const known = this.numbers.get(key);
    if (known !== undefined) return known;
    const number = FIRST_FILE_NUMBER + this.numbers.size;
    this.numbers.set(key, number);
    return number;
  }
}

function keyOf(table: TwinRelation, kind: 'seeds' | 'empty'): string {
  return `${table.oid} ${kind}`;
}
