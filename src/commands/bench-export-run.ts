import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportK6 } from '../bench/outside/export-k6.js';
import { exportPgbench } from '../bench/outside/export-pgbench.js';
import { scenarioFrom } from './bench-scenario.js';
import type { CommandContext } from './command.js';
import { requireDatabase } from './database.js';

/** Does what `pgsteward bench export` is asked for: writes the files and names them. */
export async function runBenchExport(context: CommandContext, folder: string): Promise<number> {
  const { queries, format, rate, seed } = context.settings.benchExport;
  const scenario = await scenarioFrom(requireDatabase(context.settings), queries, context);
  const files = format === 'k6' ? exportK6(scenario, { rate }) : exportPgbench(scenario, { rate, seed });
  await mkdir(folder, { recursive: true });
  for (const { name, text } of files) await writeFile(join(folder, name), text);
  await context.writeResult(`${files.map(({ name }) => join(folder, name)).join('\n')}\n`, undefined);
  return 0;
}
