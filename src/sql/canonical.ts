/** Gives a text that is the same for expressions that say the same; places in the text do not count. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (name, field) => (/location$|list_(start|end)$/.test(name) ? undefined : field)) ?? '';
}
