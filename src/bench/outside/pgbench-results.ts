import type { OutsideQuery } from './outside-results.js';

/**
 * Reads what `pgbench -r` prints at its end: for each script its name, transactions and mean latency. Gives null where
 * a text is no such print. The name is that of the file without `.sql`.
 */
export function readPgbenchText(text: string): readonly OutsideQuery[] | null {
  if (!/^transaction type: /m.test(text)) return null;
  const sections = text.split(/^SQL script \d+: /m).slice(1);
  if (sections.length === 0) return wholeRun(text);
  return sections.flatMap((section) => readScript(section));
}

/** With one script pgbench prints no section of its own for it. */
function wholeRun(text: string): readonly OutsideQuery[] {
  const name = /^transaction type: (.+)$/m.exec(text)?.[1] ?? '';
  const requests = Number(/^number of transactions actually processed: (\d+)/m.exec(text)?.[1] ?? Number.NaN);
  const errors = Number(/^number of failed transactions: (\d+)/m.exec(text)?.[1] ?? 0);
  return oneQuery(name, requests, { errors, meanMs: latencyOf(text) });
}

function readScript(section: string): readonly OutsideQuery[] {
  const name = section.slice(0, section.indexOf('\n'));
  const requests = Number(/^ - (\d+) transactions/m.exec(section)?.[1] ?? Number.NaN);
  const errors = Number(/^ - number of failed transactions: (\d+)/m.exec(section)?.[1] ?? 0);
  return oneQuery(name, requests, { errors, meanMs: latencyOf(section) });
}

function latencyOf(text: string): number {
  return Number(/latency average = ([\d.]+) ms/.exec(text)?.[1] ?? Number.NaN);
}

function oneQuery(
  path: string,
  requests: number,
  { errors, meanMs }: { readonly errors: number; readonly meanMs: number },
): readonly OutsideQuery[] {
  if (!Number.isFinite(requests) || !Number.isFinite(meanMs)) return [];
  const name = (path.trim().split('/').at(-1) ?? path).replace(/\.sql$/, '');
  return [{ name, requests, errors, meanMs, p50Ms: null, p95Ms: null, p99Ms: null }];
}
