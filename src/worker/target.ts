/** A database that is looked after. */
export interface Target {
  readonly name: string;
  readonly url: string;
  /** True for the database that holds the ledger of all targets. */
  readonly isHome: boolean;
}

/** Name of the one target where none is configured: the home database. */
export const HOME = 'home';
