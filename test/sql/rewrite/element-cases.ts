import type { FormCase } from './form-cases.js';

const TAKEN_APART: readonly FormCase[] = [
  `SELECT DISTINCT p.id FROM parcels p, unnest(p.labels) AS l (label) WHERE l.label = 'a'`,
  `SELECT p.id, l FROM parcels p CROSS JOIN LATERAL unnest(p.labels) l WHERE l IN ('a', 'b') AND p.id > 1`,
  `SELECT p.id, count(*) FROM parcels p JOIN unnest(p.labels) l ON l = 'a' OR l = 'b' GROUP BY p.id`,
  `SELECT p.id, l FROM parcels p LEFT JOIN LATERAL unnest(labels) l ON l = 'a'`,
  `SELECT p.id, l FROM parcels p LEFT JOIN LATERAL unnest(labels) l ON true WHERE 'a' = l`,
].map((sql): FormCase => ({ name: `an element that is taken apart: ${sql}`, form: 'spelledComparisons', sql }));

/** An element that an array is asked for, taken apart or not. */
export const ELEMENT_CASES: readonly FormCase[] = [
  ...TAKEN_APART,
  ...[
    `p.labels IS NOT NULL AND 'a' = ANY (p.labels)`,
    `'a' IN (SELECT unnest(p.labels))`,
    `'a' = ANY (SELECT unnest(labels))`,
    `EXISTS (SELECT 1 FROM unnest(p.labels) AS t (label) WHERE t.label = 'a') AND p.id > 1`,
    `EXISTS (SELECT FROM unnest(labels) t WHERE 'a' = t)`,
    `EXISTS (SELECT * FROM unnest(p.labels) WHERE unnest = 'a')`,
    `'a' = ANY (p.labels) OR 'b' = ANY (p.labels)`,
    `EXISTS (SELECT 1 FROM unnest(p.labels) t WHERE t = 'a' OR 'b' = t OR t IN ('c', 'a'))`,
    `EXISTS (SELECT 1 FROM unnest(p.labels) AS t (label) WHERE t.label IN ('a', 'b')) AND p.id > 1`,
    `('a' = ANY (labels) OR 'b' IN (SELECT unnest(labels)) OR EXISTS (SELECT FROM unnest(labels) t WHERE t = 'c'))`,
  ].map((condition): FormCase => {
    const sql = `SELECT p.id, p.customer FROM parcels p WHERE ${condition}`;
    return { name: `an element, by ${condition}`, form: 'spelledComparisons', sql };
  }),
];

const NOT_TAKEN_APART: readonly FormCase[] = [
  `SELECT p.id, l FROM parcels p, unnest(p.labels) l WHERE l <> 'a'`,
  `SELECT p.id, l FROM parcels p, unnest(p.labels) l WHERE l = 'a' OR p.id > 1`,
  `SELECT p.id, l FROM parcels p, unnest(p.labels) l WHERE l = p.customer`,
  `SELECT p.id, l FROM parcels p LEFT JOIN LATERAL unnest(p.labels) l ON l IS NULL OR l = 'a'`,
  `SELECT p.id, l.place FROM parcels p, unnest(p.labels) WITH ORDINALITY AS l (label, place) WHERE l.place = 1`,
  `SELECT p.id, l FROM parcels p, unnest(p.labels, p.labels) AS l (one, other) WHERE l.one = 'a'`,
  `SELECT l FROM unnest(ARRAY['a', 'b']) l WHERE l = 'a'`,
  `SELECT p.id, l FROM parcels p, unnest(p.labels) l JOIN parcels o ON l = 'a'`,
  `SELECT p.id FROM parcels p CROSS JOIN (SELECT 'a' AS label) o LEFT JOIN LATERAL unnest(p.labels) AS l (label) USING (label) WHERE label = 'a'`,
].map((sql): FormCase => ({ name: `an element that is taken apart: ${sql}`, form: 'spelledComparisons', sql }));

export const NO_ELEMENT: readonly FormCase[] = [
  ...NOT_TAKEN_APART,
  ...[
    `'a' NOT IN (SELECT unnest(p.labels))`,
    `NOT EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a')`,
    `EXISTS (SELECT FROM unnest(p.labels) t WHERE t <> 'a')`,
    `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' OR t <> 'b')`,
    `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' OR p.id > 1)`,
    `EXISTS (SELECT FROM unnest(p.labels) t WHERE t NOT IN ('a', 'b'))`,
    `EXISTS (SELECT FROM unnest(p.labels) t WHERE t IN ('a', p.customer))`,
    `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' AND t = 'b')`,
    `EXISTS (SELECT FROM unnest(p.labels) t WHERE t IN ('a', NULL))`,
    `'a' = ANY (p.labels) OR 'b' = p.customer`,
    `'a' = ANY (p.labels) OR p.id = 1 AND 'b' = ANY (p.labels)`,
    `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' AND p.id > 1)`,
    `EXISTS (SELECT FROM unnest(p.labels) WITH ORDINALITY AS t (label, place) WHERE label = 'a')`,
    `EXISTS (SELECT FROM unnest(p.labels, p.labels) AS t (one, other) WHERE one = 'a')`,
    `EXISTS (SELECT FROM unnest(p.labels) t, items i WHERE t = 'a')`,
    `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' OFFSET 1)`,
    `EXISTS (SELECT count(*) FROM unnest(p.labels) t WHERE t = 'a')`,
    `EXISTS (SELECT FROM unnest(p.labels) t WHERE t = 'a' HAVING false)`,
    `'a' IN (SELECT unnest(p.labels) LIMIT 1)`,
    `'a' IN (SELECT unnest(p.labels) || 'b')`,
    `'a' > ANY (SELECT unnest(p.labels))`,
    `EXISTS (SELECT FROM unnest(ARRAY['a', 'b']) t WHERE t = p.id::text)`,
  ].map((condition): FormCase => {
    const sql = `SELECT p.id, p.customer FROM parcels p WHERE ${condition}`;
    return { name: `an element, by ${condition}`, form: 'spelledComparisons', sql };
  }),
];
