/** Gives the condition of a CHECK as its definition prints it. */
export function checkCondition(definition: string): string | null {
  return /^CHECK \((.*)\)(?: NO INHERIT)?(?: NOT ENFORCED)?(?: NOT VALID)?$/s.exec(definition)?.[1] ?? null;
}
