import type { AdviceReport } from '../../src/model/advice.js';
import type { Finding } from '../../src/model/finding.js';
import { adviceReport, finding, findingQuery, fixStatement, timeSaved } from './advice-report.js';

const STUCK_COMMANDS = `SELECT id, agent_id, command_type, status, created_at, sent_at
FROM agent_commands
WHERE (status = $1 AND created_at < $2)
   OR (status = $3 AND sent_at < $4)
ORDER BY created_at
LIMIT $5`;

const LAST_SCAN = `SELECT a.id, a.hostname,
       (SELECT max(e.created_at) FROM update_events e
         WHERE e.agent_id = a.id) AS last_scan  -- one subplan per agent
FROM agents a
WHERE a.status = 'online'`;

const STUCK_BEFORE = `Limit  (cost=7414.95..7420.79 rows=50 width=71)
  ->  Gather Merge  (cost=7414.95..7626.34 rows=1812 width=71)
        Workers Planned: 2
        ->  Sort  (cost=6414.93..6417.19 rows=906 width=71)
              Sort Key: created_at
              ->  Parallel Seq Scan on agent_commands  (cost=0.00..6384.83 rows=906 width=71)
                    Filter: (((status = 'pending'::text) AND (created_at < '2026-03-02 09:00:00+00'::timestamp with time zone)) OR ((status = 'sent'::text) AND (sent_at < '2026-03-02 07:30:00+00'::timestamp with time zone)))`;

const STUCK_AFTER = `Limit  (cost=112.61..112.73 rows=50 width=71)
  ->  Sort  (cost=112.61..117.14 rows=1812 width=71)
        Sort Key: created_at
        ->  Bitmap Heap Scan on agent_commands  (cost=24.61..52.42 rows=1812 width=71)
              ->  BitmapOr  (cost=24.61..24.61 rows=1812 width=0)
                    ->  Bitmap Index Scan on agent_commands_pending_idx  (cost=0.00..11.20 rows=934 width=0)
                          Index Cond: (created_at < '2026-03-02 09:00:00+00'::timestamp with time zone)
                    ->  Bitmap Index Scan on agent_commands_sent_idx  (cost=0.00..12.51 rows=878 width=0)
                          Index Cond: (sent_at < '2026-03-02 07:30:00+00'::timestamp with time zone)`;

const SCAN_BEFORE = `Seq Scan on agents a  (cost=0.00..4120581.30 rows=463 width=32)
  Filter: (status = 'online'::text)
  SubPlan 1
    ->  Aggregate  (cost=8899.53..8899.54 rows=1 width=8)
          ->  Seq Scan on update_events e  (cost=0.00..8897.53 rows=800 width=8)
                Filter: (agent_id = a.id)`;

const SCAN_AFTER = `Seq Scan on agents a  (cost=0.00..239.61 rows=463 width=32)
  Filter: (status = 'online'::text)
  SubPlan 2
    ->  Result  (cost=0.48..0.49 rows=1 width=8)
          InitPlan 1
            ->  Limit  (cost=0.42..0.48 rows=1 width=8)
                  ->  Index Only Scan using update_events_agent_id_created_at_idx on update_events e  (cost=0.42..45.06 rows=800 width=8)
                        Index Cond: ((agent_id = a.id) AND (created_at IS NOT NULL))`;

