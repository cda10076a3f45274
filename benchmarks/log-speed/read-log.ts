import { readLogWorkload } from '../../src/workload/log/log-workload.js';

// Reads one log as `advise --workload log:PATH` does, and prints what it took: a process of its own, for its memory.

const startedAt = performance.now();
const { statements } = await readLogWorkload(process.argv[2] ?? '');
const durationMs = performance.now() - startedAt;
const calls = statements.reduce((sum, statement) => sum + statement.calls, 0);
console.log(
  JSON.stringify({ durationMs, rssBytes: process.resourceUsage().maxRSS * 1024, statements: statements.length, calls }),
);
