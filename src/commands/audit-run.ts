import { readAnchor } from '../audit/anchors.js';
import { StewardError } from '../errors.js';
import { readJobs } from '../jobs/definitions.js';
import { type VerifyAuditConfig, verifyAudit, verifyAuditChain } from '../jobs/verify-audit.js';
import { ensureOwnTables, ownTables } from '../migrate/own-tables.js';
import type { AuditAnchor, AuditVerification } from '../model/audit.js';
import { renderVerification } from '../report/audit/text.js';
import type { CommandContext } from './command.js';
import { requireWritableFile } from './destination.js';
import { targetOf, withTarget } from './target.js';

/** Does what `pgsteward audit verify` is asked for and gives its exit status. */
export async function runVerify(context: CommandContext): Promise<number> {
  const { settings } = context;
  const { format, output } = settings.jobRun;
  const anchors = settings.jobRun.anchor.map(requireAnchor);
  const config = verificationOf(context);
  const target = targetOf(settings);
  if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
  const verification = await withTarget(target, async (session) => {
    await ensureOwnTables(session, ownTables(settings.schema));
    const step = context.progress.step('audit verify');
    const onProgress = (rows: number) => step.update(rows, 'rows');
    const { signal } = context;
    const done = await verifyAuditChain(session, { config, ownSchema: settings.schema, signal, anchors, onProgress });
    step.end();
    return done;
  });
  const { head, ok, rows } = verification;
  context.log.info({ target: target.name, ok, rows, ...head }, 'audit chain verified');
  await context.writeResult(
    format === 'json' ? `${JSON.stringify(verification, null, 2)}\n` : renderVerification(verification),
    output,
  );
  return exitStatusOf(verification);
}

function exitStatusOf({ ok }: AuditVerification): number {
  return ok ? 0 : 1;
}

function requireAnchor(text: string): AuditAnchor {
  const anchor = readAnchor(text);
  if (anchor !== null) return anchor;
  throw new StewardError('usage', `--anchor ${text} is no anchor of an audit chain`, {
    hint: 'give it as audit verify prints it: the number of an entry, a colon and 64 hex digits',
  });
}

/** What the job verify-audit is configured to watch holds for the command too. */
function verificationOf({ settings }: CommandContext): VerifyAuditConfig {
  const job = readJobs(settings.jobs).find(
    ({ name, kind }) => name === 'verify-audit' && kind.kind === verifyAudit.kind,
  );
  if (job === undefined) return { watched: [], keepDays: 0 };
  return verifyAudit.schema.parse(job.config);
}
