import type { LintRule } from './rule.js';
import { finished, lastPart, originOf } from './wording.js';

/** A moment is kept without its time zone. */
export const timestampWithoutTimeZone: LintRule = {
  id: 'timestamp-without-time-zone',
  title: 'A moment is kept without its time zone',
  severity: 'info',
  docs: {
    what: 'Columns of the finished schema of the type timestamp without time zone.',
    why: 'The column keeps what a clock showed, and not where: now() is written by the time zone of each session, an hour each autumn stands there twice, and comparing it with a timestamptz depends on who asks.',
    limits: 'For a time on a wall, such as an opening hour, it is right.',
    sources: ['https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-TIMEZONES'],
  },
  check: (context) =>
    context.final.objects.columns
      .filter(({ type }) => /^timestamp(\(\d\))? without time zone(\[\])?$/.test(type))
      .map(({ table, column, name }) => ({
        title: `${table}.${column} has no time zone`,
        message: `${table}.${column} is a timestamp without time zone, so which moment it means depends on the session that wrote it. Make it timestamptz, which takes no more room.`,
        object: `${table}.${column}`,
        relations: [table],
        location: originOf(context, [lastPart(table), name]),
        proof: finished(context),
      })),
};
