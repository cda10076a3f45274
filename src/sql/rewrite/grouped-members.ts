import type { Node, SelectStmt } from '@pgsql/types';
import { canonical } from '../canonical.js';
import { bodyOf, visit } from '../walk.js';
import { isAggregateCall } from './aggregates.js';
import { callsWindow, holdsQuery, keepColumnNames } from './column-names.js';
import type { Sight } from './group-sources.js';
import { groupExpressions, holdsGroupingSet } from './grouped-level.js';
import { isPlainBut, isWrittenOneWay } from './keyed-subquery.js';
import { type LevelRelation, relationsOf } from './level-names.js';
import { partsOf, referencesIn, stringNode } from './nodes.js';

/** What stands in a chain of joins, with what it is joined by to all that stand left of it. */
export interface Link {
  readonly node: Node;
  /** The first of a chain is, too. */
  readonly isInner: boolean;
  readonly quals: readonly Node[];
}

/** Gives the links of inner and left joins, first to last; null for other joins, and where columns are merged. */
export function chainOf(item: Node): readonly Link[] | null {
  const join = bodyOf(item, 'JoinExpr');
  if (join === null) return [{ node: item, isInner: true, quals: [] }];
  const { larg, rarg, jointype = 'JOIN_INNER', quals, usingClause, isNatural, alias } = join;
  const isPlain = usingClause === undefined && isNatural !== true && alias === undefined;
  const isKnown = jointype === 'JOIN_INNER' || jointype === 'JOIN_LEFT';
  const left = larg === undefined || !isPlain || !isKnown ? null : chainOf(larg);
  if (left === null || rarg === undefined) return null;
  return [...left, { node: rarg, isInner: jointype === 'JOIN_INNER', quals: partsOf(quals) }];
}

/** What a grouped query gives under a name: one of the keys, by place, or what is computed of aggregates. */
export type GroupOutput =
  | { readonly kind: 'key'; readonly place: number }
  | { readonly kind: 'value'; readonly value: Node };

/** A query in FROM that groups rows. */
export interface GroupedMember {
  readonly link: Link;
  readonly place: number;
  readonly alias: string;
  readonly query: SelectStmt;
  readonly relations: readonly LevelRelation[];
  /** What it groups by, and nothing else tells groups apart. */
  readonly keys: readonly Node[];
  readonly outputs: ReadonlyMap<string, GroupOutput>;
  /** The same for members that group the same rows, but for conditions. */
  readonly source: string;
}

/** Reads the grouped queries in a chain; those that are cut, ordered, chosen by HAVING or multiplied are left out. */
export function groupedMembers(chain: readonly Link[], context: Sight): readonly GroupedMember[] {
  return chain.flatMap((link, place) => {
    const range = bodyOf(link.node, 'RangeSubselect');
    const query = structuredClone(bodyOf(range?.subquery, 'SelectStmt'));
    const { aliasname: alias, colnames } = range?.alias ?? {};
    if (query === null || alias === undefined || colnames !== undefined || range?.lateral === true) return [];
    if (!isPlainBut(query, ['groupClause']) || query.groupClause === undefined || holdsGroupingSet(query)) return [];
    if (holdsQuery([query.targetList, query.whereClause, query.fromClause]) || callsWindow(query.targetList)) return [];
    namedAlike(query, context);
    keepColumnNames(query.targetList, () => true);
    const relations = relationsOf(query.fromClause ?? [], context);
    const keys = groupExpressions(query, relations);
    const outputs = outputsOf(query, keys, context);
    const isFit = keys.every((key) => isWrittenOneWay(key, relations) && isSingle(key, context));
    if (outputs === null || !isFit) return [];
    const source = canonical([query.fromClause, keys]);
    return [{ link, place, alias, query, relations, keys, outputs, source }];
  });
}

/** Columns of the only table that is read are called by its own name, whatever others were given to it. */
function namedAlike(query: SelectStmt, context: Sight): void {
  const [item, second] = query.fromClause ?? [];
  const range = bodyOf(item, 'RangeVar');
  const [relation] = relationsOf(query.fromClause ?? [], context);
  if (range?.relname === undefined || second !== undefined || relation?.table == null) return;
  const own = range.relname;
  const references = referencesIn([query.targetList, query.whereClause, query.groupClause]);
  const named = references.map(({ ColumnRef: reference }) => (reference.fields ?? []).map(nameIn));
  const isOwn = ([first, next, further]: readonly (string | null)[]) =>
    further === undefined && (next === undefined ? first !== relation.alias : first === relation.alias);
  if (!named.every(isOwn)) return;
  for (const [place, { ColumnRef: reference }] of references.entries()) {
    const name = named[place]?.at(-1) ?? '';
    if (relation.columns?.has(name) === true) reference.fields = [stringNode(own), stringNode(name)];
  }
  delete range.alias;
}

function nameIn(field: Node): string | null {
  return bodyOf(field, 'String')?.sval ?? null;
}

function outputsOf(
  { targetList = [] }: SelectStmt,
  keys: readonly Node[],
  context: Sight,
): ReadonlyMap<string, GroupOutput> | null {
  const places = new Map(keys.map((key, place) => [canonical(key), place]));
  const outputs = new Map<string, GroupOutput>();
  for (const target of targetList) {
    const { name, val } = bodyOf(target, 'ResTarget') ?? {};
    if (name === undefined || val === undefined || outputs.has(name)) return null;
    const place = places.get(canonical(val));
    if (place === undefined && !isOfAggregates(val, context)) return null;
    outputs.set(name, place === undefined ? { kind: 'value', value: val } : { kind: 'key', place });
  }
  return outputs;
}

function isOfAggregates(value: Node, context: Sight): boolean {
  return referencesIn(value, (node) => isAggregateCall(node, context.catalog)).length === 0 && isSingle(value, context);
}

/** Functions that give one value for each of their arguments. */
const SINGLE: ReadonlySet<string> = new Set(
  'date_trunc lower upper round trunc ceil floor abs to_char left right btrim extract date_part'.split(' '),
);

/** Tells whether an expression gives one value, as far as names tell: functions may give several rows. */
export function isSingle(value: Node, { catalog }: Pick<Sight, 'catalog'>): boolean {
  let isKnown = true;
  visit(value, (kind, body) => {
    if (kind !== 'FuncCall') return true;
    const node = { FuncCall: body } as Node;
    if (isAggregateCall(node, catalog)) return false;
    const name = bodyOf(bodyOf(node, 'FuncCall')?.funcname?.at(-1), 'String')?.sval ?? '';
    isKnown &&=
      SINGLE.has(name) && !(catalog.objects ?? []).some((own) => own.kind === 'function' && own.name === name);
    return isKnown;
  });
  return isKnown;
}
