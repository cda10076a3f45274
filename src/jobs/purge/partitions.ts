import type { Session } from '../../postgres/session.js';
import { quoteLiteral } from '../../sql/quote.js';
import { columnNamed } from '../job-table.js';
import type { Leaf } from './leaves.js';
import { cutoff, type PurgeTask } from './task.js';

/** What the bounds of a table's partitions say of their rows. */
export interface PartitionAges {
  /** Hold dead rows alone. */
  readonly dead: readonly Leaf[];
  /** Hold none. */
  readonly young: readonly Leaf[];
  /** Why dead partitions cannot be detached; null where they can. */
  readonly obstacle: string | null;
  /** Whether there is a default partition, which DETACH … CONCURRENTLY does not suffer. */
  readonly hasDefault: boolean;
}

const NONE: PartitionAges = { dead: [], young: [], obstacle: null, hasDefault: false };

interface PartitionRow {
  readonly oid: number;
  readonly isDead: boolean;
  readonly isYoung: boolean;
  readonly isOwned: boolean;
  readonly isDefault: boolean;
  readonly pendingElsewhere: boolean;
}

/** Tells partitions by age where the table is partitioned by ranges of the one column that decides. */
export async function readPartitionAges(session: Session, task: PurgeTask): Promise<PartitionAges> {
  const { table, age, leaves } = task;
  if (age === null || !table.isPartitioned) return NONE;
  const type = columnNamed(table, age.column)?.type ?? '';
  const bound = (edge: string) =>
    `(pg_catalog.regexp_match(pg_catalog.pg_get_expr(c.relpartbound, c.oid), ${quoteLiteral(edge)}))[1]::${type}`;
  const read = await session.query<PartitionRow>(
    `SELECT c.oid, coalesce(${bound(`TO \\('([^']*)'\\)$`)} <= ${cutoff(age.seconds)}, false) AS "isDead",
            coalesce(${bound(`FROM \\('([^']*)'\\)`)} > ${cutoff(age.seconds)}, false) AS "isYoung",
            pg_catalog.pg_has_role(c.relowner, 'USAGE') AND pg_catalog.pg_has_role(parent.relowner, 'USAGE') AS "isOwned",
            c.oid = p.partdefid AS "isDefault",
            EXISTS (SELECT FROM pg_catalog.pg_inherits AS other
                    WHERE other.inhparent = parent.oid AND other.inhdetachpending) AS "pendingElsewhere"
     FROM pg_catalog.pg_partitioned_table AS p
     JOIN pg_catalog.pg_class AS parent ON parent.oid = p.partrelid
     JOIN pg_catalog.pg_inherits AS i ON i.inhparent = p.partrelid AND NOT i.inhdetachpending
     JOIN pg_catalog.pg_class AS c ON c.oid = i.inhrelid
     JOIN pg_catalog.pg_attribute AS a ON a.attrelid = p.partrelid AND a.attnum = p.partattrs[0] AND a.attname = $2
     WHERE p.partrelid = $1 AND p.partstrat = 'r' AND p.partnatts = 1
     ORDER BY c.oid`,
    [table.oid, age.column],
  );
  const leavesWhere = (test: (row: PartitionRow) => boolean) =>
    leaves.filter((leaf) => read.rows.some((row) => row.oid === leaf.oid && test(row)));
  const dead = leavesWhere((row) => row.isDead && !row.isDefault);
  return {
    dead,
    young: leavesWhere((row) => row.isYoung && !row.isDefault),
    obstacle: dead.length === 0 ? null : obstacleTo(task, read.rows),
    hasDefault: read.rows.some((row) => row.isDefault),
  };
}

function obstacleTo({ keep, references, leaves }: PurgeTask, rows: readonly PartitionRow[]): string | null {
  if (keep.length > 0) return 'some of their rows may have to be kept';
  const [reference] = references;
  if (reference !== undefined) return `${reference.childSql} refers to them`;
  const foreign = rows.find((row) => row.isDead && !row.isOwned);
  const leaf = leaves.find(({ oid }) => oid === foreign?.oid);
  if (leaf !== undefined) return `this role owns ${leaf.sql} or its table not`;
  return rows.some((row) => row.pendingElsewhere) ? 'another partition is half detached (DETACH PENDING)' : null;
}
