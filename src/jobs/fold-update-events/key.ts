/** What current_package_state has one row of. */
export interface PackageKey {
  readonly agentId: string;
  readonly packageType: string;
  readonly packageName: string;
}

/** Gives keys as three arrays in step, for unnest. */
export function keyColumns(keys: readonly PackageKey[]): readonly [string[], string[], string[]] {
  return [
    keys.map(({ agentId }) => agentId),
    keys.map(({ packageType }) => packageType),
    keys.map(({ packageName }) => packageName),
  ];
}
