type Undo = () => unknown;

const undoings: Undo[] = [];

/** Has something undone at the end of the test file that runs: one process runs many files, and what they import stays. */
export function afterFile(undo: Undo): void {
  undoings.push(undo);
}

/** Makes a value when a test file first asks for it, and ends it with that file. */
export function oncePerFile<Value>(
  make: () => Value,
  end: (value: Awaited<Value>) => unknown = () => undefined,
): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => {
    if (made !== null) return made.value;
    const value = make();
    made = { value };
    afterFile(async () => {
      made = null;
      await end(await value);
    });
    return value;
  };
}

/** Undoes what the file has left to be undone, the last thing first. */
export async function endFile(): Promise<void> {
  const failures: unknown[] = [];
  for (const undo of undoings.splice(0).reverse()) {
    try {
      await undo();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'what the test file made could not be undone');
}
