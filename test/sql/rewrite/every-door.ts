import { candidatesOf } from '../../../src/advisors/index-selection/candidates.js';
import { methodCandidates } from '../../../src/advisors/index-selection/method-candidates.js';
import { boundedBySeries } from '../../../src/advisors/statements/bounded-by-series.js';
import { boundedWithin } from '../../../src/advisors/statements/bounded-within.js';
import { cutArms } from '../../../src/advisors/statements/cut-arms.js';
import { existsForm } from '../../../src/advisors/statements/exists-form.js';
import { keysOfPage } from '../../../src/advisors/statements/keys-of-page.js';
import { needlessJoins } from '../../../src/advisors/statements/needless-joins.js';
import { type ReadStatement, readText } from '../../../src/advisors/statements/read-statement.js';
import { sargableForms } from '../../../src/advisors/statements/sargable-form.js';
import { allWrapped, unwrappedTexts } from '../../../src/advisors/statements/unwrap.js';
import { windowsAsGroups } from '../../../src/advisors/statements/windows-as-groups.js';
import { withoutDistinct } from '../../../src/advisors/statements/without-distinct.js';
import { wrappedColumns } from '../../../src/advisors/statements/wrapped-columns.js';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Statistics } from '../../../src/model/statistics.js';
import { analyzeStatement } from '../../../src/sql/analysis/analyze.js';
import { selectBatches } from '../../../src/sql/batch/select-batch.js';
import { writeBatch } from '../../../src/sql/batch/write-batch.js';
import { fingerprint, normalise } from '../../../src/sql/fingerprint.js';
import { askedExistence } from '../../../src/sql/forms/asked-existence.js';
import { knownBounds } from '../../../src/sql/forms/known-bounds.js';
import { withoutOrder } from '../../../src/sql/forms/needless-order.js';
import { oneRowEach } from '../../../src/sql/forms/one-row-each.js';
import { otherValues } from '../../../src/sql/forms/other-values.js';
import { plainOrder } from '../../../src/sql/forms/plain-order.js';
import { seriesBounds } from '../../../src/sql/forms/series-bounds.js';
import { spelledComparisons } from '../../../src/sql/forms/spelled-comparisons.js';
import { splitJoin, splitLookup } from '../../../src/sql/forms/split-join.js';
import { totalOfPage } from '../../../src/sql/forms/total-of-page.js';
import { hideLiterals } from '../../../src/sql/hide-literals.js';
import { readLevels } from '../../../src/sql/levels/read-levels.js';
import { parameterCount } from '../../../src/sql/parameters.js';
import { parseStatement } from '../../../src/sql/parse.js';
import { asParseFailure } from '../../../src/sql/parse-failure.js';
import { rewriteForPlanning } from '../../../src/sql/plannable.js';
import { boundRecursion } from '../../../src/sql/rewrite/bound-recursion.js';
import { commonRows } from '../../../src/sql/rewrite/common-rows.js';
import { countedKeys } from '../../../src/sql/rewrite/counted-keys.js';
import { countedPresence } from '../../../src/sql/rewrite/counted-presence.js';
import { groupedTwice } from '../../../src/sql/rewrite/distinct-aggregates.js';
import { eitherKey } from '../../../src/sql/rewrite/either-key.js';
import { eitherSide } from '../../../src/sql/rewrite/either-side.js';
import { withoutFences } from '../../../src/sql/rewrite/fences.js';
import { firstOfGroups } from '../../../src/sql/rewrite/first-of-groups.js';
import { fullJoinBounds } from '../../../src/sql/rewrite/full-join-bounds.js';
import { groupedBefore } from '../../../src/sql/rewrite/grouped-before.js';
import { groupingLevels } from '../../../src/sql/rewrite/grouping-levels.js';
import { keysOfHaving } from '../../../src/sql/rewrite/keys-of-having.js';
import { countedApart } from '../../../src/sql/rewrite/multiplied-counts.js';
import { noneAfter } from '../../../src/sql/rewrite/none-after.js';
import { oneGrouping } from '../../../src/sql/rewrite/one-grouping.js';
import { oneScan } from '../../../src/sql/rewrite/one-scan.js';
import { groupsOfHaving, rowsOfHaving } from '../../../src/sql/rewrite/rows-of-having.js';
import { rowsOfParents } from '../../../src/sql/rewrite/rows-of-parents.js';
import { groupsOfEachRow, selectedGroups } from '../../../src/sql/rewrite/selected-groups.js';
import { sharedQueries } from '../../../src/sql/rewrite/shared-queries.js';
import { stepsOverKeys } from '../../../src/sql/rewrite/steps-over-keys.js';
import { subquerySites } from '../../../src/sql/rewrite/subquery-sites.js';
import { ungrouped } from '../../../src/sql/rewrite/ungrouped.js';
import { rewriteVariants } from '../../../src/sql/rewrite/variants.js';

