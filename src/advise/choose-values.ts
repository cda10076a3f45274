import type { Catalog } from '../model/catalog.js';
import type { Statistics } from '../model/statistics.js';
import type { ParameterUse, StatementAnalysis } from '../sql/analysis/table-scan.js';
import { parseStatement } from '../sql/parse.js';
import type { ColumnSamples } from './column-samples.js';
import { argumentValues } from './function-arguments.js';
import { samplesOf } from './key-samples.js';
import { type Choice, fitsType, neutralValue } from './neutral-values.js';
import { commonLength, type PrefixChoice, searchedMember, searchedText } from './searched-values.js';
import { singleRowLimits } from './single-row-limits.js';

export interface DescribedText {
  /** With `$1` … without gaps. */
  readonly text: string;
  readonly analysis: StatementAnalysis;
  /** `regtype` texts in the order of `$n`. */
  readonly types: readonly string[];
  /** Rows that a call returned or changed on average, where that was measured. */
  readonly rowsPerCall?: number;
}

type Comparison = Extract<ParameterUse, { readonly role: 'comparison' }>;

/** Share of the rows between the bounds of a range, from a wide report to a narrow look-up. */
const RANGE_SELECTIVITIES: readonly number[] = [0.3, 0.1, 0.01, 0.001];

/** From common values and wide ranges to rare values and narrow ranges. */
const MAIN_CHOICES: readonly Choice[] = [0, 1, 2].map((set) => ({ equality: set, range: set }));

const OTHER_CHOICES: readonly Choice[] = RANGE_SELECTIVITIES.flatMap((_, range) =>
  [0, 1, 2].filter((equality) => equality !== range).map((equality) => ({ equality, range })),
);

/** Rows of a page where nothing was measured, and where pages begin: the first, the first, and a deep one. */
const PAGE_ROWS = 50;
const OFFSETS: readonly number[] = [0, 0, 1000];

/** What people write behind LIMIT. */
const USUAL_LIMITS: readonly number[] = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, 5000, 10_000];

/** Length of an array that stands for a list of keys, where nothing was measured and at most. */
const ARRAY_LENGTH = 5;
const ARRAY_LENGTH_MAX = 50;

/** Different values of a list of parameters: with the usual statistics target there are hardly more. */
const LIST_VALUES_MAX = 200;

/**
 * Chooses sets of parameter values from the statistics, always the same for the same input. An equality gets the most
 * common value, one from the middle of the histogram or a rare one; a range gets bounds that keep 30, 10, 1 or 0.1
 * percent of the rows, at the end where it is open, since applications ask for what is recent or overdue. Where the
 * rows of a call were measured, all combinations are given, so that the ones that fit can be kept; else three.
 * Empty where a parameter has a type of which no value is known: then only a generic plan can be had.
 */
export function chooseValues(
  described: DescribedText,
  catalog: Catalog,
  statistics: Statistics,
): readonly (readonly unknown[])[] {
  const chooser = new ValueChooser(described, catalog, statistics);
  const choices = described.rowsPerCall === undefined ? MAIN_CHOICES : [...MAIN_CHOICES, ...OTHER_CHOICES];
  const sets = choices.map((choice) => described.types.map((_, at) => chooser.valueOf(at + 1, choice)));
  return sets.some((values) => values.includes(undefined)) ? [] : sets;
}

class ValueChooser {
  private readonly uses: ReadonlyMap<number, ParameterUse>;
  private readonly argumentValues: ReadonlyMap<number, string>;
  private readonly singleRowLimits: ReadonlySet<number>;
  private readonly pageRows: number;
  private readonly arrayLength: number;
  private readonly types: readonly string[];
  private readonly catalog: Catalog;
  private readonly statistics: Statistics;
  /** Comparisons with the same key, and what is known of it: a list may have a thousand parameters. */
  private readonly alikeByKey = new Map<string, readonly Comparison[]>();
  private readonly samplesByKey = new Map<string, ColumnSamples | null>();

  constructor({ text, analysis, types, rowsPerCall }: DescribedText, catalog: Catalog, statistics: Statistics) {
    this.uses = new Map(analysis.parameters.toReversed().map((use) => [use.number, use]));
    const { tree } = parseStatement(text);
    this.argumentValues = argumentValues(tree);
    this.singleRowLimits = singleRowLimits(tree);
    this.pageRows = rowsPerCall ?? PAGE_ROWS;
    this.arrayLength = Math.min(Math.max(Math.round(rowsPerCall ?? ARRAY_LENGTH), 1), ARRAY_LENGTH_MAX);
    this.types = types;
    this.catalog = catalog;
    this.statistics = statistics;
  }

