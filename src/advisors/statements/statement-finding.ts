import type { Alternative, Finding, FindingQuery, Fix, Measurement, Proof, Severity } from '../../model/finding.js';
import type { RelationName } from '../../model/relation-name.js';
import type { AnalyzedStatement, Detection } from '../advisor.js';
import { nameOf } from '../index-hygiene/figures.js';

/** What a rule about one statement has to say; all else is the same for every one of them. */
export interface StatementDraft extends Pick<Finding, 'title' | 'message'> {
  readonly ruleId: string;
  readonly statement: AnalyzedStatement;
  /** Tells two findings of one rule about one statement apart: `id`. */
  readonly object?: string;
  readonly severity?: Severity;
  readonly relations: readonly RelationName[];
  readonly evidence?: readonly Measurement[];
  readonly proof: Proof;
  readonly fix?: Fix | null;
  readonly alternatives?: readonly Alternative[];
  readonly costs?: { readonly before: number | null; readonly after: number | null };
}

/** Makes the finding about a statement. */
export function statementFinding(draft: StatementDraft): Detection {
  const { ruleId, statement, object, severity, title, message, relations, evidence, proof, fix, alternatives } = draft;
  const { fingerprint, location } = statement.statement;
  return {
    kind: 'finding',
    class: null,
    ...(severity === undefined ? {} : { severity }),
    key: `${ruleId}:${fingerprint}${object === undefined ? '' : `:${object}`}`,
    title,
    message,
    relations: [...new Set(relations.map(nameOf))],
    location,
    queries: [queryOf(statement, draft.costs)],
    evidence: evidence ?? [],
    proof,
    fix: fix ?? null,
    ...(alternatives === undefined ? {} : { alternatives }),
  };
}

/** Gives a statement as a finding shows it, without its plans. */
export function queryOf({ statement }: AnalyzedStatement, costs?: StatementDraft['costs']): FindingQuery {
  return {
    role: 'statement',
    fingerprint: statement.fingerprint,
    text: statement.text,
    calls: statement.calls,
    totalTimeMs: statement.totalTimeMs ?? 0,
    costBefore: costs?.before ?? null,
    costAfter: costs?.after ?? null,
    planBefore: null,
    planAfter: null,
  };
}

/** A fix that is another text of the statement. */
export function rewriteFix(rewrittenQuery: string): Fix {
  return { kind: 'rewrite', sql: [], undo: [], rewrittenQuery, files: [] };
}

/** What the text and the schema show by themselves. */
export function suspected(detail: string): Proof {
  return { grade: 'suspected', method: 'the statement’s text and the schema', detail };
}

/** Gives a name for the statement, for titles. */
export function titleOf({ statement }: AnalyzedStatement): string {
  return statement.name ?? statement.fingerprint.slice(0, 12);
}
