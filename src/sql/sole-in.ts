import { applyEdits } from './text-edits.js';
import { scanTokens } from './tokens.js';

/**
 * Writes `IN ($1)` as `= $1`: object mappers ask for one row so. Lists of several, queries and NOT IN stay; a ParseFailure
 * where the text cannot be cut into tokens.
 */
export function withoutSoleIn(text: string): string {
  const tokens = scanTokens(text).filter(({ kind }) => kind !== 'comment');
  const edits = tokens.flatMap((token, place) => {
    const [before, open, parameter, close] = [place - 1, place + 1, place + 2, place + 3].map((at) => tokens[at]);
    const isSole = open?.text === '(' && parameter?.kind === 'parameter' && close?.text === ')';
    if (token.text.toLowerCase() !== 'in' || before?.text.toLowerCase() === 'not' || !isSole) return [];
    return [{ start: token.start, end: close.end, text: `= ${parameter.text}` }];
  });
  return applyEdits(text, edits);
}
