DROP TABLE job_schedules;
DROP TABLE job_runs;
