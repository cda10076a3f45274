import { verifyMigrations } from '../migrate/verify.js';
import type { AdviceReport } from '../model/advice.js';
import { renderAdviceJson } from '../report/advice/json.js';
import { renderAdviceMarkdown } from '../report/advice/markdown.js';
import { renderAdviceSarif } from '../report/advice/sarif.js';
import { renderFindingsText } from '../report/migrate/findings-text.js';
import type { CommandContext } from './command.js';
import { requireWritableFile } from './destination.js';
import { exitStatusOf } from './exit-status.js';
import { migrationDirs } from './migrate-run.js';

/** Does what `pgsteward migrate verify` is asked for and gives its exit status. */
export async function runVerify(context: CommandContext): Promise<number> {
  const { settings, version, progress, signal } = context;
  const { major, failOn, output } = settings.migrate;
  const dirs = migrationDirs(settings);
  if (output !== undefined) requireWritableFile({ path: output, flag: '--output' });
  const now = () => new Date();
  const report = await verifyMigrations({ dirs, major, ownSchema: settings.schema, version, progress, signal, now });
  await context.writeResult(renderFindings(report, context), output);
  return exitStatusOf(report, failOn);
}

/** Gives a report on migrations in the form that is asked for. */
function renderFindings(report: AdviceReport, { settings, color, width }: CommandContext): string {
  const { format, output } = settings.migrate;
  switch (format) {
    case 'json':
      return renderAdviceJson(report);
    case 'markdown':
      return renderAdviceMarkdown(report);
    case 'sarif':
      return renderAdviceSarif(report);
    case 'text':
      return renderFindingsText(report, { color: color && output === undefined, width });
  }
}
