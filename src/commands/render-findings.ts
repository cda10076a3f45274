import type { AdviceReport } from '../model/advice.js';
import { renderAdviceJson } from '../report/advice/json.js';
import { renderAdviceMarkdown } from '../report/advice/markdown.js';
import { renderAdviceSarif } from '../report/advice/sarif.js';
import { renderFindingsText } from '../report/migrate/findings-text.js';
import type { CommandContext } from './command.js';

/** Gives a report on migrations in the form that is asked for. */
export function renderFindings(report: AdviceReport, { settings, color, width }: CommandContext): string {
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
