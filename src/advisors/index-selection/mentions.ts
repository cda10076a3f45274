/** True when an SQL text names the column, quoted or not. */
export function mentionsColumn(sql: string, column: string): boolean {
  const word = new RegExp(`(^|[^\\w$])"?${column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"?([^\\w$]|$)`);
  return word.test(sql);
}
