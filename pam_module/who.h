/*
 * Whose name is it? Decided from files alone, before a prompt or a
 * connection, so that nobody but our own people ever waits for attendd.
 */
#ifndef ATT_PAM_MODULE_WHO_H
#define ATT_PAM_MODULE_WHO_H

#include <security/pam_modules.h>
#include <stdint.h>

enum who {
	/* root, local accounts, other directories' people, no name at all */
	WHO_OTHERS = 0,
	WHO_OURS, /* in the directory file */
	WHO_NOBODYS, /* a name that no source knows */
};

/*
 * user may be NULL. *uid is set for WHO_OURS, for log lines.
 *
 * While /etc/passwd cannot be read, a name is ours if the directory lists it,
 * which never lists a local one, and else local. While the directory is
 * missing or broken its people are still in others' hands, such as nscd's or
 * systemd-userdbd's: they are told by the uid range of attend.conf, and stay
 * ours.
 */
enum who who_is(pam_handle_t *pamh, const char *user, uint32_t *uid);

#endif