/** The timeout sweep: an OR over two states that wants two partial indexes. */
function sweepFinding(): Finding {
  return finding({
    key: 'missing-index:public.agent_commands(created_at)+(sent_at)',
    title: 'The timeout sweep reads all of public.agent_commands',
    message:
      'Every sweep reads 201,334 rows to keep about 1,800: 0.9 % of the table is pending or sent. Two partial indexes, one per state and on the column that the state is timed by, hold those rows alone, and so cost the other 99.1 % of writes nothing.',
    relations: ['public.agent_commands'],
    queries: [
      findingQuery({
        fingerprint: '8c1f0e2ab7d94512',
        text: STUCK_COMMANDS,
        calls: 8640,
        totalTimeMs: 361_400,
        costBefore: 7420.79,
        costAfter: 112.73,
        planBefore: STUCK_BEFORE,
        planAfter: STUCK_AFTER,
      }),
      findingQuery({
        fingerprint: '51be770d20c3a98f',
        text: 'SELECT count(*) FROM agent_commands WHERE status = $1 AND sent_at < now() - $2::interval',
        calls: 1440,
        totalTimeMs: 44_900,
        costBefore: 6398.2,
        costAfter: 20.31,
      }),
    ],
    evidence: [
      timeSaved(398_200),
      { name: 'cost saved', value: 72_327_000, unit: 'cost', source: 'twin 18.4' },
      { name: 'rows read per call', value: 201_334, unit: 'rows', source: 'pg_stat_user_tables' },
      { name: 'index size', value: 122_880, unit: 'bytes', source: 'twin 18.4' },
      { name: 'share of the table', value: 0.009, unit: 'ratio', source: 'pg_stats' },
    ],
    proof: {
      grade: 'planned',
      method: 'twin 18.4',
      detail: 'both indexes stand in the plan of 2 of 2 statements, under 4 parameter samples each',
    },
    fix: {
      kind: 'create-index',
      sql: [
        fixStatement(
          "CREATE INDEX CONCURRENTLY agent_commands_pending_idx\n    ON public.agent_commands (created_at)\n    WHERE status = 'pending'",
          { hazards: ['Waits for transactions that are older than itself; a failed build leaves an INVALID index.'] },
        ),
        fixStatement(
          "CREATE INDEX CONCURRENTLY agent_commands_sent_idx\n    ON public.agent_commands (sent_at)\n    WHERE status = 'sent'",
        ),
      ],
      undo: [
        'DROP INDEX CONCURRENTLY public.agent_commands_sent_idx',
        'DROP INDEX CONCURRENTLY public.agent_commands_pending_idx',
      ],
      rewrittenQuery: null,
      files: [
        '0004_index_agent_commands_pending.up.sql',
        '0004_index_agent_commands_pending.down.sql',
        '0005_index_agent_commands_sent.up.sql',
        '0005_index_agent_commands_sent.down.sql',
      ],
    },
  });
}

/** The last scan of each agent: a correlated subquery that an index cures. */
function lastScanFinding(): Finding {
  return finding({
    severity: 'error',
    key: 'missing-index:public.update_events(agent_id,created_at DESC)',
    title: 'The last scan of each agent reads all of public.update_events',
    message:
      'The subquery runs once for each of 463 online agents and reads 400,000 events each time. With (agent_id, created_at DESC) the newest event of an agent is the first entry of its range.',
    relations: ['public.update_events', 'public.agents'],
    queries: [
      findingQuery({
        fingerprint: 'e07b3d5c9a1f2264',
        text: LAST_SCAN,
        calls: 288,
        totalTimeMs: 4_176_000,
        costBefore: 4_120_581.3,
        costAfter: 239.61,
        planBefore: SCAN_BEFORE,
        planAfter: SCAN_AFTER,
      }),
    ],
    evidence: [
      timeSaved(4_175_700),
      { name: 'time per call', value: 14_500, unit: 'ms', source: 'pg_stat_statements' },
      { name: 'shared buffers per call', value: 1_810_330, unit: 'buffers', source: 'pg_stat_statements' },
      { name: 'index size', value: 16_130_000, unit: 'bytes', source: 'twin 18.4' },
    ],
    proof: {
      grade: 'executed',
      method: 'built on a clone',
      detail: 'the statement gave the same 463 rows with 1,871 buffers in place of 1,810,330',
    },
    fix: {
      kind: 'create-index',
      sql: [
        fixStatement(
          'CREATE INDEX CONCURRENTLY update_events_agent_id_created_at_idx\n    ON public.update_events (agent_id, created_at DESC)',
          { hazards: ['Reads 400,000 rows twice.', 'Each insert into update_events writes one entry more.'] },
        ),
      ],
      undo: ['DROP INDEX CONCURRENTLY public.update_events_agent_id_created_at_idx'],
      rewrittenQuery: null,
      files: ['0003_index_update_events_agent_id.up.sql', '0003_index_update_events_agent_id.down.sql'],
    },
  });
}

