#!/usr/bin/env bash
# Builds the image without an engine and without a network, and tries it: as another user than root, its file system
# left alone, signals as the first process of the container.
#
#   scripts/check-image.sh [BASE_IMAGE]
#
# BASE_IMAGE is what the Dockerfile builds on, in any form that buildah takes: docker.io/library/node:22-bookworm-slim,
# oci:/path, docker-archive:/path. Without one, a base is put together from this machine's Node and its libraries.
# Packages come from npm's cache on this machine, so `npm ci` has to have run here before.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! command -v buildah >/dev/null 2>&1; then
  echo 'check-image: buildah is not installed, so the image is not checked (Debian: apt-get install buildah)'
  exit 0
fi

export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
work="$(mktemp -d)"
# Images and containers in a place of their own, gone at the end.
engine() { buildah --root "$work/storage" --runroot "$work/runroot" "$@"; }
runner=''
worker=''
cleanup() {
  [ -z "$worker" ] || kill "$worker" 2>/dev/null || true
  engine rm --all >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap cleanup EXIT

# A base of this machine's own: Node, npm, a shell, and the libraries that they load.
host_base() {
  local container mount node npm
  node="$(readlink -f "$(command -v node)")"
  npm="$(readlink -f "$(command -v npm)")"
  container="$(engine from scratch)"
  mount="$(engine mount "$container")"
  mkdir -p "$mount"/{usr/bin,usr/lib,etc,tmp,root,proc,dev,sys,home/node}
  chmod 1777 "$mount/tmp"
  ln -s usr/bin "$mount/bin" && ln -s usr/lib "$mount/lib" && ln -s usr/lib64 "$mount/lib64" && mkdir "$mount/usr/lib64"
  cp "$node" "$mount/usr/bin/node"
  cp -r "$(dirname "$(dirname "$npm")")" "$mount/usr/lib/npm"
  ln -s "../lib/npm/bin/$(basename "$npm")" "$mount/usr/bin/npm"
  for tool in sh env uname dirname readlink sed cat; do cp -L "$(command -v "$tool")" "$mount/usr/bin/"; done
  for binary in "$mount"/usr/bin/*; do
    ldd "$binary" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
      mkdir -p "$mount$(dirname "$library")" && cp -nL "$library" "$mount$library"
    done
  done
  printf 'root:x:0:0::/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\n' >"$mount/etc/passwd"
  printf 'root:x:0:\nnode:x:1000:\n' >"$mount/etc/group"
  chown 1000:1000 "$mount/home/node"
  engine config --env PATH=/usr/bin:/bin "$container"
  engine commit -q "$container" pgsteward-check-base >/dev/null
  echo localhost/pgsteward-check-base
}

base="${1:-}"
if [ -z "$base" ]; then
  echo 'check-image: putting a base together from this machine'
  base="$(host_base)"
fi

echo "check-image: building on $base without a network"
cp -r "$(npm config get cache 2>/dev/null)" "$work/npm-cache"
engine bud -q --format docker --network none --build-arg NODE_IMAGE="$base" --volume "$work/npm-cache:/npm-cache" \
  --build-arg NPM_FLAGS='--offline --cache /npm-cache' --tag pgsteward-check . >/dev/null

image="$(engine from pgsteward-check)"
mount="$(engine mount "$image")"

fail() { echo "check-image: $1" >&2; exit 1; }
[ "$(engine inspect --format '{{.OCIv1.Config.User}}' "$image")" = 1000:1000 ] || fail 'the image runs as root'
engine inspect --format '{{.OCIv1.Config.Entrypoint}}' "$image" | grep -q '^\[node ' || fail 'a shell stands before the program'
engine inspect --format '{{.Docker.Config.Healthcheck}}' "$image" | grep -q healthz || fail 'the image has no health check'
[ ! -e "$mount/app/node_modules/typescript" ] || fail 'the image has the packages of development'
engine run "$image" -- node /app/dist/cli.js --version || fail 'the program does not start'

echo 'check-image: starting a worker whose database is away, as user 1000'
touch "$work/before" && sleep 1
engine run --env DATABASE_URL=postgres://nobody@127.0.0.1:1/none --env PGSTEWARD_HTTP_LISTEN=127.0.0.1:19187 "$image" \
  -- node /app/dist/cli.js worker 2>"$work/log" &
runner=$!
for _ in $(seq 50); do
  node -e "fetch('http://127.0.0.1:19187/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))" && break
  kill -0 "$runner" 2>/dev/null || { cat "$work/log" >&2; fail 'the worker ended'; }
  sleep 0.2
done
ready="$(node -e "fetch('http://127.0.0.1:19187/readyz').then((answer) => console.log(answer.status))")"
[ "$ready" = 503 ] || fail "readyz answers $ready while the database is away"
worker="$(grep -o '"pid":[0-9]*' "$work/log" | head -1 | cut -d: -f2 || true)"
[ -n "$worker" ] || worker="$(pgrep -n -u 1000 -f 'dist/cli.js worker' || true)"
[ -n "$worker" ] || fail 'the worker does not run as user 1000'
kill -TERM "$worker"
wait "$runner" || fail "the worker did not end well on SIGTERM: $?"
changed="$(find "$mount" -newer "$work/before" -type f -not -path "$mount/tmp/*" -not -path "$mount/etc/*" -not -path "$mount/run/*" | head -3)"
[ -z "$changed" ] || fail "the worker wrote to its file system: $changed"
echo 'check-image: the image is as it should be'
