import type { ActualFigures } from '../../model/plan.js';
import type { RunNode } from '../../postgres/subquery-shares.js';

/** Indent, title, and what ANALYZE adds: the time of a loop's end, rows and loops. */
const NODE =
  /^(\s*(?:->\s+)?)(\S.*?) {2}\(cost=[^)]*\)(?: \(actual (?:time=[\d.]+\.\.([\d.]+) )?rows=([\d.]+) loops=(\d+)\))?/;
/** Says what the next node is to the one around it. */
const LABEL = /^\s*(SubPlan|InitPlan|CTE) \S/;
const BUFFERS = /^\s*Buffers: shared( hit=(\d+))?( read=(\d+))?/;
const RELATION = / on ((?:"[^"]+"|[^\s"])+)/;

interface MutableNode extends RunNode {
  readonly children: MutableNode[];
  actual: ActualFigures | null;
}

/** Reads a plan in EXPLAIN's text format as far as its subqueries need it; null where there is none. */
export function readPlanText(text: string): RunNode | null {
  const path: { readonly indent: number; readonly node: MutableNode }[] = [];
  let [root, label]: [MutableNode | null, string | null] = [null, null];
  for (const line of text.split('\n')) {
    const found = NODE.exec(line);
    if (found === null) {
      label = LABEL.exec(line)?.[1] ?? label;
      addBuffers(path.at(-1)?.node, BUFFERS.exec(line));
      continue;
    }
    const indent = found[1]?.length ?? 0;
    while ((path.at(-1)?.indent ?? -1) >= indent) path.pop();
    const node = nodeOf(found, label);
    path.at(-1)?.node.children.push(node);
    path.push({ indent, node });
    root ??= node;
    label = null;
  }
  return root;
}

function nodeOf([, , title = '', endMs, rows, loops]: RegExpExecArray, label: string | null): MutableNode {
  const runs = Number(loops ?? 0);
  const actual = {
    ...{ rows: Number(rows ?? 0) * runs, loops: runs, durationMs: Number(endMs ?? 0) * runs },
    ...{ sharedHitBuffers: 0, sharedReadBuffers: 0, rowsRemovedByFilter: 0 },
  };
  const relation = RELATION.exec(title)?.[1] ?? null;
  return {
    relation,
    schema: null,
    parentRelationship: label,
    actual: loops === undefined ? null : actual,
    children: [],
  };
}

function addBuffers(node: MutableNode | undefined, found: RegExpExecArray | null): void {
  if (node?.actual == null || found === null) return;
  node.actual = { ...node.actual, sharedHitBuffers: Number(found[2] ?? 0), sharedReadBuffers: Number(found[4] ?? 0) };
}
