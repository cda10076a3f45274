import type { PlanNode } from '../model/plan.js';
import { quoteLiteral } from '../sql/quote.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { BYTES_PER_MB, countText } from './index-hygiene/figures.js';
import { settingOf } from './schema/autovacuum-settings.js';
import { stepsFix } from './schema/schema-finding.js';
import { unlessRefused } from './statements/preparable.js';
import { readOnce } from './statements/read-statement.js';
import { statementFinding, titleOf } from './statements/statement-finding.js';

const RULE = 'spilling-sort';
/** Bytes that a row takes in memory beside its width: tuple header, pointer, alignment. */
const ROW_OVERHEAD_BYTES = 48;
/** Estimates err: half as much again is room enough. */
const RESERVE = 1.5;
/** Nobody gives one sort more than this, in megabytes. */
const WORK_MEM_MB_MAX = 1024;
/** Of `work_mem`, as PostgreSQL has them, in kilobytes and as a factor. */
const WORK_MEM_KB = 4096;
const HASH_MULTIPLIER = 2;

interface Spill {
  readonly kind: 'sort' | 'hash';
  readonly rows: number;
  readonly bytes: number;
  readonly neededMb: number;
}

/** Reports sorts and hashes that need more memory than work_mem allows. */
export const spillingSort: Advisor = {
  id: RULE,
  title: 'A sort or hash that does not fit into work_mem',
  severity: 'info',
  docs: {
    what: 'Plans whose sorts, hash joins or hashed groups take more memory, by the planner’s rows and widths, than work_mem gives them.',
    why: 'What does not fit is written to temporary files and read again, in several passes where it is far too large.',
    limits:
      'Rows and widths are estimates, and what a row takes in memory is one too; log_temp_files tells what is really written. Each sort of each session may take work_mem: raise it for the statement or its role, not for the server. A sort that LIMIT cuts short, or that an index spares, needs none of it.',
    sources: ['https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM'],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const [binding] = statement.plannable.bindings;
      const isRead = readOnce(statement, evidence.catalog) !== null;
      const plan =
        binding === undefined || !isRead ? null : await unlessRefused(evidence.planner.explain(binding.sql, []));
      const [worst] =
        plan === null ? [] : [...spillsOf(plan, evidence)].sort((one, other) => other.neededMb - one.neededMb);
      if (worst !== undefined && worst.neededMb <= WORK_MEM_MB_MAX)
        detections.push(describe(statement, worst, evidence));
    }
    return detections;
  },
};

function spillsOf(node: PlanNode, evidence: Evidence, isCut = false): readonly Spill[] {
  const below = node.children.flatMap((child) => spillsOf(child, evidence, node.nodeType === 'Limit'));
  const kind = kindOf(node);
  // A sort below LIMIT keeps as many rows as it gives.
  if (kind === null || (kind === 'sort' && isCut)) return below;
  const bytes = node.rowsEstimate * (node.widthBytes + ROW_OVERHEAD_BYTES);
  const workMem = Number(settingOf(evidence.catalog, 'work_mem') ?? WORK_MEM_KB) * 1024;
  const multiplier =
    kind === 'hash' ? Number(settingOf(evidence.catalog, 'hash_mem_multiplier') ?? HASH_MULTIPLIER) : 1;
  if (bytes <= workMem * multiplier) return below;
  const neededMb = Math.ceil((bytes * RESERVE) / multiplier / BYTES_PER_MB);
  return [...below, { kind, rows: node.rowsEstimate, bytes, neededMb }];
}

function kindOf({ nodeType, details }: PlanNode): Spill['kind'] | null {
  if (nodeType === 'Sort') return 'sort';
  return nodeType === 'Hash' || (nodeType === 'Aggregate' && details['Strategy'] === 'Hashed') ? 'hash' : null;
}

function describe(statement: AnalyzedStatement, spill: Spill, { planner, catalog }: Evidence): Detection {
  const plannedOn = planner.describe(statement.plannable.bindings[0]?.sql);
  const workMem = Number(settingOf(catalog, 'work_mem') ?? WORK_MEM_KB);
  const wanted = quoteLiteral(`${spill.neededMb}MB`);
  return statementFinding({
    ruleId: RULE,
    statement,
    title: `${titleOf(statement)} ${spill.kind === 'sort' ? 'sorts' : 'hashes'} more than work_mem holds`,
    message:
      `A ${spill.kind} of about ${countText(spill.rows)} rows takes ${countText(spill.bytes / BYTES_PER_MB)} MB, and work_mem is ${countText(workMem / 1024)} MB: ` +
      `the rest goes through temporary files. With work_mem at ${spill.neededMb} MB, for this statement or for the role that runs it, it stays in memory.`,
    relations: statement.analysis.scans.map(({ table }) => table),
    evidence: [
      {
        name: `memory that the ${spill.kind} takes`,
        value: spill.bytes,
        unit: 'bytes',
        source: `estimated on ${plannedOn}`,
      },
    ],
    proof: { grade: 'planned', method: plannedOn, detail: 'rows and widths of the plan were held against work_mem' },
    fix: stepsFix(
      'setting',
      [
        {
          sql: `SET LOCAL work_mem = ${wanted}`,
          hazards: ['each sort and each hash of the statement may take that much'],
        },
      ],
      ['RESET work_mem'],
    ),
  });
}
