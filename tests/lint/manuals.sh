#!/bin/sh
# Every manual page is there and mandoc finds nothing to say about it.
set -eu
status=0
for page; do
	mandoc -T lint -W warning "$page" || { echo "$page"; status=1; }
done
exit $status
