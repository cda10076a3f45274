import { z } from 'zod';
import { StewardError } from '../errors.js';
import type { AllowedDrift, Difference, DriftReport } from '../model/drift.js';

/** Differences that the configuration allows for a time. */
export const allowedDriftSchema = z.array(
  z.strictObject({
    object: z.string().min(1),
    attribute: z.string().min(1).optional(),
    until: z.iso.date('a day such as 2026-12-31'),
    reason: z.string().min(1),
  }),
);

/** Reads the allow-list; a StewardError of code `configuration` names every fault. */
export function readAllowedDrift(given: unknown): readonly AllowedDrift[] {
  const parsed = allowedDriftSchema.safeParse(given);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    ({ path, message }) => `${['migrate.allowDrift', ...path].join('.')}: ${message}`,
  );
  throw new StewardError('configuration', faults.join('\n'), {
    hint: 'give each entry an object, a day until which it is allowed and a reason, and where only one attribute may differ, that attribute',
  });
}

/** Takes out what is allowed on the day of `readAt`, and says of each entry whose day is over that it is. */
export function judgeDrift(
  differences: readonly Difference[],
  allowList: readonly AllowedDrift[],
  readAt: string,
): Pick<DriftReport, 'differences' | 'allowed' | 'warnings'> {
  const today = readAt.slice(0, 10);
  const current = allowList.filter(({ until }) => until >= today);
  const judged = differences.map((difference) => ({
    difference,
    entry: current.find((entry) => covers(entry, difference)),
  }));
  return {
    differences: judged.flatMap(({ difference, entry }) => (entry === undefined ? [difference] : [])),
    allowed: judged.flatMap(({ difference, entry }) =>
      entry === undefined ? [] : [{ ...difference, until: entry.until, reason: entry.reason }],
    ),
    warnings: allowList
      .filter(({ until }) => until < today)
      .map(({ object, until, reason }) => `drift of ${object} was allowed until ${until} (${reason}) and is no longer`),
  };
}

function covers(entry: AllowedDrift, { object, attribute }: Difference): boolean {
  if (entry.attribute !== undefined && entry.attribute !== attribute) return false;
  const parts = entry.object.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(object);
}
