#!/bin/sh
# Bring the message catalogues up to date with the sources.
#
#   packaging/po/update.sh           writes attend.pot, merges it into *.po
#   packaging/po/update.sh --check   changes nothing; fails if it would have to
#
# Messages are marked with _() and N_(). Places are files without line
# numbers, and no file holds a date, so that a catalogue changes only when a
# message does.
set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

extract() {
	find common pam_module nss_module -name '*.[ch]' | sort |
	xgettext --files-from=- --from-code=UTF-8 --language=C \
	    --keyword --keyword=_ --keyword=N_ \
	    --add-location=file --sort-by-file --add-comments=TRANSLATORS \
	    --package-name=attend --copyright-holder='the authors of attend' \
	    --output="$work/raw.pot"
	sed -e '/^"POT-Creation-Date:/d' \
	    -e '1,/^msgid/{/^# SOME DESCRIPTIVE TITLE/d
		/^# FIRST AUTHOR/d
		/^# Copyright/d
		/^#$/d
		s/^# This file is distributed.*/# Messages of attend/}' \
	    "$work/raw.pot" >"$work/attend.pot"
}

merge() {
	msgmerge --quiet --add-location=file --sort-by-file --no-fuzzy-matching \
	    --output-file="$work/merged" "$1" "$work/attend.pot"
	msgattrib --no-obsolete --add-location=file --sort-by-file \
	    --output-file="$2" "$work/merged"
}

# Take the new file, or with --check only compare.
settle() {
	cmp -s "$1" "$2" && return
	if [ -n "$check" ]; then
		echo "$2 is out of date: run packaging/po/update.sh" >&2
		status=1
		return
	fi
	cp "$1" "$2"
}

case ${1-} in
'') check= ;;
--check) check=yes ;;
*)
	echo "usage: packaging/po/update.sh [--check]" >&2
	exit 2
	;;
esac

status=0
extract
settle "$work/attend.pot" packaging/po/attend.pot
for po in packaging/po/*.po; do
	merge "$po" "$work/new.po"
	settle "$work/new.po" "$po"
	msgfmt --check --output-file=/dev/null "$po"
done
exit $status
