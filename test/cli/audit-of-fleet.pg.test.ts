import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { advisors } from '../../src/advisors/index.js';
import { type EmbeddedServer, startServer } from '../../src/embedded/server.js';
import { generateFleet } from '../../src/fleet/generate.js';
import { installFleet } from '../../src/fleet/install.js';
import { fleetStatement } from '../../src/fleet/statements.js';
import { runFleetWorkload } from '../../src/fleet/workload.js';
import type { AdviceReport } from '../../src/model/advice.js';
import { openSession } from '../../src/postgres/session.js';
import { type Ended, runProgram } from '../program.js';

/** What the audit of the fleet found, by the rule that finds it. The start gate, its eleventh, is the runner's own. */
const DETECTIONS = [
  { number: 1, ruleId: 'writes-ledger', about: /017_security_incidents/ },
  { number: 2, ruleId: 'fails-on-replay', about: /023_last_scan_index/ },
  { number: 3, ruleId: 'unrecognised-file', about: /024_time_out_result/ },
  { number: 4, ruleId: 'missing-role', about: /fleet_reporting/ },
  { number: 5, ruleId: 'missing-index', about: /agent_commands/ },
  { number: 6, ruleId: 'n-plus-one', about: /agent_commands/ },
  { number: 7, ruleId: 'row-by-row-dml', about: /current_package_state/ },
  { number: 8, ruleId: 'correlated-subquery', about: /update_events/ },
  { number: 9, ruleId: 'implicit-on-delete', about: /users/ },
  { number: 10, ruleId: 'unbounded-table', about: /refresh_tokens/ },
  { number: 12, ruleId: 'missing-down', about: /003_agent_specs/ },
  { number: 13, ruleId: 'duplicate-version', about: /009/ },
  { number: 14, ruleId: 'mixed-uuid-generators', about: /uuid_generate_v4/ },
  { number: 15, ruleId: 'not-idempotent', about: /002_agents/ },
];

describe('the fleet as its audit found it, in one run of advice', () => {
  let server: EmbeddedServer;
  let report: AdviceReport;
  let status: Ended;

  beforeAll(async () => {
    server = await startServer({
      settings: {
        ...{ logging_collector: 'on', log_destination: 'jsonlog', log_min_duration_statement: '0' },
        ...{ log_filename: 'fleet.log', log_directory: 'logged' },
      },
    });
    await server.createDatabase('fleet');
    const url = server.url('fleet');
    const session = await openSession(url);
    await session.query('SET log_min_duration_statement = -1');
    await installFleet(session, 'flawed');
    await generateFleet(session, { scale: 'tiny' });
    await session.close();
    await runFleetWorkload(url, { rounds: 2, connections: 2 });
    const dir = fileURLToPath(new URL('../../migrations/fleet-flawed', import.meta.url));
    const dashboard = join(server.dataDirectory, 'dashboard.sql');
    await writeFile(dashboard, `-- calls: 50\n${fleetStatement('last-scan-per-agent').sql};\n`);
    const log = `log:${join(server.dataDirectory, 'logged', 'fleet.json')}`;
    const ended = await runProgram([
      'advise',
      '--database-url',
      url,
      '--workload',
      log,
      '--workload',
      `sql:${dashboard}`,
      '--migrations-dir',
      dir,
      '--format',
      'json',
    ]);
    report = JSON.parse(ended.stdout) as AdviceReport;
    status = await runProgram([
      'migrate',
      'status',
      '--exit-code',
      '--database-url',
      url,
      '--dir',
      dir,
      '--format',
      'json',
    ]);
  }, 300_000);

  afterAll(() => server.stop());

  it.each(DETECTIONS)('reports detection $number by $ruleId', ({ ruleId, about }) => {
    const found = report.findings.filter((finding) => finding.ruleId === ruleId && about.test(JSON.stringify(finding)));
    expect(found.length, report.findings.map(({ key }) => key).join('\n')).toBeGreaterThan(0);
    for (const { proof, evidence, fix } of found) {
      expect(proof.detail).not.toBe('');
      // What is found in files is shown by its place, and is for a person to mend.
      if (!advisors.some(({ id }) => id === ruleId)) continue;
      expect(evidence.length, 'measurements').toBeGreaterThan(0);
      expect(fix, 'a fix').not.toBeNull();
    }
  });

  it('leaves detection 11, a server that starts all the same, to the gate, which these files keep closed', () => {
    expect(status.status).not.toBe(0);
    expect(`${status.stdout}${status.stderr}`).not.toBe('');
  });
});
