import type { DeleteStmt, JoinExpr, Node, RangeVar, SelectStmt, SubLink, UpdateStmt, WithClause } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { StatementReader } from '../analysis/reader.js';
import { seriesNames } from '../analysis/series-columns.js';
import { andParts } from '../and-parts.js';
import { bodyOf, visit } from '../walk.js';
import type { LevelColumn, LevelCondition, LevelRelation, QueryLevel } from './query-level.js';

/** Gives every query level of a statement, an outer one before those within it. */
export function readLevels(tree: Node, catalog: Catalog): readonly QueryLevel[] {
  const reader = new LevelReader(catalog);
  reader.readNode(tree, { parent: null, link: null, commonTables: new Map() });
  return reader.levels;
}

type Columns = ReadonlySet<string> | null;

interface Surroundings {
  readonly parent: QueryLevel | null;
  readonly link: SubLink | null;
  /** WITH queries in sight by their names. */
  readonly commonTables: ReadonlyMap<string, Columns>;
}

/** A level while its FROM is read. */
interface OpenLevel extends QueryLevel {
  readonly relations: LevelRelation[];
  readonly conditions: LevelCondition[];
  readonly merged: [LevelColumn, LevelColumn][];
  readonly commonTables: ReadonlyMap<string, Columns>;
}

class LevelReader {
  readonly levels: OpenLevel[] = [];
  private readonly tables: StatementReader;

  constructor(catalog: Catalog) {
    this.tables = new StatementReader(catalog);
  }

  /** Gives the names of what it returns, or null. */
  readNode(node: Node, around: Surroundings): Columns {
    if ('SelectStmt' in node) return this.readSelect(node.SelectStmt, around);
    if ('UpdateStmt' in node) this.readChange(node.UpdateStmt, node.UpdateStmt.fromClause ?? [], around);
    else if ('DeleteStmt' in node) this.readChange(node.DeleteStmt, node.DeleteStmt.usingClause ?? [], around);
    else this.readWithin(node, this.open(null, around));
    return null;
  }

  private readSelect(select: SelectStmt, outer: Surroundings): Columns {
    const around = this.withQueries(select.withClause, outer);
    if (select.op !== undefined && select.op !== 'SETOP_NONE') {
      const [left] = [select.larg, select.rarg].map((arm) => (arm === undefined ? null : this.readSelect(arm, around)));
      return left ?? null;
    }
    const level = this.open(select, around);
    for (const item of select.fromClause ?? []) this.readFrom(item, level, null);
    this.readConditions(select.whereClause, level, null);
    const { fromClause: _, withClause: __, ...clauses } = select;
    this.readWithin(clauses, level);
    return outputNames(select);
  }

  private readChange(change: UpdateStmt | DeleteStmt, from: readonly Node[], outer: Surroundings): void {
    const around = this.withQueries(change.withClause, outer);
    const level = this.open(null, around);
    if (change.relation !== undefined) this.addTable(change.relation, level, null);
    for (const item of from) this.readFrom(item, level, null);
    this.readConditions(change.whereClause, level, null);
    this.readWithin(
      [change.whereClause, change.returningClause, 'targetList' in change ? change.targetList : []],
      level,
    );
  }

  private open(select: SelectStmt | null, { parent, link, commonTables }: Surroundings): OpenLevel {
    const level: OpenLevel = { parent, link, select, relations: [], conditions: [], merged: [], commonTables };
    this.levels.push(level);
    return level;
  }

  /** Reads the WITH queries of a clause and gives the surroundings in which they are in sight. */
  private withQueries(clause: WithClause | undefined, around: Surroundings): Surroundings {
    let commonTables = around.commonTables;
    for (const node of clause?.ctes ?? []) {
      const { ctename = '', ctequery, aliascolnames } = bodyOf(node, 'CommonTableExpr') ?? {};
      const own = clause?.recursive === true ? new Map([...commonTables, [ctename, null] as const]) : commonTables;
      const columns =
        ctequery === undefined
          ? null
          : this.readNode(ctequery, { parent: around.parent, link: null, commonTables: own });
      const names = aliascolnames === undefined && clause?.recursive !== true ? columns : null;
      commonTables = new Map([...commonTables, [ctename, names] as const]);
    }
    return { ...around, commonTables };
  }

