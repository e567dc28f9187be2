#include "admin/forget.h"

#include "admin/erase.h"
#include "attendd/gallery.h"
#include "store/finger.h"

enum att_err
forget_count(struct dialogue *d, const struct store_employee *e, uint64_t *n)
{
	return store_finger_count(d->store, e->id, STORE_FINGERS_ALL, n);
}

enum verb_status
forget_end(struct dialogue *d, const struct store_employee *e, uint64_t before)
{
	uint64_t left = 0;
	enum att_err err = forget_count(d, e, &left);

	if (err != ATT_OK)
		return answer_trouble(d, err, "counting fingers");
	if (left < before) {
		gallery_forget(d);
		dialogue_out(d,
		    _("What was kept of enrolled fingers is destroyed: %u of "
		      "them."),
		    (unsigned)(before - left));
		dialogue_out(d, "\n");
	}
	return erase_tidy(d);
}
