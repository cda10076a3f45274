import type { Difference } from '../../model/drift.js';
import type { Finding } from '../../model/finding.js';

/** Gives a difference between a schema and its migrations the form in which findings are kept and told. */
export function driftFinding(difference: Difference): Finding {
  const { kind, objectType, object, attribute, expected, actual, severity } = difference;
  const what = kind === 'changed' ? `has another ${attribute}` : `is ${kind}`;
  return {
    ...{ ruleId: 'drift', class: null, severity, key: `drift:${objectType}:${object}:${attribute}` },
    title: `${objectType} ${object} ${what}`,
    message: `The migrations make ${shown(expected)}, the database has ${shown(actual)}.`,
    ...{ relations: [], location: null, queries: [], evidence: [], fix: null },
    proof: { grade: 'counted', method: 'replay', detail: 'the catalogs of the database and of a replay were compared' },
  };
}

function shown(value: string | null): string {
  return value === null ? 'none' : `“${value}”`;
}
