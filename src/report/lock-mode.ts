/** Gives a lock's mode as the manual writes it: `ACCESS EXCLUSIVE` for `AccessExclusiveLock`. */
export function lockModeWords(mode: string): string {
  return mode
    .replace(/Lock$/, '')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .toUpperCase();
}
