/** Rows of each table at a scale; 1 is TPC-H's own unit. */
export interface TpchPlan {
  readonly suppliers: number;
  readonly parts: number;
  readonly customers: number;
  readonly orders: number;
  readonly clerks: number;
}

const UNIT: TpchPlan = { suppliers: 10_000, parts: 200_000, customers: 150_000, orders: 1_500_000, clerks: 1_000 };
const SCALE_MIN = 0.01;

/** Gives the rows of a scale; below 0.01 the tables are too small to hold their relations. */
export function tpchPlan(scale: number): TpchPlan {
  if (!(scale >= SCALE_MIN)) throw new Error(`scale ${scale} is below ${SCALE_MIN}`);
  const rows = (count: number) => Math.round(count * scale);
  return {
    suppliers: rows(UNIT.suppliers),
    parts: rows(UNIT.parts),
    customers: rows(UNIT.customers),
    orders: rows(UNIT.orders),
    clerks: rows(UNIT.clerks),
  };
}
