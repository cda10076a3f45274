import type { RecordedRows } from '../../model/trace.js';
import type { LoopSource, MatchRequest } from './match-rows.js';

/** Rows of a query as the server writes them, or stand-ins of their values. */
export type SourceRows = RecordedRows;

/** Whether a parameter's column and a query's refer to one thing: the schema says so, says nothing, or denies it. */
export type KeyRelation = 'related' | 'unknown' | 'unrelated';

export interface ChosenColumns {
  /** Column of the source by parameter. */
  readonly columns: ReadonlyMap<number, number>;
  readonly isRelated: boolean;
}

interface Choice {
  readonly number: number;
  readonly place: number;
  readonly isRelated: boolean;
  /** Different values that were asked for. */
  readonly hits: number;
  /** Rows that bear them. */
  readonly rows: number;
}

/** Chooses which columns of a query may have given the parameters; null where none shares a value with them. */
export function chooseColumns(source: LoopSource, request: MatchRequest): ChosenColumns | null {
  const columns = source.rows.columns.map((_, place) => valuesOf(source, place));
  const choices = request.varying.flatMap((number) => choose(number, { source, columns, request }) ?? []);
  const best = [...choices].sort((one, other) => rank(other) - rank(one))[0];
  if (best === undefined) return null;
  // A further parameter belongs to the key where it meets about as many rows; else it only happens to meet some.
  const kept = choices.filter((each) => each === best || (each.place !== best.place && each.rows * 2 >= best.rows));
  return { columns: new Map(kept.map(({ number, place }) => [number, place])), isRelated: best.isRelated };
}

function choose(
  number: number,
  known: { source: LoopSource; columns: readonly (ReadonlySet<string> | null)[]; request: MatchRequest },
): Choice | null {
  const { source, columns, request } = known;
  const wanted = new Set(request.calls.flatMap(({ values }) => values[number - 1] ?? []));
  const choices = source.rows.columns.flatMap((column, place): Choice[] => {
    const values = columns[place] ?? null;
    const relation = values === null ? 'unrelated' : request.relate(number, column);
    if (values === null || relation === 'unrelated') return [];
    const hits = [...values].filter((value) => wanted.has(value)).length;
    const rows = source.rows.rows.filter((row) => wanted.has(row[place] ?? '')).length;
    return hits === 0 ? [] : [{ number, place, isRelated: relation === 'related', hits, rows }];
  });
  return choices.sort((one, other) => rank(other) - rank(one))[0] ?? null;
}

function rank({ isRelated, hits }: Choice): number {
  return isRelated ? hits + 1e9 : hits;
}

/** Null for a column that only gives back what the query was asked with: its values come from elsewhere. */
function valuesOf({ call, rows }: LoopSource, place: number): ReadonlySet<string> | null {
  const values = new Set(rows.rows.flatMap((row) => row[place] ?? []));
  const [only] = values;
  return only !== undefined && values.size === 1 && call.values.includes(only) ? null : values;
}

/** Gives values as one text; null where one is NULL, which is equal to nothing. */
export function keyText(values: readonly (string | null)[]): string | null {
  return values.includes(null) ? null : JSON.stringify(values);
}
