/** Jobs that are shipped, by name: their kind and what differs from the kind's own defaults. None has a schedule. */
export const presets: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {};
