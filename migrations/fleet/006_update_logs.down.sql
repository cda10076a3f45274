DROP TABLE IF EXISTS update_logs;
DROP TABLE IF EXISTS update_packages;
