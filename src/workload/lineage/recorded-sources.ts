import type { RecordedCall } from '../../model/linkage.js';

/** Leaves of queries those out whose recorded rows hold nothing that the calls asked for: they gave them no value. */
export function sourcesFor(calls: readonly RecordedCall[], sources: readonly RecordedCall[]): readonly RecordedCall[] {
  if (sources.every(({ rows, valueForm }) => rows === undefined && valueForm === undefined)) return sources;
  const [first] = calls;
  const varying = (first?.values ?? []).flatMap((value, index) =>
    calls.some(({ values }) => values[index] !== value) ? [index] : [],
  );
  const asked = new Set(calls.flatMap(({ values }) => varying.flatMap((index) => values[index] ?? [])));
  return sources.filter(({ rows, valueForm }) =>
    // What was asked with stand-ins cannot be asked again.
    rows === undefined ? valueForm === undefined : rows.rows.some((row) => row.some((each) => isAsked(each, asked))),
  );
}

function isAsked(value: string | null, asked: ReadonlySet<string>): boolean {
  return value !== null && asked.has(value);
}
