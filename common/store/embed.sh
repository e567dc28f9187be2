#!/bin/sh
# Turn numbered SQL files into one C file that defines store_schemas: bytes,
# because compilers limit the length of a string literal. Comments and blanks
# around lines stay behind: SQLite keeps the text of each table and reads it
# again whenever the store is opened. (So no "--" inside a string, please.)
#
#	sh embed.sh 001_x.sql 002_y.sql ... > sql.c
set -eu

printf '/* Made by embed.sh from the numbered files; not for editing. */\n'
printf '#include "store/schema.h"\n\n'

n=0
for file in "$@"; do
	n=$((n + 1))
	name=${file##*/}
	case $name in
	"$(printf '%03d' "$n")"_*.sql) ;;
	*)
		echo "embed.sh: $file: number $n is missing" >&2
		exit 1
		;;
	esac
	printf 'static const char schema_%d[] = {\n' "$n"
	sed 's/--.*//; s/[[:blank:]]*$//; s/^[[:blank:]]*//; /^$/d' "$file" |
		LC_ALL=C od -An -v -tx1 |
		sed 's/ *\([0-9a-f][0-9a-f]\)/0x\1,/g; s/^/	/'
	printf '	0x00,\n};\n\n'
done

printf 'const struct store_schema store_schemas[] = {\n'
n=0
for file in "$@"; do
	n=$((n + 1))
	printf '	{ "%s", schema_%d },\n' "${file##*/}" "$n"
done
printf '};\n\nconst size_t store_schemas_count = %d;\n' "$n"
