/**
 * Reads `parameters: $1 = '42', $2 = NULL` of a message's detail (version 16 writes a capital P); null where there are
 * none, or where log_parameter_max_length has cut one of them: what is left is no value of the application's.
 */
export function readParameters(detail: string | null): readonly (string | null)[] | null {
  if (detail === null) return null;
  const head = /^parameters: /i.exec(detail);
  if (head === null) return null;
  const values: (string | null)[] = [];
  const pattern = /\$(\d+) = (?:NULL|'((?:[^']|'')*)'(\.\.\.)?|'((?:[^']|'')*?)\.\.\.')(?:, |$)/gy;
  pattern.lastIndex = head[0].length;
  while (pattern.lastIndex < detail.length) {
    const found = pattern.exec(detail);
    if (found === null) return null;
    const [, number, value, cut] = found;
    if (cut !== undefined || value?.endsWith('...') === true || Number(number) !== values.length + 1) return null;
    values.push(value === undefined ? null : value.replaceAll("''", "'"));
  }
  // An array that grew has room for many more; its copy is as long as it is, and great numbers of them are held.
  return values.length === 0 ? null : values.slice();
}