/** What a statement has done to the program's readers of text. */
export interface DoorReport {
  readonly isParsed: boolean;
  /** Doors that fell over, with the error. */
  readonly crashes: readonly string[];
  /** By the processor's time, which other work on the machine does not change. */
  readonly slowest: { readonly door: string; readonly cpuMs: number };
  /** The statement written otherwise, each text once. */
  readonly rewrites: readonly OtherText[];
}

/** A statement as one of the rules writes it. */
export interface OtherText {
  /** What has written it so: a variant, a function, a caution that comes with it. */
  readonly form: string;
  readonly sql: string;
  /** It is told to be otherwise at the edges, so that a difference is none that was hidden. */
  readonly isCautious?: boolean;
}

interface Surroundings {
  readonly catalog: Catalog;
  readonly statistics: Statistics;
  /** Of the server, which decides what PostgreSQL does by itself. */
  readonly major: number;
}

/** Sends a text through everything that reads statements; that it is no SQL is an answer, anything else thrown a crash. */
export function throughEveryDoor(sql: string, surroundings: Surroundings): DoorReport {
  const crashes: string[] = [];
  const rewrites = new Map<string, OtherText>();
  let slowest = { door: '', cpuMs: 0 };
  let isParsed = false;
  for (const [door, open] of Object.entries(DOORS)) {
    const before = process.cpuUsage();
    try {
      for (const each of open(sql, surroundings)) {
        if (!rewrites.has(each.sql)) parsedRewrite(each.sql);
        if (rewrites.get(each.sql)?.isCautious !== false) rewrites.set(each.sql, each);
      }
      isParsed ||= door === 'parse';
    } catch (error) {
      if (asParseFailure(error) === null) crashes.push(`${door}: ${error instanceof Error ? error.stack : error}`);
    }
    const { user, system } = process.cpuUsage(before);
    const cpuMs = (user + system) / 1000;
    if (cpuMs > slowest.cpuMs) slowest = { door, cpuMs };
  }
  return { isParsed, crashes, slowest, rewrites: [...rewrites.values()] };
}

type Door = (sql: string, surroundings: Surroundings) => readonly OtherText[];

/** What these doors give is of no interest, only that they give it. */
function nothing(..._: readonly unknown[]): readonly OtherText[] {
  return [];
}

/** What a rule about the form of statements writes in their place. */
function writing(form: string, write: (sql: string, catalog: Catalog) => string | null): Door {
  return (sql, { catalog }) => {
    const text = write(sql, catalog);
    return text === null ? [] : [{ form, sql: text }];
  };
}

/** Likewise of a statement that has been read. */
function reading(write: (read: ReadStatement, catalog: Catalog) => readonly OtherText[]): Door {
  return (sql, { catalog }) => {
    const read = readText(sql, catalog);
    return read === null ? [] : write(read, catalog);
  };
}

