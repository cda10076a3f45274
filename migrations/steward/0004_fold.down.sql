DROP TABLE fold_rejections;
DROP TABLE fold_recent;
DROP TABLE fold_progress;
