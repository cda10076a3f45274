import type { EndedExecution } from './executions.js';

/** What stands in each line of one session, as JSON where it is a text. */
export interface SessionFields {
  readonly id: string;
  readonly user: string;
  readonly database: string;
  readonly application: string;
}

/** Writes an execution as a line of the recording; texts and columns are JSON already, so that each is written once. */
export function executionLine(execution: EndedExecution, session: SessionFields, sequence: number): string {
  const { protocol, text, rowCount, error, rows, isFetch, startedAtMs, durationMs, transaction } = execution;
  const { description } = rows;
  const isComplete = rows.isComplete && (description !== null || rows.count === 0);
  return (
    `{"kind":"execution","session":"${session.id}","sequence":${sequence},"startedAtMs":${micro(startedAtMs)},` +
    `"durationMs":${micro(durationMs)},"protocol":"${protocol}","text":${text.json},"textComplete":${text.isComplete},` +
    `"parameters":${parametersOf(execution)},"rows":${rowCount},"error":${error === null ? 'null' : JSON.stringify(error)},` +
    `"columns":${description?.columns ?? 'null'},"keyColumns":${description?.keyColumns ?? '[]'},"keys":[${rows.keys}],` +
    `"keysComplete":${isComplete},"fetch":${isFetch},` +
    `"transaction":${transaction === null ? 'null' : `"${session.id}.${transaction}"`},` +
    `"user":${session.user},"database":${session.database},"application":${session.application}}\n`
  );
}

function micro(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/** Constants that were taken out of a text follow the values that were bound. */
function parametersOf({ protocol, text, parameters }: EndedExecution): string {
  const { constants, hasTooMany, parameterMost } = text;
  if (hasTooMany || (parameters === null && (protocol === 'extended' || constants === null))) return 'null';
  const bound = parameters ?? [];
  if (constants === null || constants.length === 0) return `[${bound.join(',')}]`;
  return `[${[...bound.slice(0, parameterMost), ...constants].join(',')}]`;
}
