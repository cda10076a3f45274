import type { RecordedCall } from '../../model/linkage.js';
import { type LoopSource, matchRows } from '../../workload/lineage/match-rows.js';
import { chooseColumns } from '../../workload/lineage/source-columns.js';
import type { KeyColumns } from './key-columns.js';
import type { KnownRows } from './known-rows.js';
import type { LinkedLoop } from './linked-draft.js';
import type { ParsedLoop } from './loop-statement.js';
import { losesRowsTo } from './lost-rows.js';

/** Queries whose rows are looked at for one stretch. */
const SOURCES_MOST = 300;
/** A query that has given nothing that the calls asked for so often gives it no more; one that has given some, as often again. */
const MISSES_MOST = 4;

/**
 * Gives the queries whose rows a loop's values come from, with the calls that each explains. Where one that the loop took
 * the rows from ran as well, time alone does not speak for another one.
 */
export async function linkLoop(
  parsed: ParsedLoop,
  { known, keys }: { readonly known: KnownRows; readonly keys: KeyColumns },
): Promise<readonly Pick<LinkedLoop, 'match' | 'runs'>[]> {
  const { loop, columns } = parsed;
  const isInsert = parsed.kind === 'insert' || parsed.kind === 'upsert';
  const named = isInsert ? [] : loop.varying.filter((number) => columns.has(number));
  const request = {
    calls: loop.calls,
    // What is set says nothing of why these rows are.
    varying: named.length > 0 ? named : loop.varying,
    keys: named,
    relate: (number: number, column: { readonly tableOid: number; readonly position: number }) =>
      keys.relate(columns.get(number) ?? null, keys.shown(column)),
    distinct: (number: number) => {
      const column = columns.get(number);
      const seen = new Set(loop.calls.map(({ values }) => values[number - 1])).size;
      return Math.max((column === undefined ? null : keys.distinct(column)) ?? 0, seen);
    },
  };
  const sources: LoopSource[] = [];
  const misses = new Map<string, number>();
  for (const call of nearestFirst(
    loop.calls.map(({ call: each }) => each),
    loop.stretch.sources,
  )) {
    if (sources.length >= SOURCES_MOST) break;
    if ((misses.get(call.shape) ?? 0) >= MISSES_MOST) continue;
    const rows = await known.rowsOf(call);
    const isHit = rows !== null && chooseColumns({ call, rows }, { ...request, sources: [] }) !== null;
    if (rows !== null && isHit) sources.push({ call, rows });
    // What gives no row, as the leaves of a tree, tells nothing of what other rows would be for.
    if (rows === null || rows.rows.length > 0)
      misses.set(call.shape, (misses.get(call.shape) ?? 0) + (isHit ? -MISSES_MOST : 1));
  }
  const runs = new Map<string, number>();
  for (const { call } of sources) runs.set(call.shape, (runs.get(call.shape) ?? 0) + 1);
  const losesRows = losesRowsTo(parsed);
  const isLost = loop.stretch.sources.some(losesRows);
  return matchRows({ ...request, sources })
    .filter(({ scope, source }) => !isLost || scope !== 'time' || losesRows(source.call))
    .map((match) => ({ match, runs: runs.get(match.source.call.shape) ?? 1 }));
}

/** Queries of the calls' own traces and sessions before others, the newest first. */
function nearestFirst(calls: readonly RecordedCall[], sources: readonly RecordedCall[]): readonly RecordedCall[] {
  const near = new Set(calls.map(placeOf));
  const rank = (source: RecordedCall) => (near.has(placeOf(source)) ? 1 : 0);
  return [...sources].sort((one, other) => rank(other) - rank(one) || other.endMs - one.endMs);
}

function placeOf({ trace, session }: RecordedCall): string {
  return trace ?? `session ${session}`;
}
