import { z } from 'zod';
import type { Snapshot } from '../model/snapshot.js';
import type { Workload } from '../model/workload.js';

/** First word of every snapshot file. */
export const FORMAT = 'pgsteward snapshot';

/** Version of what stands in the lines; fields that a reader may pass over do not raise it. */
export const FORMAT_VERSION = 1;

/** All that a snapshot file holds. */
export interface SnapshotDocument {
  readonly snapshot: Snapshot;
  /** The role that read the database. */
  readonly role: string;
  /** True where stand-ins have taken the place of the values in the statistics. */
  readonly redacted: boolean;
  readonly workload: SnapshotWorkload;
}

/** The statements of pg_stat_statements as they were counted when the snapshot was read. */
export interface SnapshotWorkload extends Pick<Workload, 'statements' | 'skipped'> {
  /** Why there are none, or null. */
  readonly unavailable: string | null;
}

const relationName = { schema: z.string(), name: z.string() };
const objects = z.array(z.looseObject({}));

/** What a line has to hold, by the word that it begins with; all else in it travels along. */
export const LINES = {
  catalog: z.looseObject({
    server: z.looseObject({ version: z.string(), major: z.number(), versionNumber: z.number() }),
    database: z.string(),
    readAt: z.string(),
    settings: z.array(z.looseObject({ name: z.string(), value: z.string() })),
    extensions: z.array(z.looseObject({ name: z.string(), version: z.string(), schema: z.string() })),
    schemas: z.array(z.string()),
    enums: z.array(z.looseObject({ ...relationName, labels: objects })),
    statisticsObjects: z.array(z.looseObject({ ...relationName, definition: z.string() })),
    unsupported: z.array(z.looseObject({ ...relationName, kind: z.string() })),
  }),
  table: z.looseObject({
    ...relationName,
    columns: z.array(z.looseObject({ name: z.string(), type: z.string(), position: z.number() })),
    constraints: z.array(z.looseObject({ name: z.string(), kind: z.string(), definition: z.string() })),
    indexes: z.array(z.looseObject({ ...relationName, definition: z.string(), keys: objects })),
    storage: z.looseObject({ blocks: z.number(), pages: z.number(), tuples: z.number() }),
    counters: z.looseObject({ rowsInserted: z.number() }),
  }),
  statistics: z.looseObject({ typeNames: objects, unreadable: z.array(z.looseObject(relationName)) }),
  column: z.looseObject({
    schema: z.string(),
    table: z.string(),
    column: z.string(),
    nullFraction: z.number(),
    averageWidthBytes: z.number(),
    distinct: z.number(),
  }),
  extended: z.looseObject(relationName),
  workload: z.looseObject({ skipped: objects, unavailable: z.string().nullable() }),
  statement: z.looseObject({ fingerprint: z.string(), text: z.string(), calls: z.number() }),
  end: z.looseObject({ lines: z.number() }),
} as const;

export type LineKind = keyof typeof LINES;

/** The first line: what the file is, and who made it. */
export const HEADER = z.looseObject({
  format: z.literal(FORMAT),
  version: z.int().positive(),
  redacted: z.boolean(),
  role: z.string(),
});
