/**
 * Reads `parameters: $1 = '42', $2 = NULL` of a message's detail (version 16 writes a capital P); null where there are
 * none, or where log_parameter_max_length has cut one of them: what is left is no value of the application's.
 */
export function readParameters(detail: string | null): readonly (string | null)[] | null {
  if (detail === null || !/^parameters: /i.test(detail)) return null;
  const values: (string | null)[] = [];
  let at = 'parameters: '.length;
  // By hand: a value of megabytes is more than a pattern can look back over.
  while (at < detail.length) {
    const name = `$${values.length + 1} = `;
    if (!detail.startsWith(name, at)) return null;
    at += name.length;
    const end = detail.startsWith('NULL', at) ? at + 4 : quoteEnd(detail, at);
    if (end === -1 || !(end === detail.length || detail.startsWith(', ', end))) return null;
    const value = detail.charAt(at) === "'" ? detail.slice(at + 1, end - 1) : null;
    if (value?.endsWith('...') === true) return null;
    values.push(value?.replaceAll("''", "'") ?? null);
    at = end + 2;
  }
  // An array that grew has room for many more; its copy is as long as it is, and great numbers of them are held.
  return values.length === 0 ? null : values.slice();
}

/** Gives where a text in quotes ends that begins here, behind its quote; -1 for none. */
function quoteEnd(detail: string, open: number): number {
  if (detail.charAt(open) !== "'") return -1;
  let at = detail.indexOf("'", open + 1);
  while (at !== -1 && detail.charAt(at + 1) === "'") at = detail.indexOf("'", at + 2);
  return at === -1 ? -1 : at + 1;
}
