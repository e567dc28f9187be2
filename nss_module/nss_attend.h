/*
 * What glibc calls: passwd, group and initgroups from the published directory.
 * Reference: "Extending NSS" in the manual of the GNU C library.
 *
 *	found			SUCCESS, *errnop as it was
 *	not ours, not known	NOTFOUND, ENOENT
 *	buffer too small	TRYAGAIN, ERANGE, and ERANGE for nothing else
 *	no memory, descriptor	TRYAGAIN, EAGAIN
 *	no usable file, or the	UNAVAIL, ENOENT
 *	record is damaged
 *
 * A name outside our grammar and an id outside our range are NOTFOUND even
 * when there is no file: the range is the file's, or the default one without.
 * Answers are copies in the caller's buffer, every field filled. Enumeration
 * answers only when the file allows it; it stays with the file it began with,
 * and neither lookups by key nor ERANGE move it.
 */
#ifndef ATT_NSS_NSS_ATTEND_H
#define ATT_NSS_NSS_ATTEND_H

#include <grp.h>
#include <nss.h>
#include <pwd.h>
#include <stddef.h>

#define NSS_EXPORT __attribute__((visibility("default")))
/* What programs ask most: everything on the way is inlined, but for what is
 * NSS_SELDOM. */
#define NSS_OFTEN  __attribute__((visibility("default"), flatten))
#define NSS_SELDOM __attribute__((noinline, cold))

NSS_OFTEN enum nss_status _nss_attend_getpwnam_r(const char *name,
    struct passwd *out, char *buffer, size_t len, int *errnop);
NSS_OFTEN enum nss_status _nss_attend_getpwuid_r(
    uid_t uid, struct passwd *out, char *buffer, size_t len, int *errnop);
NSS_EXPORT enum nss_status _nss_attend_setpwent(int stayopen);
NSS_EXPORT enum nss_status _nss_attend_getpwent_r(
    struct passwd *out, char *buffer, size_t len, int *errnop);
NSS_EXPORT enum nss_status _nss_attend_endpwent(void);

NSS_EXPORT enum nss_status _nss_attend_getgrnam_r(
    const char *name, struct group *out, char *buffer, size_t len, int *errnop);
NSS_EXPORT enum nss_status _nss_attend_getgrgid_r(
    gid_t gid, struct group *out, char *buffer, size_t len, int *errnop);
NSS_EXPORT enum nss_status _nss_attend_setgrent(int stayopen);
NSS_EXPORT enum nss_status _nss_attend_getgrent_r(
    struct group *out, char *buffer, size_t len, int *errnop);
NSS_EXPORT enum nss_status _nss_attend_endgrent(void);

/*
 * Append the supplementary groups of a user to (*groups)[0 .. *start), but
 * for skip; the array has room for *size and grows by realloc, up to limit if
 * that is positive. At the limit the rest is left out, with SUCCESS.
 */
NSS_OFTEN enum nss_status
_nss_attend_initgroups_dyn(const char *user, gid_t skip, long *start,
    long *size, gid_t **groups, long limit, int *errnop);

#endif
