#!/bin/sh
# Every benchmark in turn; $1 is the build folder.
set -eu
built=$1
here=$(dirname "$0")
for b in directory publish store keep; do
	[ -x "$built/tests/bench/bench_$b" ] || continue
	echo "== $b"
	"$built/tests/bench/bench_$b"
done
echo "== keep, as commands"
ATT_BUILD=$built "$here/keep.py"
echo "== login"
ATT_BUILD=$built "$here/login.py"
if [ -x "$built/attend-sensor" ]; then
	echo "== login with a finger"
	ATT_BUILD=$built "$here/finger.py"
fi
