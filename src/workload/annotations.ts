import { StewardError } from '../errors.js';

/** What comment lines before a statement say of it. */
export interface Annotations {
  readonly name: string | null;
  /** 1 where nothing is said. */
  readonly calls: number;
  readonly parameterSamples: readonly (readonly unknown[])[];
}

/** Reads `-- name:`, `-- calls:` and `-- params:` lines; `place` is where the statement stands, for errors. */
export function readAnnotations(comments: readonly string[], place: string): Annotations {
  let name: string | null = null;
  let calls = 1;
  const parameterSamples: (readonly unknown[])[] = [];
  for (const comment of comments) {
    const [, key, value = ''] = /^--\s*(name|calls|params)\s*:\s*(.*?)\s*$/.exec(comment) ?? [];
    if (key === 'name' && value !== '') name = value;
    if (key === 'calls') calls = readCalls(value, place);
    if (key === 'params') parameterSamples.push(readParameters(value, place));
  }
  return { name, calls, parameterSamples };
}

function readCalls(value: string, place: string): number {
  const calls = Number(value);
  if (/^\d+(\.\d+)?$/.test(value) && calls > 0) return calls;
  throw new StewardError('usage', `"-- calls: ${value}" before the statement at ${place} is no positive number`, {
    hint: 'write the number of calls, such as -- calls: 1200',
  });
}

function readParameters(value: string, place: string): readonly unknown[] {
  const values = parseJson(value);
  if (Array.isArray(values)) return values;
  throw new StewardError('usage', `"-- params: ${value}" before the statement at ${place} is no JSON array`, {
    hint: 'write the values of $1, $2 … as a JSON array, such as -- params: [42, "pending"]',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
