import type { LintRule } from './rule.js';
import { listed, locationOf, seen } from './wording.js';

/** What a file makes depends on the time zone of the session that runs it. */
export const timeZoneDependent: LintRule = {
  id: 'time-zone-dependent',
  title: 'What a file makes depends on the session’s time zone',
  severity: 'warn',
  docs: {
    what: 'Files that leave other values, defaults, constraints or partitions behind when they run under another time zone, found by running them under two zones a day apart.',
    why: 'The laptop, the CI and production have three time zones, so each database gets values of its own: a timestamp that becomes a timestamptz is read in the zone of whoever runs the migration, and a partition begins hours off.',
    limits:
      'Looked at are files of one transaction in which something turns on a date or a time, and tables that they name. Columns that differ from run to run anyway, such as random keys, are passed by.',
    sources: ['https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-TIMEZONES'],
  },
  check: (context) =>
    context.replayed.flatMap(({ file, zoned }) => {
      const [first] = zoned.objects;
      if (first === undefined) return [];
      const what = listed(zoned.objects.map(({ object }) => object));
      const statement = first.statement ?? file.statements[0];
      return [
        {
          title: `${what} depends on the session’s time zone`,
          message: `Under two time zones the file leaves different ${what}. Say which zone is meant: SET LOCAL TimeZone = 'UTC' at the head of the file, which also spares a timestamp that becomes a timestamptz its rewrite; '2026-01-01 00:00+00' in constants; (now() AT TIME ZONE 'UTC')::date for a day.`,
          object: 'time zone',
          relations: [...new Set(zoned.objects.map(({ table }) => table))],
          location: statement === undefined ? { file: file.path, line: 1, column: 1 } : locationOf(statement),
          proof: seen(context, 'the file was run under two time zones'),
        },
      ];
    }),
};
