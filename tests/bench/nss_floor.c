/*
 * The floor: an NSS service that does nothing, so that what is left is what
 * glibc needs to ask a service at all. Names that begin with x are unknown.
 */
#include <errno.h>
#include <grp.h>
#include <nss.h>
#include <pwd.h>

#define EXPORT __attribute__((visibility("default")))

EXPORT enum nss_status _nss_floor_getpwnam_r(const char *name,
    struct passwd *out, char *buffer, size_t len, int *errnop);
EXPORT enum nss_status _nss_floor_getpwuid_r(
    uid_t uid, struct passwd *out, char *buffer, size_t len, int *errnop);
EXPORT enum nss_status _nss_floor_initgroups_dyn(const char *user, gid_t skip,
    long *start, long *size, gid_t **groups, long limit, int *errnop);

enum nss_status
_nss_floor_getpwnam_r(
    const char *name, struct passwd *out, char *buffer, size_t len, int *errnop)
{
	if (name[0] != 'x')
		return NSS_STATUS_SUCCESS;
	*errnop = ENOENT;
	return NSS_STATUS_NOTFOUND;
}

enum nss_status
_nss_floor_getpwuid_r(
    uid_t uid, struct passwd *out, char *buffer, size_t len, int *errnop)
{
	return NSS_STATUS_SUCCESS;
}

enum nss_status
_nss_floor_initgroups_dyn(const char *user, gid_t skip, long *start, long *size,
    gid_t **groups, long limit, int *errnop)
{
	return NSS_STATUS_SUCCESS;
}
