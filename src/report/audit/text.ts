import type { AuditVerification } from '../../model/audit.js';

/** Writes what a verification of the audit chain came to. */
export function renderVerification(verification: AuditVerification): string {
  const { ok, rows, entries, broken, brokenTotal, head, cutThrough } = verification;
  const size = `${rows} rows in ${entries} entries`;
  const cut = cutThrough === null ? [] : [`  entries up to ${cutThrough} were taken away by retention`];
  const anchor = head.seq === '0' ? [] : [`  anchor  ${head.seq}:${head.hash}`];
  const title = ok
    ? `audit chain: as it was written, ${size}`
    : `audit chain: broken in ${brokenTotal} ${brokenTotal === 1 ? 'place' : 'places'}, ${size}`;
  const lines = broken.map(({ row, reason, table }) => `  ${table === null ? '' : `${table} `}${row}: ${reason}`);
  const more = brokenTotal > broken.length ? [`  and ${brokenTotal - broken.length} more`] : [];
  return `${[title, ...lines, ...more, ...cut, ...anchor].join('\n')}\n`;
}
