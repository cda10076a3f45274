/**
 * Index selection against published algorithms on one ruler: the sets that they chose for a workload, a textbook
 * Extend, and our advice, all costed by the twin with the twin's sizes at budgets of 5 to 100 % of the tables. A peer
 * may use the cheapest of all its sets that fits. Prints the ruler, the table and what each took; exit status 1
 * outside the bars. Usage: tsx benchmarks/index-selection.ts --input DIR [--show]
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { analyzeWorkload } from '../src/advise/analyze-workload.js';
import { selectIndexes } from '../src/advisors/index-selection/select-indexes.js';
import { startServer } from '../src/embedded/server.js';
import type { IndexSpec, Planner } from '../src/model/planner.js';
import { silentProgress as progress } from '../src/model/progress.js';
import { buildTwin } from '../src/planner/twin/build.js';
import { createIndexSql } from '../src/sql/index-definition.js';
import { readWorkload } from '../src/workload/read-workload.js';
import { extend, sizeOf } from './index-selection/extend.js';
import { plainIndex, publishedSets } from './index-selection/published-sets.js';
import { publishedSnapshot } from './index-selection/published-snapshot.js';

const BUDGETS = [5, 10, 25, 50, 100] as const;
const BLOCK_BYTES = 8192;
const RULER_ERROR_MAX = 0.06;
const RULER_SHARE_MIN = 0.9;
const SECONDS_MAX = 45;
const EXTEND_WIDTH = 3;
/** Part of the best peer's cost that ours may be, by budget. */
const AGAINST_BEST_MAX: Readonly<Record<number, number>> = { 50: 0.9, 100: 0.8 };
const CLEARLY_BETTER = 0.98;
const CLEARLY_BETTER_MIN = 4;

const { values } = parseArgs({ options: { input: { type: 'string' }, show: { type: 'boolean', default: false } } });
if (values.input === undefined) {
  console.error('name the folder with schema.sql, statistics.json, queries/ and sets/: --input DIR');
  process.exit(2);
}
const input = values.input;
const server = await startServer({ major: 15 });
try {
  const snapshot = await publishedSnapshot(server, input);
  const workload = await readWorkload([`sql:${join(input, 'queries')}`], { session: null });
  const tableBytes = snapshot.catalog.tables.reduce((sum, { storage }) => sum + storage.blocks * BLOCK_BYTES, 0);
  const planner = await buildTwin(snapshot);
  try {
    const { statements, skipped } = await analyzeWorkload({ snapshot, workload, planner }, progress);
    console.log(`${statements.length} statements, ${skipped.length} left out, planned on ${planner.describe()}`);
    const isRuler = await checkRuler(planner);
    const texts = statements.map(({ plannable }) => plannable.bindings[0]?.sql ?? '');
    const base = await costOf(planner, texts, []);
    const best = await bestPeers(planner, texts, tableBytes);
    const columns = statements.map(({ analysis }, place) => ({
      sql: texts[place] ?? '',
      columns: new Map(analysis.scans.map(({ table, referenced }) => [table.name, referenced])),
    }));
    // A planner of its own: what the others have asked must not be free for ours.
    const own = await buildTwin(snapshot, { databases: 2 });
    const rows: { budget: number; peer: number; textbook: number; ours: number }[] = [];
    let seconds = 0;
    for (const budget of BUDGETS) {
      const budgetBytes = (tableBytes * budget) / 100;
      const peer = best.get(budget);
      const textbook = await extend(planner, columns, { budgetBytes, width: EXTEND_WIDTH });
      const textbookCost = await costOf(planner, texts, textbook);
      const explained = own.counters.explains;
      const from = performance.now();
      const selection = await selectIndexes(
        statements,
        { planner: own, catalog: snapshot.catalog, statistics: snapshot.statistics },
        { indexBytesMax: budgetBytes, indexColumnsMax: 4, progress },
      );
      const took = (performance.now() - from) / 1000;
      seconds += took;
      const explains = own.counters.explains - explained;
      const ours = selection.chosen.map(({ spec }) => spec);
      const oursCost = await costOf(planner, texts, ours);
      const oursBytes = await sizeOf(planner, ours);
      if (oursBytes > budgetBytes) throw new Error(`the advice takes ${oursBytes} bytes of ${budgetBytes}`);
      rows.push({ budget, peer: peer?.cost ?? base, textbook: textbookCost, ours: oursCost });
      const share = (cost: number) => (cost / base).toFixed(4);
      console.log(
        `${String(budget).padStart(3)} %  best peer ${share(peer?.cost ?? base)} (${peer?.name})  ` +
          `textbook ${share(textbookCost)} @${mega(await sizeOf(planner, textbook))}  ` +
          `ours ${share(oursCost)} @${mega(oursBytes)} of ${mega(budgetBytes)}  ` +
          `ratio ${(oursCost / (peer?.cost ?? base)).toFixed(3)}  ${ours.length} indexes, ` +
          `${selection.candidates} candidates, ${explains} plans, ${took.toFixed(1)} s`,
      );
      if (values.show) await show(planner, ours);
    }
    await own.close();
    console.log(`ours took ${seconds.toFixed(1)} s for all budgets; the bar is ${SECONDS_MAX} s`);
    const isNever = rows.every(({ peer, textbook, ours }) => ours <= peer * 1.00001 && ours <= textbook * 1.00001);
    const clear = rows.filter(({ peer, ours }) => ours <= peer * CLEARLY_BETTER).length;
    const isFar = rows.every(({ budget, peer, ours }) => ours <= peer * (AGAINST_BEST_MAX[budget] ?? 1));
    console.log(`never above the others: ${isNever}; clearly better at ${clear}; far better at 50 and 100 %: ${isFar}`);
    process.exitCode = isRuler && isNever && clear >= CLEARLY_BETTER_MIN && isFar && seconds <= SECONDS_MAX ? 0 : 1;
  } finally {
    await planner.close();
  }
} finally {
  await server.stop();
}

