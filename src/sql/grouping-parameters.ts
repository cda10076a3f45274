import { type AnyBody, visit } from './walk.js';

/** A parameter that stands for the same constant as another place; locations in UTF-8 bytes. */
export interface SharedParameter {
  readonly location: number;
  readonly sameAs: number;
  /** The other place still holds the constant itself. */
  readonly constant: boolean;
}

/**
 * Gives the parameters of a SELECT that must be equal to others for it to be valid. pg_stat_statements replaces a
 * constant of `SELECT date_trunc('day', x) … GROUP BY date_trunc('day', x)` where it stands first alone, or gives
 * each its own number, so that the statement no longer groups by what it selects.
 */
export function unifyGrouping(select: AnyBody): readonly SharedParameter[] {
  const grouped = expressionsOf(select['groupClause']);
  if (grouped.length > 0) {
    const others = ['targetList', 'sortClause', 'havingClause', 'distinctClause'];
    return match(
      grouped,
      others.map((field) => expressionsOf(select[field])),
    );
  }
  if (select['distinctClause'] === undefined) return [];
  const sorted = expressionsOf(select['sortClause']);
  return match([...expressionsOf(select['distinctClause']), ...sorted], [expressionsOf(select['targetList']), sorted]);
}

/** An expression with its constants and parameters as holes; those of equal text can be made equal. */
interface Shape {
  readonly text: string;
  readonly holes: readonly Hole[];
}

interface Hole {
  readonly location: number;
  /** The constant's value, or null for a parameter. */
  readonly constant: string | null;
}

/** Equal shapes belong together in the order in which they stand: year with year, month with month. */
function match(references: readonly Shape[], others: readonly (readonly Shape[])[]): readonly SharedParameter[] {
  const byText = new Map<string, Shape[]>();
  for (const shape of references) byText.set(shape.text, [...(byText.get(shape.text) ?? []), shape]);
  return others.flatMap((shapes) => {
    const seen = new Map<string, number>();
    return shapes.flatMap((shape) => {
      const candidates = (byText.get(shape.text) ?? []).filter((reference) => isCompatible(shape, reference));
      const count = seen.get(shape.text) ?? 0;
      seen.set(shape.text, count + 1);
      return shareHoles(shape, candidates[Math.min(count, candidates.length - 1)]);
    });
  });
}

function isCompatible(shape: Shape, reference: Shape): boolean {
  return shape.holes.every(({ constant }, index) => {
    const other = reference.holes[index];
    return other !== undefined && (constant === null || constant === other.constant);
  });
}

function shareHoles(shape: Shape, reference: Shape | undefined): readonly SharedParameter[] {
  return shape.holes.flatMap(({ location, constant }, index): SharedParameter[] => {
    const other = reference?.holes[index];
    if (other === undefined || constant !== null) return [];
    return [{ location, sameAs: other.location, constant: other.constant !== null }];
  });
}

/** All expressions below a clause that hold a constant or parameter, whole ones before parts; not those of subqueries. */
function expressionsOf(clause: unknown): readonly Shape[] {
  const shapes: Shape[] = [];
  visit(clause, (kind, body) => {
    if (kind === 'SelectStmt') return false;
    if (PASSED_BY.has(kind)) return true;
    const shape = shapeOf(kind, body);
    if (shape.holes.length > 0) shapes.push(shape);
    return true;
  });
  return shapes;
}

/** Nodes that are no expressions, and the holes themselves: a bare constant is equal to nothing but by chance. */
const PASSED_BY: ReadonlySet<string> = new Set(['', 'ResTarget', 'SortBy', 'ParamRef', 'A_Const', 'TypeName']);

function shapeOf(kind: string, body: AnyBody): Shape {
  const holes: Hole[] = [];
  const text = JSON.stringify({ [kind]: body }, (key, value: unknown) => {
    if (/location$|^list_|^rexpr_list/.test(key)) return undefined;
    const { ParamRef: parameter, A_Const: constant } = (value ?? {}) as Record<string, AnyBody | undefined>;
    const hole = parameter ?? constant;
    if (hole === undefined || hole['location'] === -1) return value;
    const location = typeof hole['location'] === 'number' ? hole['location'] : 0;
    holes.push({ location, constant: parameter === undefined ? JSON.stringify({ ...hole, location: 0 }) : null });
    return '?';
  });
  return { text, holes };
}
