#!/bin/sh
# Install what building and testing need on Debian, if something is missing.
# Nothing is started; a machine that has everything is left alone.
#
#	tests/lab/setup.sh [build] [lint] [fuzz]	default: build

set -eu

build="gcc make pkg-config libc6-dev libsqlite3-dev libsodium-dev libpam0g-dev
	gettext python3 mandoc python3-gi gir1.2-fprint-2.0 libfprint-2-dev
	libglib2.0-dev"
lint="clang clang-format"
fuzz="clang llvm libclang-rt-14-dev"

wanted=
for set in "${@:-build}"; do
	case $set in
	build) wanted="$wanted $build" ;;
	lint) wanted="$wanted $lint" ;;
	fuzz) wanted="$wanted $fuzz" ;;
	*)
		echo "setup: no package set is called \"$set\"" >&2
		exit 2
		;;
	esac
done

missing=
for package in $wanted; do
	status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) || :
	case $status in
	*" installed") ;;
	*) missing="$missing $package" ;;
	esac
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
	echo "setup: must run as root to install:$missing" >&2
	exit 1
fi
echo "setup: installing$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update
# shellcheck disable=SC2086 # a list of words
apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install $missing
