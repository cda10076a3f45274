import type { Catalog } from '../model/catalog.js';
import type { Equivalence, EquivalenceVerdict } from '../model/equivalence.js';
import type { Alternative, Finding, Fix, Severity } from '../model/finding.js';
import type { Linkage } from '../model/linkage.js';
import type { Planner } from '../model/planner.js';
import type { Rule } from '../model/rule.js';
import type { Setting } from '../model/server.js';
import type { Statistics } from '../model/statistics.js';
import type { PlannableStatement, StatementBinding, Workload, WorkloadStatement } from '../model/workload.js';
import type { StatementAnalysis } from '../sql/analysis/table-scan.js';
import type { IndexSelection } from './index-selection/selection.js';

/** One rule about a workload or a schema. It reads evidence and never a connection, a file or the clock. */
export interface Advisor extends Rule {
  detect(evidence: Evidence): Promise<readonly Detection[]>;
}

/** What a rule about loops of calls looks at. */
export type LoopEvidence = Pick<Evidence, 'workload' | 'linkages'>;

/** A rule about loops of calls: it can be asked while the workload goes on. */
export interface LoopAdvisor extends Advisor {
  detect(evidence: LoopEvidence): Promise<readonly Detection[]>;
}

/** All that a rule may look at. */
export interface Evidence {
  readonly workload: Workload;
  /** Statements that could be read and planned, in order of their total cost. */
  readonly statements: readonly AnalyzedStatement[];
  /** Loops of calls; empty where the workload does not tell of single calls. */
  readonly linkages: readonly Linkage[];
  readonly catalog: Catalog;
  readonly statistics: Statistics;
  readonly planner: Planner;
  /** The answer of index selection for the whole workload. */
  readonly selection: IndexSelection;
  /** Key columns that an index has at most. */
  readonly indexColumnsMax?: number;
  /** What is found is run on rows afterwards, which tells more than planner costs. */
  readonly isMeasured?: boolean;
  /** Compares rewrites with their originals; where it is not given no rewrite is shown. */
  readonly equivalence?: Equivalence;
  /** Ids of the rules that run; all where it is not given or empty. */
  readonly rules?: readonly string[];
}

/** Tells whether a rule runs: what it reports, another rule need not. */
export function runs({ rules = [] }: Evidence, id: string): boolean {
  return rules.length === 0 || rules.includes(id);
}

export interface AnalyzedStatement {
  readonly statement: WorkloadStatement;
  readonly plannable: PlannableStatement;
  readonly analysis: StatementAnalysis;
}

/** A finding before the engine stamps the rule's identity on it, or why there is none. */
export type Detection =
  | ({ readonly kind: 'finding' } & Omit<Finding, 'ruleId' | 'severity'> & {
        readonly severity?: Severity;
        readonly trial?: Trial;
        readonly settingTrial?: SettingTrial;
      })
  | { readonly kind: 'skipped'; readonly reason: string }
  /** Judged, and nothing is to be gained by writing it otherwise. */
  | { readonly kind: 'unchanged'; readonly fingerprint: string; readonly reason: string };

/** A statement with the ways to have its result sooner, to be run on rows where there are some to run it on. */
export interface Trial {
  /** Sentences about the statement as it is, before anything is recommended. */
  readonly subject: string;
  readonly bindings: readonly StatementBinding[];
  readonly ways: readonly TrialWay[];
  /** Plain CREATE INDEX statements of what is recommended for it already, which is there in all that is run. */
  readonly givenSql?: readonly string[];
  /** What is not run, since it is known not to be the same. */
  readonly refuted: readonly Alternative[];
}

/** Indexes that are built before the statement is run, or another statement that gives the same, with some or without. */
export interface TrialWay {
  readonly kind: 'index' | 'rewrite';
  readonly title: string;
  /** Plain CREATE INDEX statements, each with what belongs before and behind it; empty where none is built. */
  readonly createSql: readonly string[];
  /** The other statement with each of the values; empty for an index. */
  readonly bindings: readonly StatementBinding[];
  /** What a person does to have it. */
  readonly fix: Fix;
  readonly costAfter: number;
  /** What speaks for a rewrite; one without is run for comparison alone. Null for an index, which changes no statement. */
  readonly comparison: Survived | null;
}

/** A comparison that has found no difference. */
export type Survived = Extract<EquivalenceVerdict, { readonly kind: 'no counterexample' }>;

/** A statement with a fix that changes none of it, and what the fix is to bring where there are rows to run it on. */
export interface SettingTrial {
  /** `rows`: the planner expects other rows; `memory`: no temporary files are written. */
  readonly kind: 'rows' | 'memory';
  readonly bindings: readonly StatementBinding[];
  /** Rows that a call gives; for `rows` alone. */
  readonly rowsGiven?: number;
  /** What the server that is advised on has set, and the copy may not. */
  readonly settings?: readonly Setting[];
}
