const LITERAL = "'(?:[^']|'')*'::character varying(?:\\(\\d+\\))?";
const CAST_LIST = new RegExp(`\\(ARRAY\\[(${LITERAL}(?:, ${LITERAL})*)\\]\\)::text\\[\\]`, 'g');

/**
 * Gives an expression as PostgreSQL prints it once it has been read back. `column IN ('a', 'b')` on a varchar is printed
 * with a cast of the whole list; a database that was restored from a dump has one of each element instead.
 */
export function canonical(printed: string): string {
  if (!printed.includes('])::text[]')) return printed;
  return printed.replaceAll(CAST_LIST, (_, list: string) => {
    const elements = list.replaceAll(new RegExp(LITERAL, 'g'), (literal) => `(${literal})::text`);
    return `ARRAY[${elements}]`;
  });
}
