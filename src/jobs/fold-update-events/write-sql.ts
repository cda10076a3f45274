/** SQL that brings current_package_state to what the rows of a query `rows` say. */
export function statesSql(rows: string): string {
  return `
     INSERT INTO public.current_package_state AS standing
       (agent_id, package_type, package_name, current_version, available_version, severity, status,
        last_discovered_at, last_updated_at)
     SELECT agent_id, package_type, package_name, current_version, available_version, severity, status,
            last_discovered_at, last_updated_at
     FROM ${rows} ORDER BY agent_id, package_type, package_name
     ON CONFLICT (agent_id, package_type, package_name) DO UPDATE
     SET current_version = excluded.current_version, available_version = excluded.available_version,
         severity = excluded.severity, status = excluded.status,
         last_discovered_at = greatest(standing.last_discovered_at, excluded.last_discovered_at),
         last_updated_at = excluded.last_updated_at,
         approved_by = CASE WHEN excluded.status <> 'pending' THEN standing.approved_by END,
         approved_at = CASE WHEN excluded.status <> 'pending' THEN standing.approved_at END
     WHERE (standing.current_version, standing.available_version, standing.severity, standing.status,
            standing.last_discovered_at, standing.last_updated_at)
       IS DISTINCT FROM (excluded.current_version, excluded.available_version, excluded.severity, excluded.status,
            greatest(standing.last_discovered_at, excluded.last_discovered_at), excluded.last_updated_at)`;
}

/** SQL that adds the rows of a query `rows` to the history. A row bears its event's id, so that no event leaves two. */
export function historySql(rows: string): string {
  const columns =
    'id, agent_id, command_id, package_type, package_name, version_from, version_to, status, message, created_at';
  return `
    INSERT INTO public.update_version_history (${columns}) SELECT ${columns} FROM ${rows}
    ON CONFLICT (id) DO NOTHING`;
}

/**
 * SQL for what was installed, or was tried to be, by events of `event` that meet a condition, and the history does not
 * tell yet: looked up one by one in its index, since a join might read the whole of it. Where the application has told
 * it itself, under an id of its own, that stands. An event may say of itself that it went back (`rollback`), why it
 * failed (`message`) and which command asked for it (`command_id`).
 */
export function untoldSql(condition: string): string {
  return `
    SELECT event.k, event.id, key.agent_id, (
             SELECT command.id FROM public.agent_commands AS command
             WHERE command.agent_id = key.agent_id AND command.id = CASE
               WHEN event.metadata ->> 'command_id' ~ '^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$'
               THEN (event.metadata ->> 'command_id')::uuid END) AS command_id,
           key.package_type, key.package_name, event.version_from, event.version_to,
           CASE WHEN event.event_type = 'failed' THEN 'failed'
                WHEN event.metadata ->> 'rollback' = 'true' THEN 'rollback' ELSE 'success' END AS status,
           event.metadata ->> 'message' AS message, event.created_at
    FROM event JOIN key USING (k)
    WHERE ${condition} AND event.event_type IN ('updated', 'failed') AND (
      SELECT true FROM public.update_version_history AS told
      WHERE told.agent_id = key.agent_id AND told.package_type = key.package_type
        AND told.package_name = key.package_name AND told.created_at = event.created_at
        AND told.version_to = event.version_to AND (told.status = 'failed') = (event.event_type = 'failed')
        AND (told.id = event.id
          OR NOT EXISTS (SELECT FROM public.update_events AS other WHERE other.id = told.id))
      LIMIT 1) IS NULL`;
}
