/*
 * Gives one person's enrolled finger to another too, which no command does:
 * two people whom a reader cannot tell apart. As the user that owns the store.
 *
 *	samefinger FROM TO	employee numbers
 */
#include "attendd/finger.h"
#include "attendd/paths.h"
#include "store/employee.h"

#include <stdio.h>
#include <stdlib.h>

static struct store *s;

static void
must(enum att_err e, const char *doing)
{
	if (e == ATT_OK)
		return;
	(void)fprintf(stderr, "samefinger: %s: %s: %s\n", doing,
	    att_err_text(e), store_trouble(s));
	exit(1);
}

int
main(int argc, char **argv)
{
	static uint8_t template[STORE_FINGER_MAX];
	STORE_AUTO_TX struct store_tx tx = { 0 };
	struct store_by by = { .actor = "root" };
	struct store_employee from, to;
	struct store_finger f;
	struct vault *v = NULL;
	size_t len = 0;

	if (argc != 3)
		return 2;
	must(att_now_read(&by.now), "clock");
	must(vault_open(&v, ATTENDD_SITE_KEY), "key");
	must(store_open(&s, ATTENDD_STORE, v), "store");
	must(store_employee_by_number(s, argv[1], &from), argv[1]);
	must(store_employee_by_number(s, argv[2], &to), argv[2]);
	must(store_finger_get(s, from.id, BIO_RIGHT_INDEX, &f, template,
		 sizeof(template), &len),
	    "finger");
	must(store_begin(s, &tx), "begin");
	must(store_finger_add(
		 s, &by, to.id, 18, &f, (struct att_slice){ template, len }),
	    "enrol");
	must(store_commit(&tx), "commit");
	store_close(s);
	vault_close(v);
	return 0;
}
