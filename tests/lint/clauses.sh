#!/bin/sh
# Every clause of the policy stands in README's table, and each story that a
# row links to names the clause.
set -eu
status=0
for n in $(seq 1 24); do
	row=$(grep "^| P$n |" README.md) || {
		echo "README.md: no row for P$n"
		status=1
		continue
	}
	for f in $(echo "$row" | grep -o '(tests/[^)]*)' | tr -d '()'); do
		grep -q "P$n\b" "$f" || {
			echo "$f: linked from P$n, and does not name it"
			status=1
		}
	done
done
exit $status
