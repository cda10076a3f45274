import { z } from 'zod';
import type { KeepRule, Lookalike, PurgeRule, PurgeRules } from './rules.js';

/** What a purge is told: which table, which of its rows are dead, and what is kept all the same. */
export type PurgeConfig = z.infer<typeof purgeSchema>;

const TEN_YEARS = 3650 * 86_400;
const name = z.string().min(1);
const seconds = z.number().int().min(0).max(TEN_YEARS);

/** Stands among a run's counts beside `deleted`. */
const reason = z
  .string()
  .regex(/^[a-z][A-Za-z0-9]{0,39}$/, 'expected a word such as expired: a small letter, then letters and digits')
  .refine((word) => !['deleted', 'total', 'keptReferenced'].includes(word), 'expected another word: this one is taken');

const ruleSchema = z
  .strictObject({
    reason,
    /** Time from which the row is dead; with `where`, both have to hold. */
    expiresAt: name.optional(),
    where: name.optional(),
    graceSeconds: seconds.default(0),
  })
  .refine(({ expiresAt, where }) => expiresAt !== undefined || where !== undefined, 'expected expiresAt, where or both')
  .refine(
    ({ expiresAt, graceSeconds }) => expiresAt !== undefined || graceSeconds === 0,
    'graceSeconds counts from expiresAt, which is not given',
  );

/** Rows that stay although a rule calls them dead. */
export const keepSchema = z.array(z.strictObject({ reason, where: name })).default([]);

/** The largest share of a table that one run may delete; null for no limit. */
export const maxShareSchema = z.number().gt(0).max(1).nullable().default(null);

/** Keys of the kind `purge`. */
export const purgeSchema = z
  .strictObject({
    table: name,
    /** Column that says until when a row lives; NULL lives for ever. */
    expiresAt: name.optional(),
    /** Or a condition: a row that meets it is dead. */
    where: name.optional(),
    /** How long a row stays after it has expired. */
    graceSeconds: seconds.default(0),
    /** Column that says when a row was revoked; NULL where it was not. */
    revokedAt: name.optional(),
    /** Revoked rows go this long after revokedAt; null: not before they expire, so that a reuse is still recognised. */
    revokedAfterSeconds: seconds.nullable().default(null),
    /** Further rules; a row that meets any rule is dead. */
    rules: z.array(ruleSchema).max(20).default([]),
    keep: keepSchema,
    maxShare: maxShareSchema,
  })
  .superRefine((config, context) => {
    for (const message of contradictions(config)) context.addIssue({ code: 'custom', ...message });
  });

interface Contradiction {
  readonly path: string[];
  readonly message: string;
}

type OwnKeys = Pick<PurgeConfig, 'expiresAt' | 'where' | 'graceSeconds' | 'revokedAt' | 'revokedAfterSeconds'>;

function contradictions(config: OwnKeys & { readonly rules: readonly unknown[] }): Contradiction[] {
  const found: Contradiction[] = [];
  const { expiresAt, where, graceSeconds, revokedAt, revokedAfterSeconds, rules } = config;
  if (expiresAt === undefined && where === undefined && rules.length === 0)
    found.push({ path: ['expiresAt'], message: 'expected a column here, a condition as where, or rules' });
  if (expiresAt !== undefined && where !== undefined)
    found.push({
      path: ['where'],
      message: 'expiresAt is given too: for rows that meet either, or both, write them as rules',
    });
  if (graceSeconds > 0 && expiresAt === undefined)
    found.push({ path: ['graceSeconds'], message: 'it counts from expiresAt, which is not given' });
  if (revokedAfterSeconds !== null && revokedAt === undefined)
    found.push({ path: ['revokedAfterSeconds'], message: 'it counts from revokedAt, which is not given' });
  return found;
}

/** Gives the rules that a purge's configuration stands for. */
export function rulesOfPurge(config: PurgeConfig): PurgeRules {
  const { table, expiresAt, where, graceSeconds, keep, maxShare } = config;
  const rules: PurgeRule[] = [];
  if (expiresAt !== undefined)
    rules.push({ reason: 'expired', age: { column: expiresAt, seconds: graceSeconds }, where: null });
  if (where !== undefined) rules.push({ reason: 'matching', age: null, where });
  if (config.revokedAt !== undefined && config.revokedAfterSeconds !== null) {
    const age = { column: config.revokedAt, seconds: config.revokedAfterSeconds };
    rules.push({ reason: 'revoked', age, where: null });
  }
  for (const rule of config.rules) rules.push(furtherRule(rule));
  return { table, rules, keep: keep as readonly KeepRule[], lookalikes: lookalikesOf(config), maxShare };
}

function furtherRule(rule: PurgeConfig['rules'][number]): PurgeRule {
  const age = rule.expiresAt === undefined ? null : { column: rule.expiresAt, seconds: rule.graceSeconds };
  return { reason: rule.reason, age, where: rule.where ?? null };
}

/** In the order in which a row is asked: what is revoked counts as that, even within its grace. */
function lookalikesOf({ expiresAt, revokedAt, revokedAfterSeconds }: PurgeConfig): readonly Lookalike[] {
  const found: Lookalike[] = [];
  if (revokedAt !== undefined) {
    const kept = revokedAfterSeconds === null ? 'revokedUntilExpiry' : 'revokedRecently';
    found.push({ reason: kept, column: revokedAt, is: 'set' });
  }
  if (expiresAt !== undefined) {
    found.push({ reason: 'withinGrace', column: expiresAt, is: 'past' });
    found.push({ reason: 'withoutExpiry', column: expiresAt, is: 'null' });
  }
  return found;
}
