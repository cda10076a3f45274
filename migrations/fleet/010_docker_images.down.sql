DROP TABLE IF EXISTS docker_images;
