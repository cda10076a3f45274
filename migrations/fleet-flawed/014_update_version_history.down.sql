DROP TABLE update_version_history;
