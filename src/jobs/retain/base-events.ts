/**
 * True of an update event without which the fold of its package would come to another state: the last event of each
 * sort that a state is made of, and of the discoveries since the status was last decided those of another version than
 * the event before, which open a package again. With them alone a rebuild, and a late event that has the package folded
 * again, come to the same state as with all.
 */
export const BASE_EVENT = `NOT EXISTS (${later('true')})
  OR event_type <> 'discovered' AND NOT EXISTS (${later("e.event_type <> 'discovered'")})
  OR event_type = 'updated' AND NOT EXISTS (${later("e.event_type = 'updated'")})
  OR event_type = 'discovered' AND NOT EXISTS (${later("e.event_type = 'discovered'")})
  OR version_from IS NOT NULL AND NOT EXISTS (${later('e.version_from IS NOT NULL')})
  OR event_type = 'discovered' AND NOT EXISTS (${later("e.event_type <> 'discovered'")})
    AND version_to IS DISTINCT FROM (
      SELECT e.version_to ${samePackage('<')} ORDER BY e.created_at DESC, e.id DESC LIMIT 1)`;

function later(test: string): string {
  return `SELECT ${samePackage('>')} AND ${test}`;
}

/** Events of the same package beyond this one that the fold takes: it sets updates and failures of no version aside. */
function samePackage(side: '<' | '>'): string {
  return `FROM public.update_events AS e
    WHERE e.agent_id = update_events.agent_id AND e.package_type = update_events.package_type
      AND e.package_name = update_events.package_name AND e.created_at ${side}= update_events.created_at
      AND (e.created_at, e.id) ${side} (update_events.created_at, update_events.id)
      AND (e.version_to IS NOT NULL OR e.event_type NOT IN ('updated', 'failed'))`;
}
