import { quoteLiteral } from '../sql/quote.js';
import type { Advisor, AnalyzedStatement, Detection, Evidence } from './advisor.js';
import { BYTES_PER_MB, countText } from './index-hygiene/figures.js';
import { stepsFix } from './schema/schema-finding.js';
import { unlessRefused } from './statements/preparable.js';
import { readOnce } from './statements/read-statement.js';
import { type Spill, workMemoryOf, worstSpill } from './statements/spills.js';
import { statementFinding, titleOf } from './statements/statement-finding.js';

const RULE = 'spilling-sort';
/** Nobody gives one sort more than this, in megabytes. */
const WORK_MEM_MB_MAX = 1024;

/** What a statement writes to temporary files, and the memory with which it would not. */
interface Relief {
  readonly spill: Spill;
  readonly workMemMb: number;
  readonly costBefore: number;
  readonly costAfter: number;
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
      'The amount is tried: the statement is planned with it, and no sort and no hash of that plan is larger. Rows and widths are estimates all the same, and what a row takes in memory, of which the planner counts a part alone, is one too; log_temp_files tells what is really written, and with --scratch-url the statement is run with it and without. Each sort of each session may take work_mem: raise it for the statement or its role, not for the server. A sort that LIMIT cuts short, or that an index spares, needs none of it.',
    sources: ['https://www.postgresql.org/docs/current/runtime-config-resource.html#GUC-WORK-MEM'],
  },
  async detect(evidence) {
    const detections: Detection[] = [];
    for (const statement of evidence.statements) {
      const relief = readOnce(statement, evidence.catalog) === null ? null : await reliefOf(statement, evidence);
      if (relief !== null) detections.push(describe(statement, relief, evidence));
    }
    return detections;
  },
};

/** Plans with more memory until nothing is larger than it: with more of it the planner may well take another plan. */
async function reliefOf(
  { plannable: { bindings } }: AnalyzedStatement,
  { planner, catalog }: Evidence,
): Promise<Relief | null> {
  const [binding] = bindings;
  const before = binding === undefined ? null : await unlessRefused(planner.explain(binding.sql, []));
  const memory = workMemoryOf(catalog);
  const spill = before === null ? null : worstSpill(before, memory);
  if (binding === undefined || before === null || spill === null) return null;
  for (let workMemMb = spill.neededMb; workMemMb <= WORK_MEM_MB_MAX; ) {
    const settings = [{ name: 'work_mem', value: `${workMemMb}MB` }];
    const after = await unlessRefused(planner.explain(binding.sql, [], settings));
    if (after === null) return null;
    const left = worstSpill(after, { ...memory, bytes: workMemMb * BYTES_PER_MB });
    if (left === null) return { spill, workMemMb, costBefore: before.totalCost, costAfter: after.totalCost };
    workMemMb = Math.max(left.neededMb, workMemMb * 2);
  }
  return null;
}

function describe(statement: AnalyzedStatement, relief: Relief, { planner, catalog }: Evidence): Detection {
  const { spill, workMemMb, costBefore, costAfter } = relief;
  const plannedOn = planner.describe(statement.plannable.bindings[0]?.sql);
  const isCheaper = costAfter < costBefore;
  const hasMb = workMemoryOf(catalog).bytes / BYTES_PER_MB;
  const finding = statementFinding({
    ruleId: RULE,
    statement,
    title: `${titleOf(statement)} ${spill.kind === 'sort' ? 'sorts' : 'hashes'} more than work_mem holds`,
    message:
      `A ${spill.kind} of about ${countText(spill.rows)} rows takes ${countText(spill.bytes / BYTES_PER_MB)} MB, and work_mem is ${countText(hasMb)} MB: ` +
      `the rest goes through temporary files. With work_mem at ${workMemMb} MB, for this statement or for the role that runs it, all stays in memory: ` +
      `planned with it on ${plannedOn}, nothing is larger${isCheaper ? `, and a call falls from a planner cost of ${countText(costBefore)} to ${countText(costAfter)}` : ''}.`,
    relations: statement.analysis.scans.map(({ table }) => table),
    evidence: [
      {
        name: `memory that the ${spill.kind} takes`,
        value: spill.bytes,
        unit: 'bytes',
        source: `estimated on ${plannedOn}`,
      },
    ],
    proof: {
      grade: 'planned',
      method: plannedOn,
      detail:
        'the statement was planned with work_mem as it is and with the amount, under which no sort and no hash is larger',
    },
    costs: { before: costBefore, after: costAfter },
    fix: stepsFix(
      'setting',
      [
        {
          sql: `SET LOCAL work_mem = ${quoteLiteral(`${workMemMb}MB`)}`,
          hazards: ['each sort and each hash of the statement may take that much'],
        },
      ],
      ['RESET work_mem'],
    ),
  });
  const { bindings } = statement.plannable;
  return finding.kind === 'finding'
    ? { ...finding, settingTrial: { kind: 'memory', bindings, settings: memorySettings(catalog) } }
    : finding;
}

function memorySettings(catalog: Evidence['catalog']) {
  const { bytes, hashMultiplier } = workMemoryOf(catalog);
  return [
    { name: 'work_mem', value: `${bytes / 1024}kB` },
    { name: 'hash_mem_multiplier', value: String(hashMultiplier) },
  ];
}
