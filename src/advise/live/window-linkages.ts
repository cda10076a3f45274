import type { Catalog } from '../../model/catalog.js';
import type { Linkage, WindowRegression } from '../../model/linkage.js';
import { regress } from '../../workload/watch/regression.js';
import type { CountReader } from '../../workload/watch/statement-counts.js';
import type { Series, WindowSeries } from '../../workload/watch/window-series.js';
import { nameOf, relationsOf, statementOf } from '../lineage/describe-linkage.js';
import type { TableColumn } from '../lineage/key-columns.js';
import { type ParsedLoop, parseLoop } from '../lineage/loop-statement.js';

/** Statements that are compared at most, by their calls. */
const CHILDREN_MOST = 400;
const PARENTS_MOST = 400;
/** Calls of a child in all windows. */
const CALLS_LEAST = 50;
/** Rows of a call, on average: a query of one row feeds no loop. */
const ROWS_LEAST = 2;

interface Watched {
  readonly series: Series;
  readonly parsed: ParsedLoop;
}

interface Suspicion {
  readonly child: Watched;
  readonly parent: Watched;
  readonly regression: WindowRegression;
  readonly key: { readonly number: number; readonly column: TableColumn };
}

/** Gives the loops that calls and rows over windows suggest: each child with the query whose rows its calls follow closest. */
export async function windowLinkages(
  series: WindowSeries,
  context: { readonly counts: CountReader; readonly catalog: Catalog; readonly windowMs: number },
): Promise<readonly Linkage[]> {
  const byId = series.series();
  const parentIds = topOf(byId, PARENTS_MOST, ({ rows, calls }) => sum(rows) >= ROWS_LEAST * sum(calls));
  const childIds = topOf(byId, CHILDREN_MOST, ({ calls }) => sum(calls) >= CALLS_LEAST);
  const texts = await context.counts.texts([...new Set([...parentIds, ...childIds])]);
  const watched = (ids: readonly string[]) =>
    ids.flatMap((id) => {
      const [text, known] = [texts.get(id), byId.get(id)];
      const parsed = text === undefined ? null : parsedOf(text, context.catalog);
      return parsed === null || known === undefined ? [] : [{ parsed, series: known }];
    });
  const parents = watched(parentIds).filter(({ parsed }) => parsed.kind === 'select');
  return watched(childIds).flatMap((child) => {
    const found = parents.flatMap((parent) => suspicionOf(child, parent) ?? []);
    const [best] = found.sort((one, other) => other.regression.partial - one.regression.partial);
    return best === undefined ? [] : [toLinkage(best, context.windowMs)];
  });
}

function topOf(
  byId: ReadonlyMap<string, Series>,
  most: number,
  isWanted: (series: Series) => boolean,
): readonly string[] {
  const wanted = [...byId].filter(([, series]) => isWanted(series));
  return wanted
    .sort(([, one], [, other]) => sum(other.calls) - sum(one.calls))
    .slice(0, most)
    .map(([id]) => id);
}

/** Which parameters change is not known here: those that are compared with a column may. */
function parsedOf(text: string, catalog: Catalog): ParsedLoop | null {
  return parseLoop({ stretch: { shape: text, calls: [], sources: [] }, text, varying: [], calls: [] }, catalog);
}

function suspicionOf(child: Watched, parent: Watched): Suspicion | null {
  if (child.parsed.loop.text === parent.parsed.loop.text) return null;
  const key = keyFrom(child.parsed, parent.parsed);
  const regression = key === null ? null : regress(child.series, parent.series);
  return key === null || regression === null ? null : { child, parent, regression, key };
}

/** The child's key is what the parent's rows name: by a foreign key one way or the other, or as the very column. */
function keyFrom({ columns }: ParsedLoop, parent: ParsedLoop): Suspicion['key'] | null {
  for (const [number, column] of columns) {
    if (parent.analysis.scans.some(({ table }) => isRelated(column, table))) return { number, column };
  }
  return null;
}

function isRelated({ table, column }: TableColumn, parent: TableColumn['table']): boolean {
  const names = (one: TableColumn['table'], other: { readonly schema: string; readonly name: string }) =>
    one.schema === other.schema && one.name === other.name;
  if (names(parent, table))
    return table.constraints.some(({ kind, columns }) => kind === 'primary key' && columns.includes(column.name));
  const toParent = table.constraints.some(
    ({ columns, references }) =>
      references !== null && columns.includes(column.name) && names(parent, references.table),
  );
  const toChild = parent.constraints.some(
    ({ references }) =>
      references !== null && names(table, references.table) && references.columns.includes(column.name),
  );
  return toParent || toChild;
}

function toLinkage({ child, parent, regression, key }: Suspicion, windowMs: number): Linkage {
  const [calls, occurrences] = [sum(child.series.calls), sum(parent.series.calls)];
  return {
    kind: child.parsed.kind,
    child: statementOf(child.parsed.loop.text),
    parent: statementOf(parent.parsed.loop.text),
    ...{ isNested: false, isThroughJunction: false, scope: 'time', chance: null, batch: null },
    ...{ occurrences, calls, callsMost: Math.ceil(calls / Math.max(occurrences, 1)) },
    totalTimeMs: child.series.totalTimeMs,
    keys: [{ number: key.number, column: nameOf(key.column), source: null }],
    relations: relationsOf(child.parsed),
    windows: { ...regression, windowMs },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
