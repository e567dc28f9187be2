#!/bin/sh
# A unit that starts what was installed elsewhere starts nothing.
set -eu
cd "$(dirname "$0")/../.."
built=$(mktemp -d)
trap 'rm -rf "$built"' EXIT
status=0
elsewhere() {
	MAKEFLAGS='' make "B=$built" PREFIX=/opt/attend "$@"
}
rows=$(elsewhere -n install)
for u in $(cd packaging/systemd && ls); do
	elsewhere -s "$built/$u"
	for program in $(sed -n 's/^Exec[A-Za-z]*=[-@:+!]*\([^ ]*\).*/\1/p' \
	    "$built/$u"); do
		echo "$rows" | grep -q ":$program[ ;]" && continue
		echo "$u starts $program, which is not installed there"
		status=1
	done
done
exit $status
