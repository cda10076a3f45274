/**
 * Gives the name of a table as the configuration has it in one writing, so that `Shop.Orders`, `shop.orders` and
 * `"shop"."orders"` are seen to be one: folded as SQL folds it, without quotes that change nothing, without `public.`.
 */
export function plainTable(name: string): string {
  return name
    .replaceAll(/"((?:[^"]|"")*)"|[^"]+/g, (part, quoted: string | undefined) => {
      if (quoted === undefined) return part.toLowerCase().replaceAll(/\s/g, '');
      return /^[a-z_][a-z0-9_]*$/.test(quoted) ? quoted : part;
    })
    .replace(/^public\./, '');
}
