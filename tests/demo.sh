#!/bin/bash
# make demo: a throwaway kiosk, five people and a stranger at its login. On a
# terminal it ends with a login prompt for whoever runs it. Nothing of it is
# left on the machine. Needs root; LANG=zh_CN.UTF-8 for Chinese.

set -eu

cd "$(dirname "$0")/.."
if [ "$(id -u)" -ne 0 ]; then
	echo "demo: must run as root: a kiosk needs namespaces and accounts" >&2
	exit 1
fi
case "${LC_ALL:-${LC_MESSAGES:-${LANG:-}}}" in
zh*) export ATT_DEMO_LANGUAGE=zh_CN ;;
*) export ATT_DEMO_LANGUAGE=en ;;
esac
exec tests/lab/kiosk run -- python3 -B "$PWD/tests/lab/demo.py"
