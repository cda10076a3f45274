import type { Node } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { aggregateCalls, isAggregateCall } from './aggregates.js';
import type { GroupedArm } from './grouped-arms.js';
import { expressionType, isWrittenOneWay } from './keyed-subquery.js';
import type { LevelRelation } from './level-names.js';
import { integerNode, operatorNode } from './nodes.js';

/** Levels of one report. */
export interface Levels {
  readonly arms: readonly GroupedArm[];
  /** Of all arms, by their texts. */
  readonly keys: ReadonlyMap<string, Node>;
  /** Of the first one. */
  readonly relations: readonly LevelRelation[];
  readonly catalog: Catalog;
}

interface ArmValue {
  readonly node: Node;
  readonly text: string;
  readonly arm: GroupedArm;
  readonly isConstant: boolean;
}

/** Gives what a column is in each level, as one expression; null where the levels do not tell it. */
export function levelValue(place: number, levels: Levels): Node | null {
  const values = levels.arms.flatMap((arm): ArmValue[] => {
    const node = arm.values[place];
    return node === undefined ? [] : [{ node, text: canonical(node), arm, isConstant: isConstant(node) }];
  });
  const [first] = values;
  if (first === undefined || !values.every((value) => isOfKeys(value, levels))) return null;
  const texts = new Set(values.map(({ text }) => text));
  if (texts.size === 1) return structuredClone(first.node);
  const isMade = values.some(({ node }) => aggregateCalls(node, levels.catalog).length > 0);
  if (isMade || !areOfOneType(values, levels)) return null;
  return keptValue(values, levels) ?? eitherValue(values, levels) ?? byLevel(values, levels);
}

function isConstant(node: Node): boolean {
  return 'A_Const' in node || bodyOf(bodyOf(node, 'TypeCast')?.arg, 'A_Const') !== null;
}

/** Tells whether it reads, besides aggregates, keys of its own level alone: others are NULL there. */
function isOfKeys({ node, arm }: ArmValue, { keys, catalog }: Levels): boolean {
  const isFit = (value: unknown): boolean => {
    if (typeof value !== 'object' || value === null) return true;
    if (Array.isArray(value)) return value.every(isFit);
    const text = canonical(value);
    if (keys.has(text)) return arm.keys.has(text);
    if (isAggregateCall(value as Node, catalog)) return true;
    return !('ColumnRef' in value) && Object.values(value).every(isFit);
  };
  return isFit(node);
}

/** Tells whether UNION and CASE give the values of all levels the same type. */
function areOfOneType(values: readonly ArmValue[], { relations }: Levels): boolean {
  const isUntyped = ({ node }: ArmValue) => {
    const { isnull, sval } = bodyOf(node, 'A_Const') ?? {};
    return isnull === true || sval !== undefined;
  };
  const typed = values.filter((value) => !isUntyped(value));
  const types = new Set(typed.map(({ node }) => typeOf(node, relations)));
  const isText = [...types].every((type) => type === 'text');
  // Two of no type are taken for texts before a third one is looked at.
  if (!isText && values.slice(0, 2).every(isUntyped)) return false;
  if (new Set(typed.map(({ text }) => text)).size <= 1) return true;
  const isOne = types.size === 1 || [...types].every((type) => type === 'text' || type === 'character varying');
  return isOne && typed.every(({ node, isConstant }) => isConstant || isWrittenOneWay(node, relations));
}

function typeOf(node: Node, relations: readonly LevelRelation[]): string | null {
  const { ival, boolval } = bodyOf(node, 'A_Const') ?? {};
  if (ival !== undefined) return 'integer';
  if (boolval !== undefined) return 'boolean';
  return expressionType(node, relations);
}

/** What is NULL by itself in the levels that are not grouped by it: a key, also cast. */
function keptValue(values: readonly ArmValue[], { keys }: Levels): Node | null {
  const given = values.filter(({ node }) => bodyOf(node, 'A_Const')?.isnull !== true);
  const [first] = given;
  if (first === undefined || given.some(({ text }) => text !== first.text)) return null;
  const cast = bodyOf(first.node, 'TypeCast');
  const isOwn = bodyOf(cast?.typeName?.names?.at(-1), 'String')?.sval === 'text';
  const key = canonical(isOwn ? cast?.arg : first.node);
  const isTold = keys.has(key) && values.every((value) => value.arm.keys.has(key) === given.includes(value));
  return isTold ? structuredClone(first.node) : null;
}

/** `CASE WHEN GROUPING(key) = 0 THEN key ELSE 'all' END`. */
function eitherValue(values: readonly ArmValue[], { keys }: Levels): Node | null {
  const texts = new Set(values.map(({ text }) => text));
  if (texts.size !== 2) return null;
  for (const [text, key] of keys) {
    const [within, without] = [true, false].map((isIn) => values.filter(({ arm }) => arm.keys.has(text) === isIn));
    const [one, other] = [within?.[0], without?.[0]];
    const isOne = (side: readonly ArmValue[] = []) => new Set(side.map((value) => value.text)).size === 1;
    if (one === undefined || other === undefined || !isOne(within) || !isOne(without)) continue;
    const expr = operatorNode('=', groupingOf([key]), integerNode(0));
    return { CaseExpr: { args: [whenNode(expr, one.node)], ...otherwise(other.node) } };
  }
  return null;
}

/** `CASE GROUPING(a, b) WHEN 0 THEN … WHEN 1 THEN … END`. */
function byLevel(values: readonly ArmValue[], { keys }: Levels): Node {
  const last = values.at(-1) as ArmValue;
  const args = values.slice(0, -1).map(({ node, arm }) => whenNode(integerNode(maskOf(arm, keys)), node));
  return { CaseExpr: { arg: groupingOf([...keys.values()]), args, ...otherwise(last.node) } };
}

/** A bit for each key, the last one’s the least, which is set where rows are not grouped by it. */
function maskOf(arm: GroupedArm, keys: Levels['keys']): number {
  return [...keys.keys()].reduce((mask, text) => mask * 2 + (arm.keys.has(text) ? 0 : 1), 0);
}

function groupingOf(keys: readonly Node[]): Node {
  return { GroupingFunc: { args: keys.map((key) => structuredClone(key)) } };
}

function whenNode(expr: Node, result: Node): Node {
  return { CaseWhen: { expr, result: structuredClone(result) } };
}

function otherwise(node: Node): { readonly defresult?: Node } {
  return bodyOf(node, 'A_Const')?.isnull === true ? {} : { defresult: structuredClone(node) };
}
