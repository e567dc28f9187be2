/*
 * Asks for fingers as attendd does, for stories:
 *
 *	askfinger connect|start WAIT_MS COUNT
 *
 * One line for each notice and each end. start: as root, no socket needed.
 */
#include "sensor/ask.h"
#include "sensor/start.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
on_notice(void *ctx, enum sensor_notice what)
{
	(void)printf("notice %s\n", sensor_notice_text(what));
	(void)fflush(stdout);
}

static void
capture(int fd, uint32_t wait_ms)
{
	const struct sensor_wait w = {
		.wait_ms = wait_ms, .until = -1, .notice = on_notice
	};
	static struct bio_template t;
	struct sensor_no no;
	enum att_err e = sensor_capture(fd, &w, &t, &no);

	if (e == ATT_OK)
		(void)printf("sample %s %u x %u, %u minutiae, quality %u\n",
		    t.driver, t.sample[0].width, t.sample[0].height,
		    t.sample[0].n, t.sample[0].quality);
	else if (e == ATT_REFUSED)
		(void)printf("no %s: %s\n", sensor_reason_word(no.reason),
		    sensor_reason_text(no.reason));
	else
		(void)printf("error %s\n", att_err_text(e));
	(void)fflush(stdout);
}

int
main(int argc, char **argv)
{
	int fd = -1;
	enum att_err e;

	if (argc != 4)
		return 2;
	e = strcmp(argv[1], "start") == 0 ? sensor_start(&fd)
					  : sensor_connect(1000, &fd);
	if (e != ATT_OK) {
		(void)printf("error %s\n", att_err_text(e));
		return 1;
	}
	for (int i = atoi(argv[3]); i > 0; i--)
		capture(fd, (uint32_t)atoi(argv[2]));
	return 0;
}
