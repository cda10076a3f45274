import type { AuditAnchor } from '../model/audit.js';
import type { Session } from '../postgres/session.js';
import { auditTables } from './chain.js';

/** Records a head that was found well, so that later a chain without its tail does not reach it. */
export async function recordAnchor(session: Session, ownSchema: string, { seq, hash }: AuditAnchor): Promise<void> {
  await session.query(
    `INSERT INTO ${auditTables(ownSchema).anchors} (seq, hash) VALUES ($1, pg_catalog.decode($2, 'hex'))
     ON CONFLICT (seq) DO NOTHING`,
    [seq, hash],
  );
}

/** Reads an anchor as it is printed, `SEQ:HASH`; null where it is none. */
export function readAnchor(text: string): AuditAnchor | null {
  const [, seq, hash] = /^([1-9]\d{0,17}):([0-9a-f]{64})$/.exec(text.trim().toLowerCase()) ?? [];
  return seq === undefined || hash === undefined ? null : { seq, hash };
}
