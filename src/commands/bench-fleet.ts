/** The SPEC of the reference application's own scenario. */
export const FLEET = 'fleet';
