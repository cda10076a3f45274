DROP TABLE IF EXISTS update_version_history;
DROP TABLE IF EXISTS current_package_state;
