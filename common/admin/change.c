#include "admin/change.h"

#include "admin/answer.h"
#include "directory/directory.h"

#include <stdio.h>
#include <unistd.h>

enum verb_status
change_begin(struct change *c, struct dialogue *d)
{
	struct store_site site;
	enum att_err e = store_begin(d->store, &c->tx);

	c->d = d;
	c->by = dialogue_by(d);
	if (e == ATT_OK)
		e = store_site_get(d->store, &site);
	if (e != ATT_OK) {
		change_drop(c);
		return answer_trouble(d, e, "writing to the store");
	}
	c->generation = site.directory_generation;
	return VERB_DONE;
}

uint64_t
change_published(const struct dialogue *d)
{
	struct directory dir = { 0 };
	uint64_t generation = 0;

	if (directory_open(&dir, dialogue_directory(d), geteuid(), true) ==
	    ATT_OK)
		generation = directory_generation(&dir);
	directory_close(&dir);
	return generation;
}

enum verb_status
change_publish(struct dialogue *d, struct publish_report *out)
{
	enum att_err e = publish_store(
	    d->store, d->config, dialogue_directory(d), d->now.utc, out);

	if (e == ATT_OK)
		return VERB_DONE;
	return answer_fail(d, VERB_FAILED,
	    "the directory was not published: %s; the old one stays, run "
	    "attendctl doctor and then attendctl publish",
	    att_err_text(e));
}

static enum verb_status
publish_change(struct change *c)
{
	struct publish_report report = { 0 };
	struct store_site site;
	enum verb_status status;

	if (store_site_get(c->d->store, &site) == ATT_OK &&
	    site.directory_generation == c->generation)
		return VERB_DONE;
	status = change_publish(c->d, &report);
	if (status != VERB_DONE) {
		dialogue_err(c->d, "attendctl: the change itself is stored\n");
		return status;
	}
	if (report.left_out > 0)
		dialogue_err(c->d,
		    "attendctl: %u not published because a local account or "
		    "group has the name or id, the first is %s; see attendctl "
		    "doctor\n",
		    (unsigned)report.left_out, report.first_left_out);
	return VERB_DONE;
}

enum verb_status
change_end(struct change *c, enum att_err e, const char *doing)
{
	char detail[200];

	if (e == ATT_OK)
		e = store_commit(&c->tx);
	if (e == ATT_OK) {
		c->stored = true;
		return publish_change(c);
	}
	(void)snprintf(
	    detail, sizeof(detail), "%s", store_trouble(c->d->store));
	change_drop(c);
	return answer_detail(c->d, e, doing, detail);
}

void
change_drop(struct change *c)
{
	store_rollback(&c->tx);
}
