import type { Fix } from '../../model/finding.js';
import { createExtensionSql, createIndexSql } from '../../sql/index-definition.js';
import type { Evidence, Trial, TrialWay } from '../advisor.js';
import { createFix } from '../index-hygiene/create-fix.js';
import { refutedOf } from './alternatives.js';
import type { Recommendation } from './recommend.js';
import type { TriedIndex, TriedStatement } from './try-variants.js';

/** What may be run on rows: the index, and every rewrite that was not seen to differ. */
export function trialOf(tried: TriedStatement, { catalog }: Evidence): Omit<Trial, 'subject'> {
  const { statement, index, rewrites } = tried;
  const indexWay: TrialWay[] =
    index === null
      ? []
      : [
          {
            ...{ kind: 'index', title: 'an index for it', bindings: [], comparison: null, costAfter: index.costAfter },
            createSql: index.specs.flatMap((spec) => [
              ...(spec.extension === undefined ? [] : [createExtensionSql(spec.extension)]),
              createIndexSql(spec),
            ]),
            fix: indexFix(index, catalog),
          },
        ];
  const others = rewrites
    .filter(({ verdict }) => verdict?.kind !== 'differs')
    .map(
      ({ variant, bindings, costAfter, verdict }): TrialWay => ({
        ...{ kind: 'rewrite', title: variant.title, createSql: [], bindings, costAfter },
        comparison: verdict?.kind === 'no counterexample' ? verdict : null,
        fix: rewriteFix(variant.sql),
      }),
    );
  return { bindings: statement.plannable.bindings, ways: [...indexWay, ...others], refuted: refutedOf(tried) };
}

/** Gives what a person does to have what is recommended; null where nothing is. */
export function fixOf(recommendation: Recommendation, { catalog }: Evidence): Fix | null {
  if (recommendation.kind === 'rewrite') return rewriteFix(recommendation.rewrite.variant.sql);
  return recommendation.kind === 'index' ? indexFix(recommendation.index, catalog) : null;
}

function rewriteFix(rewrittenQuery: string): Fix {
  return { kind: 'rewrite', sql: [], undo: [], rewrittenQuery, files: [] };
}

function indexFix({ specs }: TriedIndex, catalog: Evidence['catalog']): Fix {
  const fixes = specs.map((spec) => createFix(catalog, spec));
  return {
    kind: 'create-index',
    sql: fixes.flatMap(({ sql }) => sql),
    undo: fixes.flatMap(({ undo }) => undo),
    rewrittenQuery: null,
    files: [],
  };
}
