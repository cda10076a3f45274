import { stat } from 'node:fs/promises';
import { renderSnapshotText } from '../report/snapshot/text.js';
import { takeSnapshot } from '../snapshot/take-snapshot.js';
import { writeSnapshot } from '../snapshot/write-snapshot.js';
import type { CommandContext } from './command.js';
import { requireDatabase } from './database.js';

/** Does what `pgsteward snapshot` is asked for and gives its exit status. */
export async function runSnapshot(context: CommandContext, file: string): Promise<number> {
  const { settings, version, progress, signal } = context;
  const { redact, workload, statementTimeout } = settings.snapshot;
  const { document, dropped } = await takeSnapshot({
    url: requireDatabase(settings),
    withWorkload: workload === 'pgss',
    redact,
    statementTimeoutMs: statementTimeout,
    progress,
    signal,
  });
  await writeSnapshot(file, document, { toolVersion: version, signal });
  const { catalog, statistics } = document.snapshot;
  const { statements, unavailable } = document.workload;
  const summary = {
    file,
    sizeBytes: (await stat(file)).size,
    database: catalog.database,
    serverVersion: catalog.server.version,
    tables: catalog.tables.length,
    columns: statistics.columns.length,
    statements: statements.length,
    workloadUnavailable: workload === 'none' ? null : unavailable,
    unreadable: statistics.unreadable,
    role: document.role,
    redacted: document.redacted,
    dropped,
  };
  await context.writeResult(renderSnapshotText(summary), undefined);
  return 0;
}
