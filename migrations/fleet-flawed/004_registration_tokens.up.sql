CREATE TABLE registration_tokens (
    id         uuid PRIMARY KEY DEFAULT uuid_generate_v4(),
    token      text NOT NULL UNIQUE,
    label      text,
    seats      integer NOT NULL DEFAULT 1 CHECK (seats > 0),
    used       integer NOT NULL DEFAULT 0 CHECK (used >= 0),
    revoked    boolean NOT NULL DEFAULT false,
    revoked_at timestamptz,
    expires_at timestamptz NOT NULL,
    created_by uuid REFERENCES users (id),
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT registration_tokens_seats_suffice CHECK (used <= seats),
    CONSTRAINT registration_tokens_revocation_dated CHECK (revoked = (revoked_at IS NOT NULL))
);
