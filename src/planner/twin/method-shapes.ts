import type { Table } from '../../model/catalog.js';
import type { IndexSpec } from '../../model/planner.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import type { Session } from '../../postgres/session.js';
import { attributeKey } from './attributes.js';
import { estimateBrin } from './brin-size.js';
import { estimateGin } from './gin-size.js';
import { GinStatistics } from './gin-statistics.js';
import { brinMetapage, ginMetapage } from './metapages.js';
import type { RelationFiles } from './relation-files.js';
import { valueBytes } from './value-bytes.js';

/** The length of an index's file, and its first page where the planner reads that. */
export interface MethodShape {
  readonly blocks: number;
  readonly metapage: Buffer | null;
}

/** Far above the numbers of StandIns, which are no server's own either. */
const FIRST_FILE_NUMBER = 4_100_000_000;
/** Of all twins of the program: no two files of one database may share a number. */
let filesMade = 0;

/** Gives hypothetical indexes that are no btrees the files that a real build would make. */
export class MethodShapes {
  private readonly files: RelationFiles;
  private readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  private readonly gin: GinStatistics;

  constructor(session: Session, files: RelationFiles, statistics: ReadonlyMap<string, ColumnStatistics>) {
    this.files = files;
    this.statistics = statistics;
    this.gin = new GinStatistics(session, statistics);
  }

  /** Learns what shapeOf must know of an index. Not inside a transaction. */
  async learn(spec: IndexSpec, table: Table): Promise<void> {
    if (spec.method === 'gin') await this.gin.learn(spec, table);
  }

  shapeOf(spec: IndexSpec, table: Table, rows: number): MethodShape {
    const { blocks: tableBlocks } = table.storage;
    if (spec.method === 'gin') {
      const size = estimateGin(this.gin.classesOf(spec, table, rows), tableBlocks);
      return { blocks: size.blocks, metapage: ginMetapage(size) };
    }
    const keyBytes = spec.keys.map(({ column }) => this.bytesOf(table, column));
    if (spec.method === 'gist') return { blocks: gistBlocks(rows, keyBytes), metapage: null };
    const size = estimateBrin(tableBlocks, keyBytes);
    return { blocks: size.blocks, metapage: brinMetapage(size) };
  }

  /**
   * Makes a file of this shape beside an index's own and gives its number. The build has left the index's own pages
   * in shared buffers, where a patched file is not seen; of a file with a new number no page is there.
   */
  createFile(path: string, { blocks, metapage }: MethodShape): number {
    const number = FIRST_FILE_NUMBER + filesMade;
    filesMade += 1;
    this.files.createWith(path, number, { blocks, firstPage: metapage });
    return number;
  }

  private bytesOf(table: Table, name: string | null): number {
    const column = table.columns.find((candidate) => candidate.name === name);
    if (column === undefined) return KEY_BYTES_DEFAULT;
    const statistics = this.statistics.get(attributeKey(table.schema, table.name, column.name));
    return valueBytes(column, null, statistics?.averageWidthBytes ?? null);
  }
}

const KEY_BYTES_DEFAULT = 16;
const ENTRY_OVERHEAD_BYTES = 12;
const PAGE_ROOM_BYTES = 8_152;
/** A build that inserts one entry after the other splits full pages in two. */
const GIST_FILL = 0.68;

function gistBlocks(rows: number, keyBytes: readonly number[]): number {
  const bytes = keyBytes.reduce((sum, width) => sum + width, 0);
  const leaves = Math.ceil((rows * (Math.ceil(bytes / 8) * 8 + ENTRY_OVERHEAD_BYTES)) / (PAGE_ROOM_BYTES * GIST_FILL));
  return 1 + leaves + Math.ceil(leaves / 60);
}