  private readFrom(item: Node, level: OpenLevel, optionalIn: JoinExpr | null): void {
    if ('RangeVar' in item) this.addTable(item.RangeVar, level, optionalIn);
    else if ('JoinExpr' in item) this.readJoin(item.JoinExpr, level, optionalIn);
    else if ('RangeSubselect' in item) {
      const { subquery, alias, lateral } = item.RangeSubselect;
      const parent = lateral === true ? level : level.parent;
      const columns =
        subquery === undefined
          ? null
          : this.readNode(subquery, { parent, link: null, commonTables: level.commonTables });
      const names = alias?.colnames === undefined ? columns : null;
      level.relations.push({ alias: alias?.aliasname ?? '', table: null, columns: names, optionalIn, node: item });
    } else {
      this.readWithin(item, level);
      const range = bodyOf(item, 'RangeFunction');
      const series = range === null ? null : seriesNames(range);
      const alias = series?.alias ?? range?.alias?.aliasname ?? '';
      const columns = series === null ? null : new Set(series.columns);
      level.relations.push({ alias, table: null, columns, optionalIn, node: item });
    }
  }

  private addTable(range: RangeVar, level: OpenLevel, optionalIn: JoinExpr | null): void {
    const alias = range.alias?.aliasname ?? range.relname ?? '';
    const common = range.schemaname === undefined ? level.commonTables.get(range.relname ?? '') : undefined;
    const table = common === undefined ? this.tables.tableOf(range) : null;
    const own = table === null || range.alias?.colnames !== undefined ? null : namesOf(table.columns);
    level.relations.push({ alias, table, columns: common ?? own, optionalIn, node: { RangeVar: range } });
  }

  private readJoin(join: JoinExpr, level: OpenLevel, optionalIn: JoinExpr | null): void {
    const { jointype, larg, rarg, quals } = join;
    const first = level.relations.length;
    const isLeftOptional = jointype === 'JOIN_RIGHT' || jointype === 'JOIN_FULL';
    const isRightOptional = jointype === 'JOIN_LEFT' || jointype === 'JOIN_FULL';
    if (larg !== undefined) this.readFrom(larg, level, optionalIn ?? (isLeftOptional ? join : null));
    const second = level.relations.length;
    if (rarg !== undefined) this.readFrom(rarg, level, optionalIn ?? (isRightOptional ? join : null));
    this.readConditions(quals, level, join);
    if (quals !== undefined) this.readWithin(quals, level);
    const sides = { left: level.relations.slice(first, second), right: level.relations.slice(second) };
    for (const name of sharedNames(join, sides)) this.merge(name, sides, level);
  }

  private merge(name: string, { left, right }: Sides, level: OpenLevel): void {
    const [one, other] = [left, right].map((side) => side.find(({ columns }) => columns?.has(name)));
    if (one !== undefined && other !== undefined)
      level.merged.push([
        { level, relation: one, name },
        { level, relation: other, name },
      ]);
  }

  private readConditions(condition: Node | undefined, level: OpenLevel, join: JoinExpr | null): void {
    for (const node of andParts(condition)) level.conditions.push({ node, join });
  }

  /** Reads the queries within expressions. */
  private readWithin(value: unknown, level: OpenLevel): void {
    visit(value, (kind, body) => {
      if (kind !== 'SubLink') return true;
      const link = body as SubLink;
      if (link.testexpr !== undefined) this.readWithin(link.testexpr, level);
      if (link.subselect !== undefined)
        this.readNode(link.subselect, { parent: level, link, commonTables: level.commonTables });
      return false;
    });
  }
}

interface Sides {
  readonly left: readonly LevelRelation[];
  readonly right: readonly LevelRelation[];
}

function namesOf(columns: readonly { readonly name: string; readonly dropped: boolean }[]): ReadonlySet<string> {
  return new Set(columns.filter(({ dropped }) => !dropped).map(({ name }) => name));
}

function sharedNames({ isNatural, usingClause = [] }: JoinExpr, { left, right }: Sides): readonly string[] {
  if (isNatural !== true) return usingClause.flatMap((node) => bodyOf(node, 'String')?.sval ?? []);
  const known = new Set(left.flatMap(({ columns }) => [...(columns ?? [])]));
  return right.flatMap(({ columns }) => [...(columns ?? [])]).filter((name) => known.has(name));
}

/** Null where a star or a name that PostgreSQL makes up is among them. */
function outputNames({ targetList = [], valuesLists }: SelectStmt): Columns {
  if (valuesLists !== undefined) return null;
  const names = targetList.map((target) => {
    const { name, val } = bodyOf(target, 'ResTarget') ?? {};
    return name ?? bodyOf(bodyOf(val, 'ColumnRef')?.fields?.at(-1), 'String')?.sval ?? null;
  });
  return names.some((name) => name === null) ? null : new Set(names.flatMap((name) => name ?? []));
}
