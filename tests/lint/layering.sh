#!/bin/sh
# Includes point one way. A row: folder, then the layers it may include.
set -eu
cd "$(dirname "$0")/../.."
status=0
while read -r folder allowed; do
	[ -n "$folder" ] && [ -d "$folder" ] || continue
	pattern=$(echo "$allowed" | sed 's/ /\\|/g')
	bad=$(grep -rn --include='*.[ch]' '^#include "' "$folder" |
	    grep -v "#include \"\\($pattern\\)/" |
	    grep -v "#include \"[a-z_]*\\.h\"" || true)
	if [ -n "$bad" ]; then
		echo "$folder may include only: $allowed"
		echo "$bad"
		status=1
	fi
done <<'ROWS'
common/base base
common/wire base wire
common/directory base directory
common/gate base gate
common/bio base bio
common/daemon base daemon
common/sensor base bio wire sensor
common/vault base vault
common/audit base vault audit
common/store base gate vault audit store
common/attendd base wire bio sensor daemon directory gate vault audit store attendd admin
common/admin base wire bio sensor directory gate vault audit store attendd admin
common/attend-sensor base bio wire daemon sensor attend-sensor
common/attend-verify base vault audit
common/attendctl base wire directory admin attendctl
common/attend-receipt base vault store
pam_module base wire directory pam_module
nss_module base directory nss_module
ROWS
# what is loaded into other people's processes links nothing of ours but these
if grep -rln --include='*.[ch]' '<sqlite3.h>' common | grep -v '^common/store/'; then
	echo "sqlite3.h belongs into common/store only"
	status=1
fi
if grep -rln --include='*.[ch]' '<sodium.h>' common |
    grep -v '^common/\(vault\|audit\)/'; then
	echo "sodium.h belongs into common/vault and common/audit only"
	status=1
fi
exit $status
