#!/bin/sh
# .clang-format decides about the lines that a change adds.
set -eu
base=${1:-}
if [ -z "$base" ]; then
	base=$(git rev-parse -q --verify HEAD~1) ||
	    base=$(git hash-object -t tree /dev/null)
fi
status=0
files=$(git diff --name-only --diff-filter=d "$base" -- '*.c' '*.h')
for f in $files; do
	ranges=$(git diff -U0 "$base" -- "$f" | sed -n \
	    's/^@@ [^+]*+\([0-9]*\)\(,\([0-9]*\)\)\{0,1\} @@.*/\1 \3/p' |
	    awk '$2 != "0" { n = $2 == "" ? 1 : $2
	        printf "--lines=%d:%d ", $1, $1 + n - 1 }')
	[ -n "$ranges" ] || continue
	if ! clang-format $ranges "$f" | diff -u "$f" - ; then
		echo "$f: run clang-format on the changed lines"
		status=1
	fi
done
exit $status
