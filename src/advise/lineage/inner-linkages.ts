import type { Catalog } from '../../model/catalog.js';
import type { InnerLoop, Linkage } from '../../model/linkage.js';
import { analyzeStatement } from '../../sql/analysis/analyze.js';
import { whyIrrelevant } from '../../workload/relevance.js';
import { relationsOf, statementOf } from './describe-linkage.js';
import { kindOf, treeOf } from './loop-statement.js';

/** Gives the loops that functions and triggers run within the database. */
export function innerLinkages(loops: readonly InnerLoop[], catalog: Catalog): readonly Linkage[] {
  return loops.flatMap((inner) => toLinkage(inner, catalog) ?? []);
}

function toLinkage(inner: InnerLoop, catalog: Catalog): Linkage | null {
  const text = statementText(inner.text);
  const tree = text === null ? null : treeOf(text);
  const kind = tree === null ? null : kindOf(tree);
  if (text === null || tree === null || kind === null || whyIrrelevant(tree, text) !== null) return null;
  const source = inner.source === null ? null : statementText(inner.source.text);
  return {
    ...{ kind, inner, child: statementOf(text), parent: source === null ? null : statementOf(source) },
    ...{ isNested: false, isThroughJunction: false, scope: 'transaction', keys: [], chance: null, batch: null },
    ...{ occurrences: inner.occurrences, calls: inner.calls, callsMost: inner.callsMost },
    totalTimeMs: inner.totalTimeMs,
    relations: relationsOf({ tree, analysis: analyzeStatement(tree, catalog) }),
  };
}

/** PL/pgSQL has expressions where SQL has statements: `total := (SELECT …)`, `EXISTS (SELECT …)`. */
function statementText(text: string): string | null {
  const expression = text.replace(/^\s*[\w$."[\]]+\s*:?=\s*/, '');
  return [text, `SELECT ${expression}`].find((each) => treeOf(each) !== null) ?? null;
}
