import { createHash, createHmac } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { messageOf } from '../../errors.js';
import type { KeptFinding } from '../../model/kept-finding.js';

export interface Webhook {
  readonly url: string;
  /** Signs what is sent. */
  readonly secret: string;
  readonly timeoutSeconds: number;
  /** How often it is tried again. */
  readonly retries: number;
}

export interface Announcement {
  readonly job: string;
  readonly target: string;
  readonly findings: readonly KeptFinding[];
}

const FIRST_PAUSE_MS = 1000;
/** Answers after which the same request may do better: too early, too many, or a failure of the server's. */
const TRIED_AGAIN = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Sends new findings as one signed request, as Standard Webhooks has it: `webhook-signature` is `v1,` and the HMAC-SHA256
 * of `id.timestamp.body` in base64. The id is the same whenever the same findings are sent, so that a receiver can tell
 * a repetition. Gives null when it was taken, else why it was not.
 */
export async function sendFindings(
  { url, secret, timeoutSeconds, retries }: Webhook,
  announcement: Announcement,
  signal: AbortSignal,
): Promise<string | null> {
  const body = JSON.stringify({ type: 'findings.new', ...announcement });
  const id = `findings_${createHash('sha256').update(identityOf(announcement)).digest('hex').slice(0, 32)}`;
  let reason = '';
  for (let attempt = 0; attempt <= retries; attempt += 1) {
    if (attempt > 0) await pause(FIRST_PAUSE_MS * 2 ** (attempt - 1), undefined, { signal });
    const timestamp = Math.floor(Date.now() / 1000);
    const mac = createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64');
    const headers = { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${mac}` };
    try {
      const answer = await fetch(url, {
        ...{ method: 'POST', body, redirect: 'manual', headers: { ...headers, 'Content-Type': 'application/json' } },
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1000)]),
      });
      await answer.body?.cancel();
      if (answer.ok) return null;
      reason = `it answered ${answer.status}`;
      if (!TRIED_AGAIN.has(answer.status)) return reason;
    } catch (error) {
      signal.throwIfAborted();
      const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
      reason = messageOf(cause);
    }
  }
  return `${reason}, after ${retries + 1} tries`;
}

function identityOf({ job, target, findings }: Announcement): string {
  return JSON.stringify([job, target, findings.map(({ key, firstSeenAt }) => [key, firstSeenAt])]);
}
