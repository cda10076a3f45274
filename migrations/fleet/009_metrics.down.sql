DROP TABLE IF EXISTS storage_metrics;
DROP TABLE IF EXISTS metrics;
