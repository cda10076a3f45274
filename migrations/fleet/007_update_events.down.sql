DROP TABLE IF EXISTS update_batches;
DROP TABLE IF EXISTS update_events;
DROP FUNCTION IF EXISTS refuse_event_change();
