import { StewardError } from '../../errors.js';
import type { Progress } from '../../model/progress.js';
import type { Session } from '../../postgres/session.js';
import type { SnapshotDocument } from '../format.js';

export interface Redacted {
  readonly document: SnapshotDocument;
  /** Statistics that were left out for want of stand-ins, each with its reason. */
  readonly dropped: readonly string[];
}

/** Refuses, until stand-ins can be had. */
export async function redact(_document: SnapshotDocument, _session: Session, _progress: Progress): Promise<Redacted> {
  throw new StewardError('usage', '--redact has no stand-ins yet', { hint: 'leave --redact out' });
}
