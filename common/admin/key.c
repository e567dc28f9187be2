#include "admin/change.h"
#include "admin/erase.h"
#include "admin/nouns.h"

enum verb_status
key_rotate(struct dialogue *d, const struct verb_call *call)
{
	struct change c ADMIN_AUTO_CHANGE = { 0 };
	uint64_t n = 0;
	enum verb_status status = change_begin(&c, d);
	enum att_err e;

	(void)call; /* takes no options */
	if (status != VERB_DONE)
		return status;
	e = store_key_rotate(d->store, &c.by, &n);
	if (e == ATT_REFUSED) {
		change_drop(&c);
		return answer_fail(d, VERB_REFUSED,
		    "the site key is a credential of the service manager, "
		    "which attendd cannot write; take LoadCredentialEncrypted "
		    "out of attendd.service, put the key back as a file, and "
		    "rotate then");
	}
	status = change_end(&c, e, "replacing the site key");
	if (status != VERB_DONE)
		return status;
	status = erase_tidy(d);
	if (status != VERB_DONE)
		return status;
	dialogue_out(d,
	    "the site key is replaced, %llu people's keys with it\n"
	    "next: keep a copy of the new key apart from the store's, and "
	    "make a backup: older ones open with the old key only\n",
	    (unsigned long long)n);
	return VERB_DONE;
}