const DOORS: Readonly<Record<string, Door>> = {
  parse: (sql) => nothing(parseStatement(sql)),
  fingerprint: (sql) => nothing(fingerprint(sql), normalise(sql)),
  'hide literals': (sql) => nothing(...[true, false].map((backslashes) => hideLiterals(sql, { backslashes }))),
  'make plannable': (sql) => nothing(rewriteForPlanning(normalise(sql))),
  'batch forms': batches,
  'candidate indexes': candidates,
  'query levels': (sql, { catalog }) =>
    nothing(
      readLevels(parseStatement(sql).tree, catalog).map((level) =>
        wrappedColumns(level).map((wrapped) => sargableForms(wrapped, catalog)),
      ),
    ),
  'subquery sites': (sql, { catalog }) => nothing(subquerySites(parseStatement(sql).tree, catalog)),
  'one scan': writing('one-scan', oneScan),
  'one grouping': writing('one-grouping', oneGrouping),
  'grouping levels': writing('grouping-levels', (sql, catalog) => groupingLevels(sql, catalog)),
  'levels of groups': writing('levels-of-groups', (sql, catalog) => groupingLevels(sql, catalog, 'groups')),
  'either key': writing('either-key', eitherKey),
  'either side': writing('either-side', eitherSide),
  'rows of parents': writing('rows-of-parents', rowsOfParents),
  'grouped twice': writing('distinct-aggregates', groupedTwice),
  'grouped before': writing('grouped-before', groupedBefore),
  'counted keys': writing('counted-keys', countedKeys),
  'counted presence': writing('counted-presence', countedPresence),
  'counted apart': writing('multiplied-counts', countedApart),
  ungrouped: writing('ungrouped', ungrouped),
  'shared queries': writing('shared-queries', sharedQueries),
  'series bounds': writing('series-bounds', (sql, catalog) => seriesBounds(sql, catalog)),
  'full join bounds': writing('full-join-bounds', fullJoinBounds),
  'without fences': writing('fences', withoutFences),
  'bound recursion': writing('bound-recursion', boundRecursion),
  'common rows': writing('common-rows', commonRows),
  'none after': writing('none-after', noneAfter),
  'steps over keys': writing('steps-over-keys', stepsOverKeys),
  'selected groups': writing('selected-groups', selectedGroups),
  'groups of each row': writing('groups-of-each-row', groupsOfEachRow),
  'first of groups': writing('first-of-groups', firstOfGroups),
  'bounded by series': writing('bounded-by-series', boundedBySeries),
  'bounded within': writing('bounded-within', boundedWithin),
  'keys of page': writing('keys-of-page', keysOfPage),
  'cut arms': writing('cut-arms', cutArms),
  'without distinct': writing('without-distinct', withoutDistinct),
  'windows as groups': writing('windows-as-groups', windowsAsGroups),
  'without order': writing('without-order', withoutOrder),
  'asked existence': writing('asked-existence', askedExistence),
  'known bounds': writing('known-bounds', knownBounds),
  'one row each': writing('one-row-each', oneRowEach),
  'plain order': writing('plain-order', plainOrder),
  'spelled comparisons': writing('spelled-comparisons', spelledComparisons),
  'other values': writing('other-values', otherValues),
  'keys of having': writing('keys-of-having', keysOfHaving),
  'rows of having': writing('rows-of-having', rowsOfHaving),
  'groups of having': writing('groups-of-having', groupsOfHaving),
  'split join': writing('split-join', splitJoin),
  'split lookup': writing('split-lookup', splitLookup),
  'total of page': writing('total-of-page', totalOfPage),
  'exists form': reading((read, catalog) => {
    const sql = existsForm(read, catalog);
    return sql === null ? [] : [{ form: 'exists-form', sql }];
  }),
  'needless joins': reading((read, catalog) =>
    needlessJoins(read, catalog).map(({ text, kind }) => ({ form: `without-${kind}-join`, sql: text })),
  ),
  'sargable forms': reading((read, catalog) =>
    allWrapped(read).flatMap((_, place) =>
      unwrappedTexts(read, { place, catalog }).flatMap(({ form: { caution }, text }) =>
        text === null ? [] : [{ form: 'sargable', sql: text, isCautious: caution !== null }],
      ),
    ),
  ),
  rewrite: (sql, { catalog, major }) =>
    rewriteVariants(sql, { catalog, major }).flatMap((variant) =>
      variant.sql === null ? [] : [{ form: variant.id, sql: variant.sql }],
    ),
};

/** Every constant becomes a parameter that changes from call to call. */
function batches(sql: string): readonly OtherText[] {
  parseStatement(sql);
  const [hidden] = hideLiterals(sql, { backslashes: false });
  const text = hidden?.text ?? sql;
  const parameters = Array.from({ length: parameterCount(text) }, (_, place) => ({
    number: place + 1,
    type: 'integer',
  }));
  const { tree } = parseStatement(text);
  for (const changing of [parameters, parameters.slice(0, 1)]) {
    if (changing.length === 0) continue;
    selectBatches({ text, parameters: changing }, tree);
    writeBatch({ text, parameters: changing }, tree);
    writeBatch({ text, parameters: changing }, tree, { repeats: true });
  }
  return [];
}

function candidates(sql: string, { catalog, statistics }: Surroundings): readonly OtherText[] {
  const options = {
    blocks: () => 1_000_000,
    columnsMax: 4,
    distinct: () => 100,
    widthBytes: () => 8,
    catalog,
    statistics,
  };
  for (const scan of analyzeStatement(parseStatement(sql).tree, catalog).scans) {
    candidatesOf(scan, options);
    methodCandidates(scan, options);
  }
  return [];
}

/** What the program writes itself has to be SQL. */
function parsedRewrite(text: string): void {
  try {
    parseStatement(text);
  } catch (error) {
    throw new Error(`a rewrite is no SQL: ${text}`, { cause: error });
  }
}
