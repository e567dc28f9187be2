/* The fingerprint reader, as attend-sensor tells of it; it is not opened. */
#include "admin/doctor.h"

#include "base/owner.h"
#include "sensor/ask.h"

#define CONNECT_MS 1000

static void
say_state(struct doctor *doc, const struct sensor_state *st)
{
	if (st->test)
		doctor_say(doc, DOCTOR_ERROR, "reader-test",
		    "take test-readers = yes out of /etc/attend/sensor.conf "
		    "and restart attend-sensor",
		    "test readers are allowed: whoever can reach one can be "
		    "anybody");
	if (st->reason == SENSOR_FINE)
		doctor_say(doc, DOCTOR_OK, "reader", NULL,
		    "the fingerprint reader is there: %s (%s)", st->name,
		    st->driver);
	else if (st->reason == SENSOR_HOT)
		doctor_say(doc, DOCTOR_WARNING, "reader",
		    "wait; if it happens often, look who keeps it waiting for "
		    "fingers",
		    "the fingerprint reader is too warm for another %u s",
		    (unsigned)st->retry_ms / 1000);
	else
		doctor_say(doc, DOCTOR_WARNING, "reader",
		    "see attend-sensor(8); until then staff log in without it",
		    "%s", sensor_reason_text(st->reason));
}

void
doctor_reader(struct doctor *doc)
{
	ATT_AUTO_FD int fd = -1;
	struct sensor_state st;
	enum att_err e;

	if (doc->root[0] != '\0')
		return; /* only this machine has a reader */
	e = sensor_connect(CONNECT_MS, &fd);
	if (e == ATT_ABSENT) {
		doctor_say(doc, DOCTOR_OK, "reader", NULL,
		    "there is no attend-sensor: staff log in without fingers");
		return;
	}
	if (e == ATT_OK)
		e = sensor_state_read(fd, WIRE_CHECK_MS, &st);
	if (e == ATT_OK)
		say_state(doc, &st);
	else
		doctor_say(doc, DOCTOR_WARNING, "reader",
		    "look into the log of attend-sensor; staff log in without "
		    "fingers",
		    "attend-sensor does not answer: %s", att_err_text(e));
}
