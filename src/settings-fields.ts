import { parse as parseYaml } from 'yaml';
import { z } from 'zod';

/** How a key is written as a flag: with a value, repeatable with values, or bare. */
export type FlagKind = 'value' | 'list' | 'bare';

const named = () => z.string().min(1, 'it must not be empty');

/** A text that may be absent. */
export const text = (description: string, placeholder: string) =>
  named().optional().meta({ description, flag: 'value', placeholder });

/** A list of texts: a repeatable flag, or one value with commas. */
export const list = (description: string, placeholder: string, fallback: readonly string[] = []) =>
  z
    .union([z.array(named()), z.string().transform(splitList)])
    .default([...fallback])
    .meta({ description, flag: 'list', placeholder });

/** A list of identifiers, which hold no comma: each flag may name several. */
export const identifiers = (description: string, placeholder: string) =>
  z
    .union([z.array(named()).transform((values) => values.flatMap(splitList)), z.string().transform(splitList)])
    .default([])
    .meta({ description, flag: 'list', placeholder });

/** Splits at commas, but not within parentheses: the key of a finding holds its columns there. */
export function splitList(value: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const letter of value) {
    if (letter === '(') depth += 1;
    if (letter === ')') depth -= 1;
    if (letter === ',' && depth <= 0) parts.push('');
    else parts.push(`${parts.pop() ?? ''}${letter}`);
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '');
}

/** A switch. */
export const bare = (description: string) =>
  z.union([z.boolean(), z.stringbool()]).default(false).meta({ description, flag: 'bare', placeholder: '' });

/** One of several words. */
export const choice = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  fallback: Values[number],
  description: string,
) =>
  z
    .enum(values)
    .default(fallback as never)
    .meta({ description, flag: 'value', placeholder: values.join('|') });

/** A whole number between two bounds, as a number or in digits. */
export const wholeNumber = (from: number, to = Number.MAX_SAFE_INTEGER) =>
  z.union([z.number(), z.string()]).transform((value, context) => {
    const number = typeof value === 'string' && !/^\d+$/.test(value) ? Number.NaN : Number(value);
    if (Number.isInteger(number) && number >= from && number <= to) return number;
    const upTo = to === Number.MAX_SAFE_INTEGER ? ' or more' : ` to ${to}`;
    context.addIssue({ code: 'custom', message: `expected a whole number, ${from}${upTo}` });
    return z.NEVER;
  });

/** A count of 1 or more that may be absent. */
export const count = (description: string, placeholder = 'N') =>
  wholeNumber(1).optional().meta({ description, flag: 'value', placeholder });

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, m: 60_000, h: 3_600_000 };
/** To PostgreSQL 0 means no limit, and it counts milliseconds in 31 bits. */
const DURATION_MS_MAX = 24 * 3_600_000;
const withUnit = () =>
  z
    .string()
    .regex(/^\d+(\.\d+)?(ms|s|min|m|h)$/, 'a duration such as 500ms, 5s or 2min')
    .transform((value) => Number.parseFloat(value) * (UNITS[value.replace(/^[\d.]+/, '')] ?? 1))
    .refine((durationMs) => durationMs >= 1 && durationMs <= DURATION_MS_MAX, 'expected a duration from 1ms to 24h');

/** A duration with its unit that may be absent; becomes milliseconds. */
export const durationIfGiven = (description: string) =>
  withUnit().optional().meta({ description, flag: 'value', placeholder: 'DURATION' });

/** A duration with its unit; becomes milliseconds. */
export const duration = (description: string, fallback: string) =>
  withUnit().prefault(fallback).meta({ description, flag: 'value', placeholder: 'DURATION', fallback });

const SIZES: Readonly<Record<string, number>> = { '': 1, B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
/** A size with its unit; becomes bytes. */
export const bytes = (description: string) =>
  z
    .union([
      z.number().positive('expected a size above 0'),
      z.string().regex(/^\d+(\.\d+)?\s*([kKMGT]?B)?$/, 'a size such as 512MB or a number of bytes'),
    ])
    .transform((value) =>
      typeof value === 'number'
        ? value
        : Number.parseFloat(value) * (SIZES[value.replace(/^[\d.\s]+/, '').toUpperCase()] ?? 1),
    )
    .optional()
    .meta({ description, flag: 'value', placeholder: 'BYTES' });

/** A share of a whole, from 0 to 1. */
export const share = (description: string, fallback: number) =>
  z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d*\.?\d+$/, 'a number from 0 to 1')
        .transform(Number),
    ])
    .refine((value) => value >= 0 && value <= 1, 'expected a number from 0 to 1')
    .default(fallback)
    .meta({ description, flag: 'value', placeholder: 'SHARE' });

/** The file for the result. */
export const output = () => text('write the result to this file instead of stdout', 'FILE');

/** Keys within keys, or a list of them; in the environment written as YAML or JSON. */
export const structure = <Schema extends z.ZodType>(schema: Schema, fallback: z.input<Schema>, description: string) =>
  z
    .preprocess(readStructure, schema)
    .prefault(fallback as never)
    .meta({ description, flag: 'structure', placeholder: 'YAML' });

/** Reads YAML or JSON where a text is given; a text that is neither stays what it is. */
export function readStructure(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return parseYaml(value);
  } catch {
    return value;
  }
}
