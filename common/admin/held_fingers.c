/* The fingers somebody has enrolled: told, never shown. */
#include "admin/held.h"

#include "attendd/finger.h"

struct listing {
	struct table t;
};

static const struct table_column columns[] = {
	{ "finger", N_("FINGER") },
	{ "samples", N_("SAMPLES") },
	{ "driver", N_("READER") },
	{ "enrolled", N_("ENROLLED") },
};

static bool
list_finger(
    void *ctx, const uint8_t person[VAULT_ID_LEN], const struct store_finger *f)
{
	struct listing *l = ctx;

	(void)person; /* all are this person's */
	table_text(&l->t,
	    l->t.j != NULL ? finger_name(f->finger)
			   : _(finger_text(f->finger)));
	table_number(&l->t, f->samples);
	table_text(&l->t, f->driver);
	table_time(&l->t, f->enrolled_utc);
	return true;
}

enum att_err
held_report_fingers(
    struct report *r, const struct store_employee *e, const char *key)
{
	struct listing l = { 0 };
	enum att_err err;

	report_list(r, &l.t, key, key != NULL ? N_("Enrolled fingers") : NULL,
	    columns, sizeof(columns) / sizeof(columns[0]));
	err = store_finger_list(r->d->store, e->id, list_finger, &l);
	report_list_end(r, &l.t);
	return err;
}
