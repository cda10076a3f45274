import type { RunStatus } from '../../model/job.js';

/** The answer of `events ingest`. */
export interface IngestedEvents {
  readonly accepted: number;
  /** Events whose id was there already. */
  readonly duplicates: number;
  readonly rejected: number;
  readonly runId: string | null;
  readonly status: RunStatus;
  readonly error: string | null;
  /** The first of them. */
  readonly rejections: readonly { readonly line: number | null; readonly reason: string }[];
}

/** Writes what an ingestion came to. */
export function renderIngestion(ingested: IngestedEvents): string {
  const { accepted, duplicates, rejected, status, error, rejections } = ingested;
  const more = rejected - rejections.length;
  return `${[
    `events ingest: ${status}, accepted ${accepted}, duplicates ${duplicates}, rejected ${rejected}`,
    ...(error === null ? [] : [`  ${error}`]),
    ...rejections.map(({ line, reason }) => `  line ${line}: ${reason}`),
    ...(more > 0 ? [`  and ${more} more: see error_details in public.update_batches`] : []),
  ].join('\n')}\n`;
}
