import type { Catalog, Table } from '../../model/catalog.js';
import type { KeyExpression, KeyPredicate, TableScan } from '../../sql/analysis/table-scan.js';
import { bySelectivity, type ScanArm } from './arms.js';
import { mentionsColumn } from './mentions.js';
import { keyType, keyWith, type MethodKeys, type MethodOptions } from './method-keys.js';
import { partialCandidates } from './partial-candidates.js';

/**
 * Gives btrees for texts that begin alike: `LIKE 'abc%'`, `~ '^abc'`, `starts_with`. Under any collation but C they
 * take an operator class that compares byte by byte. Of a parameter the planned values tell whether it begins so.
 */
export function patternCandidates(scan: TableScan, arm: ScanArm, options: MethodOptions): readonly MethodKeys[] {
  return arm.predicates.filter(isPrefix).flatMap(({ key }): readonly MethodKeys[] => {
    const type = keyType(scan.table, key);
    if (type === null || !isText(scan.table, key)) return [];
    const isBytewise = comparesBytewise(scan.table, key, options.catalog);
    const last = keyWith(key, isBytewise ? null : (OPERATOR_CLASSES[type] ?? 'text_pattern_ops'));
    const before = bySelectivity(scan.table, arm.equalities, options)
      .filter(({ sql }) => sql !== key.sql)
      .slice(0, options.columnsMax - 1);
    const whole = before.length === 0 ? [[]] : [[], before];
    return [
      ...whole.map((keys) => ({ keys, predicate: null })),
      ...partialCandidates(scan, { ...arm, sets: [], ranges: [key] }, options)
        .filter(({ keys }) => keys.length <= options.columnsMax && keys.at(-1)?.key.sql === key.sql)
        .map(({ keys, predicate }) => ({ keys: keys.slice(0, -1).map((first) => first.key), predicate })),
    ].map(({ keys, predicate }) => ({
      method: 'btree',
      keys: [...keys.map((first) => keyWith(first, null)), last],
      predicate,
    }));
  });
}

const OPERATOR_CLASSES: Readonly<Record<string, string>> = {
  'character varying': 'varchar_pattern_ops',
  bpchar: 'bpchar_pattern_ops',
  character: 'bpchar_pattern_ops',
};

/** Types of the category of strings that have no such operator class, or other operators. */
const OTHER_STRINGS = /^(name|"char"|(.*\.)?citext)$/;

/** True for text, its relatives and domains over it. */
export function isText(table: Table, key: KeyExpression): boolean {
  if (key.column === null) return key.type === 'text' || key.type === 'character varying';
  const column = table.columns.find(({ name }) => name === key.column);
  return column !== undefined && column.typeCategory === 'S' && !OTHER_STRINGS.test(column.baseType);
}

function isPrefix({ kind, operator, literal }: KeyPredicate): boolean {
  if (kind !== 'pattern') return false;
  if (operator === '^@') return true;
  if (operator === '~~') return literal == null || /^[^%_]/.test(literal);
  return operator === '~' && (literal == null || /^\^[\p{L}\p{N}\s@#/:,;=-]/u.test(literal));
}

/** Collations that compare byte by byte, by their own names. */
const BYTEWISE = /(^|\.)("C"|"POSIX"|ucs_basic|pg_c_utf8)$/;

function comparesBytewise(table: Table, key: KeyExpression, { locale }: Catalog): boolean {
  const columns = table.columns.filter(
    ({ name }) => name === key.column || (key.column === null && mentionsColumn(key.sql, name)),
  );
  const collation = columns.map((column) => column.collation).find((named) => named !== null);
  if (collation !== undefined && collation !== null) return BYTEWISE.test(collation);
  if (locale === undefined) return false;
  return locale.provider === 'builtin' || (locale.provider === 'libc' && /^(C|POSIX)$/.test(locale.collate));
}
