#include "admin/progress.h"

#include "base/clock.h"

#define SHOW_MS	 250 /* between two states of the line */
#define ALIVE_MS 10000 /* between two signs of life */
#define CLEAR	 "\r\033[K"

struct progress
progress_of(struct dialogue *d)
{
	return (struct progress){ .d = d, .told_ms = att_mono_ms() };
}

/* Output of no bytes: nothing is seen, but attendctl hears. */
static void
sign_of_life(struct dialogue *d)
{
	struct wire_msg msg = { .type = WIRE_OUTPUT,
		.output = { .stream = 2 } };

	if (d->io == ATT_OK)
		d->io = wire_send(&d->channel, &msg, NULL, 0, WIRE_CHECK_MS);
}

void
progress_tell(void *ctx, const char *doing, uint64_t done, uint64_t total)
{
	struct progress *p = ctx;
	bool tty = (p->d->request->flags & WIRE_F_ERR_TTY) != 0;
	int64_t now = att_mono_ms();

	/* another kind of work shows at once, it may be long */
	if (now - p->told_ms < (tty ? SHOW_MS : ALIVE_MS) &&
	    !(tty && p->doing != doing))
		return;
	p->told_ms = now;
	p->doing = doing;
	p->shown = tty;
	if (!tty)
		sign_of_life(p->d);
	else if (total > 0)
		dialogue_err(p->d, CLEAR "%s %u %%", doing,
		    (unsigned)(done * 100 / total));
	else
		dialogue_err(p->d, CLEAR "%s", doing);
}

void
progress_end(struct progress *p)
{
	if (p->shown)
		dialogue_err(p->d, CLEAR);
	p->shown = false;
}
