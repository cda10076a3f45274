/** One query of a bench: what is called, with which values, and how often compared with the others. */
export interface BenchScenarioQuery {
  readonly name: string;
  /** One statement; parameters are `$n`. */
  readonly text: string;
  readonly fingerprint: string;
  /** Values of `$1`, `$2` …, one array per set; used in turn, in the same order on both sides. */
  readonly parameterSets: readonly (readonly unknown[])[];
  /** Calls, in any unit: a heavy query gets up to twice the measuring time of an average one. */
  readonly weight: number;
  /** True for a statement that changes or locks rows. */
  readonly writes?: boolean;
}

/** A query as the drivers run it. */
export interface LoadStatement {
  /** Its place in the scenario, which also names its prepared statement. */
  readonly index: number;
  readonly name: string;
  readonly text: string;
  /** At least one set; an empty one for a statement without parameters. */
  readonly parameterSets: readonly (readonly unknown[])[];
  /** True for a statement that changes or locks rows: every call is rolled back. */
  readonly writes: boolean;
}

/** The set that the request of this number uses. */
export function parametersOf(statement: LoadStatement, request: number): readonly unknown[] {
  return statement.parameterSets[request % statement.parameterSets.length] ?? [];
}
