import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, emptyValueOf, filtered } from './aggregates.js';
import type { GroupedMember } from './grouped-members.js';
import {
  allOf,
  columnNode,
  integerNode,
  isNotNull,
  operatorNode,
  partsOf,
  rangeNode,
  replaceNode,
  rowCountNode,
  selectNode,
  targetNode,
} from './nodes.js';
import { eitherOf } from './one-scan.js';
import type { SameGroups } from './same-groups.js';
import type { LevelContext } from './select-levels.js';

/** One grouped query that gives what several gave. */
export interface MergedGroups {
  /** What stands for an output of a member; within the condition that the query itself is joined by, for its key. */
  output(member: GroupedMember, name: string, isInJoin: boolean): Node;
  /** What tells that a member has a group of the key at hand; nothing where it is joined wherever the query is. */
  presence(member: GroupedMember): readonly Node[];
  /** The query; it gives what the outputs and conditions that were asked for read. */
  range(): Node;
}

/** Writes grouped queries of the same rows as one, in which the conditions of each filter its aggregates. */
export function mergedGroups(groups: SameGroups, { catalog, names }: LevelContext): MergedGroups {
  const { first, others } = groups;
  const condition = eitherOf([first, ...others].map(({ query }) => partsOf(query.whereClause)));
  const common = new Set(partsOf(condition).map(canonical));
  const alias = names.next('groups');
  const keys = first.keys.map((node) => ({ node, name: names.next('key') }));
  const columns = new Map<string, { readonly call: Node; readonly name: string }>();
  const column = (call: Node): Node => {
    const known = columns.get(canonical(call)) ?? { call, name: names.next('value') };
    columns.set(canonical(call), known);
    return columnNode(alias, known.name);
  };
  const key = (place: number): Node => columnNode(alias, keys[place]?.name ?? '');
  const own = ({ query }: GroupedMember) => partsOf(query.whereClause).filter((part) => !common.has(canonical(part)));
  const presence = (member: GroupedMember): readonly Node[] => {
    const isSure = own(member).length === 0 && groups.isFirm;
    const rows = isSure ? [] : [operatorNode('>', column(filtered(rowCountNode(), own(member))), integerNode(0))];
    // A group of NULL is joined to none.
    return [...rows, ...(member === first ? [] : groups.nullable.map((place) => isNotNull(key(place))))];
  };
  /** Where no row is joined a column is NULL by itself. */
  const isAll = (member: GroupedMember) => own(member).length === 0 && groups.nullable.length === 0;
  const value = (member: GroupedMember, target: Node): Node => {
    const isCall = aggregateCalls(target, catalog)[0] === target;
    const isMissing = isCall && groups.nullable.length === 0 && isNullForNone(target, catalog);
    const written = writtenOut(target, catalog, (call) => column(filtered(call, own(member))));
    if (member.link.isInner || isMissing || (isCall && isAll(member))) return written;
    return ofPresent(written, presence(member));
  };
  return {
    presence,
    output: (member, name, isInJoin) => {
      const output = member.outputs.get(name);
      if (output?.kind === 'value') return value(member, output.value);
      const asked = isInJoin || member.link.isInner || isAll(member) ? [] : presence(member);
      return ofPresent(key(output?.place ?? 0), asked);
    },
    range: () => {
      const { query } = first;
      const rows = selectNode({
        targetList: [...keys, ...columns.values()].map((each) =>
          targetNode('call' in each ? each.call : each.node, each.name),
        ),
        ...(query.fromClause === undefined ? {} : { fromClause: query.fromClause }),
        ...(condition === undefined ? {} : { whereClause: condition }),
        groupClause: keys.map(({ node }) => node),
      });
      return rangeNode(structuredClone(rows), alias);
    },
  };
}

function isNullForNone(target: Node, catalog: Catalog): boolean {
  const call = bodyOf(target, 'FuncCall');
  return call !== null && emptyValueOf(call, catalog) === 'null';
}

/** An expression of aggregates with other columns in the place of these. */
function writtenOut(target: Node, catalog: Catalog, column: (call: Node) => Node): Node {
  const value = structuredClone(target);
  for (const call of aggregateCalls(value, catalog)) replaceNode(call, column(structuredClone(call)));
  return value;
}

/** `CASE WHEN conditions THEN value END`. */
function ofPresent(value: Node, conditions: readonly Node[]): Node {
  const expr = allOf(conditions);
  return expr === undefined ? value : { CaseExpr: { args: [{ CaseWhen: { expr, result: value } }] } };
}
