/*
 * Publish a directory of many people, whom no store knows, where the NSS
 * module looks for it: e1000 and on, with uids from 70100 and the group
 * dept-crowd in common.
 *
 *	crowd FILE PEOPLE
 */
#include "directory/publish.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void
need(enum att_err e, const char *what)
{
	if (e == ATT_OK)
		return;
	(void)fprintf(stderr, "crowd: %s: %s\n", what, att_err_text(e));
	exit(1);
}

int
main(int argc, char **argv)
{
	struct publish_options o = { .generation = 1,
		.made_utc = 1700000000,
		.id_min = 70000,
		.id_max = 2000000 };
	const uint32_t gids[] = { 70001 };
	struct publish *p = NULL;
	char name[32], home[64];

	if (argc != 3 || getentropy(o.key, sizeof(o.key)) != 0)
		return 2;
	need(publish_new(&p, &o), "new");
	need(publish_group(p, "kiosk", 70000), "group");
	need(publish_group(p, "dept-crowd", 70001), "group");
	for (unsigned i = 0; i < (unsigned)atoi(argv[2]); i++) {
		(void)snprintf(name, sizeof(name), "e%u", 1000 + i);
		(void)snprintf(home, sizeof(home), "/home/%s", name);
		need(publish_person(p, name, 70100 + i, 70000, name + 1, home,
			 "/bin/bash", gids, 1),
		    name);
	}
	need(publish_write(p, argv[1]), argv[1]);
	publish_free(p);
	return 0;
}