/** The rich example: the update-agent fleet with its sweep, its last scan and a smaller suspicion. */
export function fleetAdvice(): AdviceReport {
  return adviceReport({
    durationMs: 6830,
    workload: {
      source: ['pgss'],
      statements: 24,
      calls: 1_284_000,
      totalTimeMs: 4_903_000,
      skipped: [
        { reason: 'utility statements are not planned', count: 3, example: 'VACUUM (ANALYZE) agents' },
        {
          reason: 'relation "agent_scans" does not exist',
          count: 1,
          example: 'SELECT * FROM agent_scans WHERE agent_id = $1',
        },
      ],
    },
    findings: [
      sweepFinding(),
      lastScanFinding(),
      finding({
        ruleId: 'unindexed-foreign-key',
        severity: 'info',
        key: 'unindexed-foreign-key:public.update_logs(command_id)',
        title: 'No index supports the foreign key public.update_logs (command_id)',
        message: 'Deleting a command reads all of public.update_logs to look for rows that point to it.',
        relations: ['public.update_logs', 'public.agent_commands'],
        evidence: [{ name: 'rows', value: 300_000, unit: 'rows', source: 'pg_class' }],
        proof: { grade: 'suspected', method: 'read the catalog', detail: 'no delete stands in the workload' },
      }),
    ],
    indexSet: {
      create: [
        'CREATE INDEX update_events_agent_id_created_at_idx ON public.update_events (agent_id, created_at DESC)',
        "CREATE INDEX agent_commands_pending_idx ON public.agent_commands (created_at) WHERE status = 'pending'",
        "CREATE INDEX agent_commands_sent_idx ON public.agent_commands (sent_at) WHERE status = 'sent'",
      ],
      drop: [],
      sizeBytes: 16_252_880,
      workloadCostBefore: 1_264_900_000,
      workloadCostAfter: 6_140_000,
      writeCost: 41_200,
    },
    skippedRules: [
      { ruleId: 'n-plus-one', reason: 'pg_stat_statements gives no order of calls; read a log or a trace' },
    ],
  });
}

/** The migrations of that report, as they would be written. */
export function fleetMigrations(): readonly { name: string; sql: string }[] {
  return [
    {
      name: '0003_index_update_events_agent_id.up.sql',
      sql: `-- pgsteward: no-transaction\n-- The last scan of each agent reads all of public.update_events.\nSET lock_timeout = '3s';\nDROP INDEX CONCURRENTLY IF EXISTS public.update_events_agent_id_created_at_idx;\nCREATE INDEX CONCURRENTLY update_events_agent_id_created_at_idx\n    ON public.update_events (agent_id, created_at DESC);\n`,
    },
    {
      name: '0003_index_update_events_agent_id.down.sql',
      sql: `-- pgsteward: no-transaction\nSET lock_timeout = '3s';\nDROP INDEX CONCURRENTLY IF EXISTS public.update_events_agent_id_created_at_idx;\n`,
    },
    {
      name: '0004_index_agent_commands_pending.up.sql',
      sql: `-- pgsteward: no-transaction\nSET lock_timeout = '3s';\nCREATE INDEX CONCURRENTLY agent_commands_pending_idx\n    ON public.agent_commands (created_at)\n    WHERE status = 'pending';\n`,
    },
    { name: '0006_unrelated.up.sql', sql: 'ANALYZE public.agents;\n' },
  ];
}
