/* The fingerprint reader, as attend-sensor tells of it; it is not opened. */
#include "admin/doctor.h"

#include "base/owner.h"
#include "sensor/ask.h"
#include "store/finger.h"

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

static bool
names_finger(const struct gate_factors *f)
{
	for (uint8_t i = 0; i < f->n; i++)
		if ((f->any_of[i] & GATE_FINGER) != 0)
			return true;
	return false;
}

/* Whether any service of the configuration has a use for a finger. */
static bool
asks_for_fingers(const struct config *c)
{
	bool asks = names_finger(&c->factors);

	for (uint32_t i = 0; i < c->n_services; i++)
		asks = asks || names_finger(&c->services[i].factors);
	return asks;
}

static bool
count_finger(
    void *ctx, const uint8_t person[VAULT_ID_LEN], const struct store_finger *f)
{
	(void)person;
	(void)f;
	*(unsigned *)ctx += 1;
	return true;
}

void
doctor_fingers(struct doctor *doc)
{
	const bool asked = asks_for_fingers(doc->d->config);
	unsigned n = 0;

	if (doc->d->store == NULL)
		return; /* said already */
	if (store_finger_every(doc->d->store, count_finger, &n) != ATT_OK)
		doctor_say(doc, DOCTOR_ERROR, "fingers",
		    "see the store's own findings",
		    "enrolled fingers cannot be read: %s",
		    store_trouble(doc->d->store));
	else if (asked && n == 0)
		doctor_say(doc, DOCTOR_WARNING, "fingers",
		    "attendctl finger enrol NUMBER --finger right-index",
		    "factors in attend.conf name a finger, and nobody has "
		    "enrolled one");
	else if (!asked && n > 0)
		doctor_say(doc, DOCTOR_WARNING, "fingers",
		    "name it, as in factors = pin+finger, pin; or destroy "
		    "them: attendctl finger delete NUMBER",
		    "%u fingers are enrolled, and no factors in attend.conf "
		    "name one: they are kept for nothing",
		    n);
	else
		doctor_say(doc, DOCTOR_OK, "fingers", NULL,
		    "%u fingers are enrolled%s", n,
		    asked ? "" : ", and none is asked for");
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
	if (e == ATT_ABSENT && asks_for_fingers(doc->d->config)) {
		doctor_say(doc, DOCTOR_WARNING, "reader",
		    "systemctl enable --now attend-sensor.socket, or take "
		    "finger out of factors in attend.conf",
		    "there is no attend-sensor, and factors name a finger: "
		    "nobody can give one");
		return;
	}
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
