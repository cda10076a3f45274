# The worker's image. NODE_IMAGE: any image of Node 20.19 or later on glibc that has npm and the user 1000.
ARG NODE_IMAGE=docker.io/library/node:22-bookworm-slim

FROM ${NODE_IMAGE} AS build
# For builds without a network: --offline --cache /npm-cache
ARG NPM_FLAGS=""
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund ${NPM_FLAGS}
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund ${NPM_FLAGS}

FROM ${NODE_IMAGE}
ENV NODE_ENV=production \
    PGSTEWARD_HTTP_LISTEN=0.0.0.0:9187 \
    PGSTEWARD_LOG_LEVEL=info
WORKDIR /app
COPY LICENSE NOTICE package.json ./
COPY migrations migrations
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
# By number, so that an orchestrator can tell that it is not root.
USER 1000:1000
EXPOSE 9187
HEALTHCHECK --interval=10s --timeout=3s --start-period=15s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PGSTEWARD_HTTP_LISTEN.split(':').pop()}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# No shell in between: signals reach the program, which drains and then ends.
ENTRYPOINT ["node", "/app/dist/cli.js"]
CMD ["worker"]
