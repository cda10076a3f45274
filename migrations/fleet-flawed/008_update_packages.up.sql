CREATE TABLE update_packages (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    package_type text NOT NULL,
    package_name text NOT NULL,
    description  text,
    created_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (package_type, package_name)
);
