import type { Session } from '../../postgres/session.js';
import { refuseTables, type TableNeeds } from '../events/refuse-table.js';

const NAMES = ['agent_id', 'package_type', 'package_name'];
const VERSIONS = ['version_from', 'version_to', 'created_at'];

/** What the fold does with each table, and the columns that it needs there. */
const FOLD_NEEDS: Readonly<Record<string, TableNeeds>> = {
  'public.update_events': {
    rights: ['SELECT'],
    isPlain: true,
    columns: ['id', ...NAMES, ...VERSIONS, 'severity', 'event_type', 'metadata'],
  },
  'public.current_package_state': {
    rights: ['SELECT', 'INSERT', 'UPDATE'],
    columns: [
      ...['id', ...NAMES, 'current_version', 'available_version', 'severity', 'status', 'approved_by', 'approved_at'],
      ...['last_discovered_at', 'last_updated_at'],
    ],
  },
  'public.update_version_history': {
    rights: ['SELECT', 'INSERT'],
    columns: ['id', 'command_id', ...NAMES, ...VERSIONS, 'status', 'message'],
  },
  'public.agent_commands': { rights: ['SELECT'], columns: ['id', 'agent_id'] },
  'public.update_batches': {
    rights: ['INSERT'],
    columns: ['agent_id', 'batch_size', 'processed_count', 'failed_count', 'status', 'error_details', 'completed_at'],
  },
};

/** Gives what keeps the fold from working in this database, in one sentence, or null. */
export async function refuseFold(session: Session): Promise<string | null> {
  const refusal = await refuseTables(session, FOLD_NEEDS);
  if (refusal !== null) return refusal;
  const unique = await session.query(
    `SELECT FROM pg_catalog.pg_index
     WHERE indrelid = 'public.current_package_state'::regclass AND indisunique AND indisvalid AND indpred IS NULL
       AND indnkeyatts = 3 AND ARRAY(
         SELECT attname::text FROM pg_catalog.pg_attribute WHERE attrelid = indrelid AND attnum = ANY (indkey) ORDER BY 1
       ) @> '{agent_id,package_name,package_type}'`,
  );
  if (unique.rowCount > 0) return null;
  return 'public.current_package_state has no unique key on (agent_id, package_type, package_name): create one, by which the fold finds a package';
}