async function checkRuler(planner: Planner): Promise<boolean> {
  const real = JSON.parse(await readFile(join(input, 'real-sizes.json'), 'utf8')) as {
    readonly table: string;
    readonly columns: string;
    readonly pages: number;
  }[];
  const errors: { readonly name: string; readonly error: number }[] = [];
  for (const { table, columns, pages } of real) {
    const { sizeBytes } = await planner.size(
      plainIndex(
        table,
        columns.split(',').map((column) => column.trim()),
      ),
    );
    errors.push({ name: `${table} (${columns})`, error: sizeBytes / BLOCK_BYTES / pages - 1 });
  }
  const near = errors.filter(({ error }) => Math.abs(error) <= RULER_ERROR_MAX).length;
  console.log(`ruler: ${near} of ${errors.length} sizes within ${RULER_ERROR_MAX * 100} % of the real ones`);
  for (const { name, error } of errors)
    if (Math.abs(error) > RULER_ERROR_MAX) console.log(`  ${name}: ${(error * 100).toFixed(1)} %`);
  return near >= errors.length * RULER_SHARE_MIN;
}

async function costOf(planner: Planner, texts: readonly string[], set: readonly IndexSpec[]): Promise<number> {
  const costs = await planner.costs(texts, set);
  return costs.reduce((sum, cost) => {
    if (cost instanceof Error) throw cost;
    return sum + cost.totalCost;
  }, 0);
}

interface PeerSet {
  readonly name: string;
  readonly cost: number;
}

async function bestPeers(
  planner: Planner,
  texts: readonly string[],
  tableBytes: number,
): Promise<ReadonlyMap<number, PeerSet>> {
  const best = new Map<number, PeerSet>();
  for (const { name, indexes } of await publishedSets(input)) {
    const sizeBytes = await sizeOf(planner, indexes);
    const cost = await costOf(planner, texts, indexes);
    for (const budget of BUDGETS) {
      const known = best.get(budget);
      if (sizeBytes <= (tableBytes * budget) / 100 && (known === undefined || cost < known.cost))
        best.set(budget, { name, cost });
    }
  }
  return best;
}

async function show(planner: Planner, set: readonly IndexSpec[]): Promise<void> {
  for (const index of set)
    console.log(`       ${mega((await planner.size(index)).sizeBytes).padStart(8)}  ${createIndexSql(index)}`);
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
