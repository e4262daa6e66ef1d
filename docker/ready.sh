#!/usr/bin/env bash
# Succeeds if the service is ready. The image has no curl, so bash speaks HTTP itself.
set -euo pipefail

exec 3<>"/dev/tcp/${QUARKUS_MANAGEMENT_HOST:-127.0.0.1}/${QUARKUS_MANAGEMENT_PORT:-9000}"
printf 'GET /q/health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
read -r _ status _ <&3
[[ $status == 200 ]]
