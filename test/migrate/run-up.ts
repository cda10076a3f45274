import { readMigrations } from '../../src/migrate/files.js';
import { migrateUp } from '../../src/migrate/up.js';

// Run by tests as a process of its own, to be killed.
const [, , url = '', dir = '', leaseMs = ''] = process.argv;
await migrateUp(url, await readMigrations([dir]), {
  leaseMs: Number(leaseMs),
  onEvent: ({ kind }) => process.stdout.write(`${kind}\n`),
});
