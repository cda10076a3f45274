import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';

// `npm run campaign -- NAME [ARGS]` runs what takes longer than a test should: each file of this folder is one
// campaign with a small default size, and its exit status says whether its bars were reached.

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== basename(import.meta.filename))
  .map((file) => file.replace(/\.ts$/, ''));
const [name, ...args] = process.argv.slice(2);

if (name === undefined || !names.includes(name)) {
  console.error(`Usage: npm run campaign -- NAME [ARGS]\n\nCampaigns: ${names.join(', ')}`);
  process.exit(2);
}
const file = new URL(`./${name}.ts`, import.meta.url).pathname;
const { status } = spawnSync(process.execPath, ['--import', 'tsx', file, ...args], { stdio: 'inherit' });
process.exit(status ?? 3);
