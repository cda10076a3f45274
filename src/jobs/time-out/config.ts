import { z } from 'zod';

const name = z.string().min(1);

const auditSchema = z.strictObject({
  /** Table that gets one row for each row that is timed out. */
  table: name,
  /** Its column that refers to the timed-out row; found by its foreign key or its name where not given. */
  reference: name.optional(),
  /** Whether triggers on it refuse to change what the chain holds. */
  guard: z.boolean().default(true),
});

/** Keys of a time-out: which rows have waited too long, what becomes of them, and where that is told. */
export const timeOutSchema = z
  .strictObject({
    table: name,
    key: name.default('id'),
    status: name.default('status'),
    rules: z
      .array(
        z.strictObject({
          from: z.string(),
          since: name,
          afterSeconds: z
            .number()
            .int()
            .min(1)
            .max(10_000 * 86_400),
        }),
      )
      .min(1)
      .max(20),
    to: z.string(),
    /** Column that gets the time of the change; null for none. */
    stamp: name.nullable().default(null),
    /** Column by which time-outs are counted, such as a command's type; null for none. */
    type: name.nullable().default(null),
    audit: auditSchema.nullable().default(null),
  })
  .refine(({ rules, to }) => rules.every(({ from }) => from !== to), {
    path: ['to'],
    message: 'expected a state that no rule starts from',
  });

export type TimeOutConfig = z.infer<typeof timeOutSchema>;
export type TimeOutRule = TimeOutConfig['rules'][number];
