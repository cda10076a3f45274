DROP TABLE docker_images;
