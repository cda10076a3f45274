/** A text whose parameters are `$n`, and the names that they bore before, in the order of their numbers. */
export interface Numbered {
  readonly text: string;
  /** Empty where they bore none. */
  readonly names: readonly string[];
}

/**
 * In this order: quoted names, strings, dollar quotes, comments and casts stay; then what drivers and tracers write in
 * place of a value: `%s`, `%(name)s`, `:name`, `@name`, `?`.
 */
const PLACEHOLDERS =
  /"(?:[^"]|"")*"|'(?:[^']|'')*'|\$([\p{L}_]\w*)?\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|::|@[@>]|<@|%s\b|%\((?<percent>[^)\s]{1,100})\)s\b|(?<![\w\]:]):(?<colon>[\p{L}_]\w*)|(?<![@<\w])@(?<at>[\p{L}_]\w*)|\?(?![|&?-])/gu;
const BARE = /^(?:%s|\?)$/;

/** Gives a text with `$n` in place of what a driver or a tracer wrote for its parameters. */
export function numberParameters(text: string): Numbered {
  const numbers = new Map<string, number>();
  let count = 0;
  const numbered = text.replace(PLACEHOLDERS, (found: string, ...rest: readonly unknown[]) => {
    const { percent, colon, at } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    const name = percent ?? colon ?? at;
    if (name === undefined && !BARE.test(found)) return found;
    if (name !== undefined && numbers.has(name)) return `$${numbers.get(name)}`;
    count += 1;
    if (name !== undefined) numbers.set(name, count);
    return `$${count}`;
  });
  return { text: numbered, names: [...numbers.keys()] };
}
