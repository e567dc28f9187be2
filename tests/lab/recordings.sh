#!/bin/sh
# Fetch recordings of real readers' USB traffic, once, into build/lab/: they
# are in Debian's libfprint-2-tests, which is younger than Debian 12. Nothing
# is installed, and this machine's apt is not touched. Without a network, or
# elsewhere than on Debian, there are none, and the story of them is skipped.

set -eu
lab=$(dirname "$0")/../../build/lab
mkdir -p "$lab"
lab=$(cd "$lab" && pwd)
ring=/usr/share/keyrings/debian-archive-keyring.gpg
suite=trixie
# from where this machine takes its packages
site=$(apt-get indextargets --format '$(SITE) $(RELEASE)' 2>/dev/null |
    sed -n 's/ bookworm$//p' | head -n 1)

[ ! -d "$lab/recordings" ] || exit 0
[ -n "$site" ] || exit 0
for tool in apt-get dpkg-deb; do
	command -v $tool >/dev/null || exit 0
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
cat >"$work/only.sources" <<EOF
Types: deb
URIs: $site
Suites: $suite
Components: main
Signed-By: $ring
EOF

apt() {
	apt-get -qq -o Dir::Etc::sourcelist="$work/only.sources" \
	    -o Dir::Etc::sourceparts=/nonexistent \
	    -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" \
	    -o APT::Sandbox::User=root -o Acquire::Retries=1 \
	    -o Acquire::http::Timeout=15 "$@"
}

if ! { apt update && cd "$work" && apt download libfprint-2-tests &&
    dpkg-deb -x libfprint-2-tests_*.deb "$work/root"; } >/dev/null 2>&1; then
	echo "recordings: none could be fetched: their story will be skipped" >&2
	exit 0
fi
mv "$work/root/usr/share/installed-tests/libfprint-2" "$lab/recordings"
