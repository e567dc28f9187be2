/* People of a site who may give a finger, and touches of invented ones. */
#ifndef ATT_TESTS_ADMIN_FINGER_H
#define ATT_TESTS_ADMIN_FINGER_H

#include "admin_site.h"
#include "sensor_stage.h"

/* Five touches of one finger, as an enrolment takes them. */
#define FIVE(f)                                         \
	{                                               \
		{ .finger = (f), .impression = 1 },     \
		    { .finger = (f), .impression = 2 }, \
		    { .finger = (f), .impression = 3 }, \
		    { .finger = (f), .impression = 4 }, \
		{                                       \
			.finger = (f), .impression = 5  \
		}                                       \
	}

/* Run with these touches at the reader; *asked: how many were asked for. */
enum verb_status touch_and_run(struct site *s, struct sensor_stage *st,
    const struct stage_touch *touches, unsigned n, const char *const *words);

/* Consent to her finger, by root. */
bool may_finger(struct site *s, const char *number);
/* 1042 and 1043, adults who agree to everything. */
bool site_fingers(struct site *s);
/* How many somebody has enrolled; 99: it cannot be told. */
uint64_t fingers_of(struct site *s, const char *number);
/* How many records of an event there are. */
unsigned audit_events(struct site *s, const char *event);

#endif
