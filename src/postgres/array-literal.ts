/**
 * Gives the elements of a one-dimensional array literal as PostgreSQL prints it: `{a,"b c",NULL}`; null for NULL.
 * Elements of composite and of nested types stay as their own texts.
 */
export function parseArrayLiteral(literal: string, delimiter = ','): readonly (string | null)[] {
  const elements: (string | null)[] = [];
  let element = '';
  let quoted = false;
  let inQuotes = false;
  const finish = () => {
    elements.push(!quoted && element === 'NULL' ? null : element);
    element = '';
    quoted = false;
  };
  if (literal === '{}') return [];
  for (let at = 1; at < literal.length - 1; at++) {
    const character = literal.charAt(at);
    if (character === '\\') {
      at += 1;
      element += literal.charAt(at);
    } else if (character === '"') {
      inQuotes = !inQuotes;
      quoted = true;
    } else if (character === delimiter && !inQuotes) {
      finish();
    } else {
      element += character;
    }
  }
  finish();
  return elements;
}

/** Gives the array literal of these elements, each quoted; null becomes NULL. */
export function arrayLiteral(elements: readonly (string | null)[]): string {
  const quoted = elements.map((element) =>
    element === null ? 'NULL' : `"${element.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`,
  );
  return `{${quoted.join(',')}}`;
}
