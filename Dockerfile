# The service and the command `identity`, on a PostgreSQL of yours (docs/operations.md#containers). The tag is the Node
# that pnpm-workspace.yaml pins, and that all tests ran on.
FROM node:26.10.0-slim AS build
WORKDIR /build
COPY . .
RUN node scripts/pnpm.mjs --filter-prod "@identity/server..." --filter-prod "@identity/cli..." install --frozen-lockfile
RUN node scripts/pnpm.mjs --filter-prod "@identity/server..." --filter-prod "@identity/cli..." run build
# What each needs to run and no more. Without optional dependencies: those are the embedded PostgreSQL.
RUN node scripts/pnpm.mjs --filter @identity/server deploy --prod --no-optional /app/server
RUN node scripts/pnpm.mjs --filter @identity/cli deploy --prod --no-optional /app/cli

FROM node:26.10.0-slim
# Owned by root, so that the service cannot change what it runs.
COPY --from=build /app /app
ENV NODE_ENV=production PATH=/app/cli/bin:$PATH HOST=0.0.0.0 PORT=8000
# A number, so that Kubernetes sees that it is not root. In the image of Node it is the user `node`.
USER 1000:1000
WORKDIR /app
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--min-semi-space-size=16", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "server/dist/main.js"]
