#include "answer.h"

#include "base/name.h"

#include <errno.h>
#include <string.h>

static enum nss_status
say(enum nss_status status, int error, int *errnop)
{
	*errnop = error;
	return status;
}

enum nss_status
answer(enum att_err e, int *errnop)
{
	if (e == ATT_OK)
		return NSS_STATUS_SUCCESS;
	if (e == ATT_ABSENT)
		return say(NSS_STATUS_NOTFOUND, ENOENT, errnop);
	if (e == ATT_LIMIT)
		return say(NSS_STATUS_TRYAGAIN, ERANGE, errnop);
	if (e == ATT_NOMEM)
		return say(NSS_STATUS_TRYAGAIN, EAGAIN, errnop);
	return say(NSS_STATUS_UNAVAIL, ENOENT, errnop);
}

enum nss_status
answer_no_view(enum att_err e, int *errnop)
{
	if (e == ATT_NOMEM)
		return say(NSS_STATUS_TRYAGAIN, EAGAIN, errnop);
	return say(NSS_STATUS_UNAVAIL, ENOENT, errnop);
}

enum nss_status
answer_no_view_id(enum att_err e, uint32_t id, int *errnop)
{
	if (id < ATT_UID_MIN_DEFAULT || id > ATT_UID_MAX_DEFAULT)
		return answer(ATT_ABSENT, errnop);
	return answer_no_view(e, errnop);
}

char *
answer_put(char **at, struct att_slice s)
{
	char *put = *at;

	memcpy(put, s.at, s.len);
	put[s.len] = '\0';
	*at = put + s.len + 1;
	return put;
}
