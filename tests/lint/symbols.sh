#!/bin/sh
# What the modules export and need is part of their promise.
set -eu
built=$1
status=0

same() { # what, wanted, got
	[ "$2" = "$3" ] && return 0
	echo "$1"
	echo "  wanted: $(echo $2)"
	echo "  got:    $(echo $3)"
	status=1
}
exports() {
	nm -D --defined-only "$1" | awk '$2 != "A" { print $3 }' |
	    sed 's/@.*//' | sort
}
needs() {
	# the loader itself is part of libc
	readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p' |
	    grep -v '^ld-linux' | sort
}

same "pam_attend.so exports" "$(printf '%s\n' pam_sm_acct_mgmt \
    pam_sm_authenticate pam_sm_chauthtok pam_sm_close_session \
    pam_sm_open_session pam_sm_setcred)" "$(exports "$built/pam_attend.so")"
same "pam_attend.so needs" "$(printf '%s\n' libc.so.6 libpam.so.0)" \
    "$(needs "$built/pam_attend.so")"
same "libnss_attend.so.2 exports" "$(printf '%s\n' _nss_attend_endgrent \
    _nss_attend_endpwent _nss_attend_getgrent_r _nss_attend_getgrgid_r \
    _nss_attend_getgrnam_r _nss_attend_getpwent_r _nss_attend_getpwnam_r \
    _nss_attend_getpwuid_r _nss_attend_initgroups_dyn _nss_attend_setgrent \
    _nss_attend_setpwent)" "$(exports "$built/libnss_attend.so.2")"
same "libnss_attend.so.2 needs" "libc.so.6" \
    "$(needs "$built/libnss_attend.so.2")"
# It runs in every program: no environment, threads, locks, log or descriptors
# that stay, and memory only for the array that glibc asks it to grow.
unwanted=$(nm -D --undefined-only "$built/libnss_attend.so.2" |
    awk '{ print $NF }' | sed 's/@.*//' | grep -xE \
    '(secure_)?getenv|[mc]alloc|realloc|free|fopen.*|f?printf|v?syslog|pthread_(create|mutex.*|rwlock.*|once)|socket|connect|sigaction|setlocale|dlopen|fork|exit' || true)
same "libnss_attend.so.2 calls what it must not" "" "$unwanted"
# Asking NSS from behind NSS would wait for itself.
for program in attendd attend-sensor; do
	[ -e "$built/$program" ] || continue
	same "$program asks NSS" "" "$(nm -D --undefined-only \
	    "$built/$program" | awk '{ print $NF }' | sed 's/@.*//' | grep -E \
	    '^(get(pw|gr|sp)|initgroups|(set|end)(pw|gr)ent)' || true)"
done
same "attendd needs" "$(printf '%s\n' libc.so.6 libsodium.so.23 \
    libsqlite3.so.0)" "$(needs "$built/attendd")"
same "attend-verify needs" "$(printf '%s\n' libc.so.6 libsodium.so.23)" \
    "$(needs "$built/attend-verify")"
same "attend-receipt needs" "$(printf '%s\n' libc.so.6 libsodium.so.23)" \
    "$(needs "$built/attend-receipt")"
same "attendctl needs" "libc.so.6" "$(needs "$built/attendctl")"
# all the library that reads fingers needs, and nothing that keeps anything
[ ! -e "$built/attend-sensor" ] ||
	same "attend-sensor needs" "$(printf '%s\n' libc.so.6 libfprint-2.so.2 \
	    libgio-2.0.so.0 libglib-2.0.so.0 libgobject-2.0.so.0)" \
	    "$(needs "$built/attend-sensor")"
exit $status
