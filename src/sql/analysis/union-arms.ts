import { columnKey, type ScanKey } from './expression.js';
import type { ResolvedColumn, ScanBuilder } from './scope.js';

/** Gives the column that stands for those of two arms of a UNION; null where one of them is computed. */
export function joinedColumn(column: ResolvedColumn | null, other: ResolvedColumn | null | undefined) {
  if (column === null || other == null) return null;
  const { alike } = column.scan;
  alike.set(column.column, [...(alike.get(column.column) ?? []), other]);
  return column;
}

/** Gives the same key of the other arms of a UNION. */
export function alikeKeys({ scan, key }: ScanKey): readonly ScanKey[] {
  const others = key.column === null ? [] : (scan.alike.get(key.column) ?? []);
  return others.map((other) => ({ scan: other.scan, key: columnKey(other.column) }));
}

/** Gives the order that a scan was found to give to the scans of the other arms, whose rows are merged with its own. */
export function orderArms(scan: ScanBuilder): void {
  const [first, ...others] = scan.order;
  if (first === undefined) return;
  for (const [place, { scan: arm, key }] of alikeKeys({ scan, key: first.key }).entries()) {
    const further = others.flatMap((sort) => {
      const found = alikeKeys({ scan, key: sort.key })[place];
      return found === undefined || found.scan !== arm ? [] : [{ ...sort, key: found.key }];
    });
    if (further.length < others.length) continue;
    arm.order = [{ ...first, key }, ...further];
    arm.limited = scan.limited;
    orderArms(arm);
  }
}
