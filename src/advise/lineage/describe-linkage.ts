import type { Linkage, LoopKey, LoopStatement } from '../../model/linkage.js';
import type { SourceLocation } from '../../model/workload.js';
import { statementRelations } from '../../sql/classify.js';
import { fingerprint } from '../../sql/fingerprint.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import type { LoopCall } from '../../workload/lineage/loop.js';
import type { KeyColumns, TableColumn } from './key-columns.js';
import type { LinkageDraft } from './linked-draft.js';
import type { ParsedLoop } from './loop-statement.js';

/** Gives what advisors are told of a loop. */
export function toLinkage(draft: LinkageDraft, keys: KeyColumns): Linkage {
  const { parsed, occurrences, parent, scope, isNested } = draft;
  const calls = occurrences.flat();
  const durations = calls.flatMap(({ call }) => call.durationMs ?? []);
  const isRepeat = parent === null && parsed.loop.valueForm !== 'absent' && !differs(occurrences);
  return {
    kind: isRepeat ? 'repeat' : parsed.kind,
    child: statementOf(parsed.loop.text),
    parent: parent === null ? null : statementOf(parent.call.text),
    isNested,
    isThroughJunction: isThroughJunction(parsed, keys),
    scope,
    occurrences: occurrences.length,
    calls: calls.length,
    callsMost: Math.max(...occurrences.map((each) => each.length)),
    totalTimeMs: durations.length === 0 ? null : durations.reduce((sum, each) => sum + each, 0),
    keys: isRepeat ? [] : keysOf(draft, keys),
    relations: relationsOf(parsed),
    chance: parent?.chance ?? null,
    ...provenance(draft, calls),
    batch: null,
  };
}

/** How the values are known, and where the calls came from. */
function provenance(
  { parsed, parent, occurrences }: LinkageDraft,
  calls: readonly LoopCall[],
): Pick<Linkage, 'linkedBy' | 'valueForm' | 'trace' | 'routes' | 'location'> {
  const { valueForm } = parsed.loop;
  const routes = mostFrequent(calls.flatMap(({ call }) => call.origin?.route ?? []));
  const location = locationOf(calls);
  const [longest] = [...occurrences].sort((one, other) => other.length - one.length);
  const trace = longest?.[0]?.call.trace ?? null;
  return {
    ...(parent === null ? {} : { linkedBy: parent.match.source.call.rows === undefined ? 'replay' : 'recording' }),
    ...(valueForm === undefined ? {} : { valueForm }),
    ...(trace === null ? {} : { trace }),
    ...(routes.length === 0 ? {} : { routes }),
    ...(location === null ? {} : { location }),
  };
}

/** The line that most of the calls come from; null where none tells. */
function locationOf(calls: readonly LoopCall[]): SourceLocation | null {
  const places = calls.flatMap(({ call }) => call.origin?.location ?? []);
  const [most] = mostFrequent(places.map((place) => JSON.stringify(place)));
  return places.find((place) => JSON.stringify(place) === most) ?? null;
}

function mostFrequent(texts: readonly string[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one).map(([text]) => text);
}

function differs(occurrences: LinkageDraft['occurrences']): boolean {
  return occurrences.some((calls) => new Set(calls.map(({ values }) => JSON.stringify(values))).size > 1);
}

/** Gives a statement as a linkage names it. */
export function statementOf(text: string): LoopStatement {
  return { text, fingerprint: fingerprint(text) };
}

function keysOf({ parsed, parent }: LinkageDraft, keys: KeyColumns): readonly LoopKey[] {
  const linked = parent?.match.columns ?? new Map<number, number>();
  const shown = parent?.match.source.rows.columns ?? [];
  return parsed.loop.varying.map((number) => {
    const column = parsed.columns.get(number);
    const source = shown[linked.get(number) ?? -1];
    const origin = source === undefined ? null : keys.shown(source);
    const sourceName = origin === null ? (source?.name ?? null) : nameOf(origin);
    return { number, column: column === undefined ? null : nameOf(column), source: sourceName };
  });
}

/** `public.comments.post_id`. */
export function nameOf({ table, column }: TableColumn): string {
  return `${quoteRelation(table)}.${quoteIdentifier(column.name)}`;
}

/** The key is one of several that the read table refers with, and more is read behind it. */
function isThroughJunction({ kind, loop, analysis, columns }: ParsedLoop, keys: KeyColumns): boolean {
  if (kind !== 'select' || analysis.scans.length < 2) return false;
  const keyTable = columns.get(loop.varying[0] ?? 0)?.table;
  if (keyTable === undefined || keys.references(keyTable) < 2) return false;
  return analysis.scans.some(({ table }) => table !== keyTable);
}

/** Gives the tables that a statement names, those it writes first. */
export function relationsOf({ tree, analysis }: Pick<ParsedLoop, 'tree' | 'analysis'>): Linkage['relations'] {
  const tables = [...analysis.writes, ...analysis.scans].map(({ table }) => ({
    schema: table.schema,
    name: table.name,
  }));
  const named = statementRelations(tree);
  const all =
    tables.length > 0
      ? tables
      : [...named.writes, ...named.reads].map(({ schema, name }) => ({ schema: schema ?? 'public', name }));
  return all.filter(
    (each, place) => all.findIndex(({ schema, name }) => schema === each.schema && name === each.name) === place,
  );
}
