import type { Difference, ObservedObject, ObservedSchema } from '../../model/drift.js';
import { LEDGER_NAMES } from '../ledger-names.js';
import { canonical } from './canonical.js';
import { type Pair, pairObjects } from './pair.js';

/** Gives every difference between two schemas, in the order of their objects' names. */
export function compareSchemas(expected: ObservedSchema, actual: ObservedSchema): readonly Difference[] {
  const pairs = pairObjects(expected.objects, actual.objects);
  const alone = new Set(
    pairs.flatMap(({ expected: wanted, actual: found }) => (wanted && found ? [] : keysOf(wanted ?? found))),
  );
  return pairs
    .flatMap((pair) => differencesOf(pair, alone))
    .sort((left, right) => order(left.object, right.object) || order(left.objectType, right.objectType));
}

function differencesOf({ expected, actual }: Pair, alone: ReadonlySet<string>): readonly Difference[] {
  if (expected !== null && actual !== null) return changesOf(expected, actual);
  const object = expected ?? actual;
  // What goes with a table that is not there is not named one by one.
  if (object === null || (object.parent !== null && alone.has(object.parent))) return [];
  const kind = expected === null ? 'unexpected' : 'missing';
  const text = textOf(object);
  return [
    {
      ...{ kind, objectType: object.type, object: object.name, attribute: 'existence' },
      ...{ expected: expected === null ? null : text, actual: actual === null ? null : text },
      severity: kind === 'unexpected' && (isOfMonitoring(object) || isLedger(object)) ? 'info' : 'error',
    },
  ];
}

function changesOf(expected: ObservedObject, actual: ObservedObject): readonly Difference[] {
  const change = (attribute: string, values: Values, severity: Difference['severity']): Difference => ({
    ...{ kind: 'changed', objectType: expected.type, object: expected.name, attribute, ...values, severity },
  });
  const renamed = expected.name !== actual.name && !(expected.systemNamed && actual.systemNamed);
  return [
    ...(renamed ? [change('name', { expected: expected.name, actual: actual.name }, 'error')] : []),
    ...unequal(expected.attributes, actual.attributes).map(([name, values]) => change(name, values, 'error')),
    ...unequal(expected.notes, actual.notes).flatMap(([name, values]) => {
      const shown = name === COLUMN_ORDER ? orderOfCommon(values) : values;
      return shown === null ? [] : [change(name, shown, 'info')];
    }),
  ];
}

type Values = Pick<Difference, 'expected' | 'actual'>;

const COLUMN_ORDER = 'column order';

function unequal(
  expected: ObservedObject['attributes'],
  actual: ObservedObject['attributes'],
): readonly (readonly [string, Values])[] {
  return Object.keys({ ...expected, ...actual }).flatMap((name) => {
    const values = { expected: expected[name] ?? null, actual: actual[name] ?? null };
    return isSame(values) ? [] : [[name, values] as const];
  });
}

function isSame({ expected, actual }: Values): boolean {
  if (expected === actual) return true;
  return expected !== null && actual !== null && canonical(expected) === canonical(actual);
}

/** A column that is missing is named as such, and changes no order; null where the others stand as they should. */
function orderOfCommon(values: Values): Values | null {
  const [expected, actual] = [columnsIn(values.expected), columnsIn(values.actual)];
  const shown = {
    expected: expected.filter((name) => actual.includes(name)).join(', '),
    actual: actual.filter((name) => expected.includes(name)).join(', '),
  };
  return shown.expected === shown.actual ? null : shown;
}

function columnsIn(json: string | null): readonly string[] {
  const names: unknown = JSON.parse(json ?? '[]');
  return Array.isArray(names) ? names.map(String) : [];
}

/** What the object is, in the words that say most of it. */
function textOf({ name, attributes }: ObservedObject): string {
  return attributes['definition'] ?? attributes['type'] ?? attributes['labels'] ?? attributes['privileges'] ?? name;
}

function keysOf(object: ObservedObject | null): readonly string[] {
  return object === null ? [] : [`${object.type} ${object.name}`];
}

/** Extensions that watch, which whoever runs the server adds by hand, and which pgsteward itself asks for. */
function isOfMonitoring({ type, name }: ObservedObject): boolean {
  return type === 'extension' && ['pg_stat_statements', 'hypopg'].includes(name);
}

/** The ledger of a runner that kept the database before. */
function isLedger({ type, name }: ObservedObject): boolean {
  return type === 'table' && LEDGER_NAMES.has(name.split('.').at(-1) ?? '');
}

function order(left: string, right: string): number {
  return left < right ? -1 : Number(left > right);
}
