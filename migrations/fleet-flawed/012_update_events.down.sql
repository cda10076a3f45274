DROP TABLE update_events;