  /** Undefined where nothing is known of the type. */
  valueOf(number: number, choice: Choice): unknown {
    const type = this.types[number - 1] ?? 'text';
    const use = this.uses.get(number);
    if (use?.role === 'limit') return this.limitOf(number);
    if (use?.role === 'offset') return OFFSETS[choice.equality] ?? 0;
    const sampled = use?.role === 'comparison' ? this.sample(use, type, choice) : undefined;
    return sampled ?? this.argumentValues.get(number) ?? neutralValue(type, this.catalog, choice);
  }

  private limitOf(number: number): number {
    if (this.singleRowLimits.has(number)) return 1;
    if (USUAL_LIMITS.includes(this.pageRows)) return this.pageRows;
    // A mean between two limits: some calls found less than a page.
    const rows = Math.max(this.pageRows, PAGE_ROWS);
    return USUAL_LIMITS.find((limit) => limit >= rows) ?? Math.ceil(rows);
  }

  private sample(use: Comparison, type: string, choice: Choice): unknown {
    const samples = this.samplesOf(use);
    if (samples === null) return undefined;
    if (use.operator === '= ANY' && type.endsWith('[]')) {
      const elementType = type.slice(0, -2);
      const values = samples.spread(choice.equality, this.arrayLength).filter((value) => fitsType(value, elementType));
      return values.length > 0 ? values : undefined;
    }
    if (use.operator.endsWith(' ANY') && type.endsWith('[]')) {
      const found = samples
        .spread(choice.equality, 2)
        .map((value) => searchedText(value, use, prefixChoice(samples, choice.equality)));
      return found.length > 0 ? found : undefined;
    }
    const document = isOfDocument(use) ? samples.equal(choice.equality) : null;
    if (document !== null) return searchedMember(document, use.operator, choice.equality) ?? undefined;
    const value = this.scalar(use, samples, choice);
    return value !== null && fitsType(value, type) ? value : undefined;
  }

  private scalar(use: Comparison, samples: ColumnSamples, { equality, range }: Choice): string | null {
    const selectivity = RANGE_SELECTIVITIES[range] ?? 0;
    switch (use.operator) {
      case '<':
      case '<=':
        return samples.quantile(this.isBounded(use, '>') ? 0.5 + selectivity : selectivity);
      case '>':
      case '>=':
        return samples.quantile(this.isBounded(use, '<') ? 0.5 : 1 - selectivity);
      case 'BETWEEN':
        return samples.quantile(this.placeAmong(use) === 0 ? 0.5 : 0.5 + selectivity);
      case '~~':
      case '~~*':
      case '~':
      case '~*':
      case '^@':
      case '%':
        return mapped(samples.equal(equality), (value) => searchedText(value, use, prefixChoice(samples, equality)));
      default:
        return samples.spread(equality, (this.placeAmong(use) % LIST_VALUES_MAX) + 1).at(-1) ?? samples.equal(equality);
    }
  }

  /** Whether another parameter bounds the same key from the other side. */
  private isBounded(use: Comparison, side: '<' | '>'): boolean {
    return this.alike(use).some((other) => other.operator.startsWith(side));
  }

  /** How many parameters of the same key and operator come before: the elements of a list differ. */
  private placeAmong(use: Comparison): number {
    return this.alike(use).filter(({ operator, number }) => operator === use.operator && number < use.number).length;
  }

  private alike(use: Comparison): readonly Comparison[] {
    const key = keyOf(use);
    const known = this.alikeByKey.get(key);
    if (known !== undefined) return known;
    const found = [...this.uses.values()].flatMap((other) =>
      other.role === 'comparison' && keyOf(other) === key ? [other] : [],
    );
    this.alikeByKey.set(key, found);
    return found;
  }

  private samplesOf(use: Comparison): ColumnSamples | null {
    const key = keyOf(use);
    const known = this.samplesByKey.get(key);
    const samples = known === undefined ? samplesOf(use, this.statistics) : known;
    this.samplesByKey.set(key, samples);
    return samples;
  }
}

function keyOf({ table, key }: Comparison): string {
  return JSON.stringify([table.schema, table.name, key.sql]);
}

function mapped(value: string | null, change: (value: string) => string): string | null {
  return value === null ? null : change(value);
}

function prefixChoice(samples: ColumnSamples, place: number): PrefixChoice {
  return { place, common: commonLength(samples.quantile(0) ?? '', samples.quantile(1) ?? '') };
}

const DOCUMENT_OPERATORS: ReadonlySet<string> = new Set(['@>', '?', '?|', '?&']);

/** Whether a document is searched for its members. */
function isOfDocument({ operator, table, key }: Comparison): boolean {
  const type = key.type ?? table.columns.find(({ name }) => name === key.column)?.baseType;
  return type === 'jsonb' && DOCUMENT_OPERATORS.has(operator);
}
