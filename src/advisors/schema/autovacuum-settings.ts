import type { Catalog, Table } from '../../model/catalog.js';

/** What autovacuum goes by for one table. */
export interface AutovacuumTerms {
  readonly isOn: boolean;
  /** Changed rows at which it analyzes the table. */
  readonly analyzeAt: number;
  /** Dead rows at which it vacuums the table. */
  readonly vacuumAt: number;
}

/** Gives the server's settings with what the table's own options change of them; PostgreSQL's defaults where none is known. */
export function autovacuumTerms(catalog: Catalog, table: Table): AutovacuumTerms {
  const rows = Math.max(0, table.storage.tuples);
  const settled = (name: string, otherwise: number) =>
    Number(optionOf(table, name) ?? settingOf(catalog, name) ?? otherwise);
  const at = (threshold: number, scale: number) => threshold + scale * rows;
  return {
    isOn:
      settingOf(catalog, 'autovacuum') !== 'off' &&
      !/^(off|false|no|0)$/i.test(optionOf(table, 'autovacuum_enabled') ?? 'on'),
    analyzeAt: at(settled('autovacuum_analyze_threshold', 50), settled('autovacuum_analyze_scale_factor', 0.1)),
    vacuumAt: at(settled('autovacuum_vacuum_threshold', 50), settled('autovacuum_vacuum_scale_factor', 0.2)),
  };
}

/** Gives a storage option of a table as it is written, or null where it has none of the name. */
export function optionOf({ options }: Table, name: string): string | null {
  return options.find((option) => option.startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
}

/** Gives a setting of the server, or null where it was not read. */
export function settingOf({ settings }: Catalog, name: string): string | null {
  return settings.find((setting) => setting.name === name)?.value ?? null;
}
