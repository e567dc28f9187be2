/*
 * Time as a parameter, so that decisions are pure and a test can be on a
 * birthday at midnight. Wall time may jump; boot time only ever counts up
 * (suspend included) and is comparable only within one boot.
 */
#ifndef ATT_BASE_CLOCK_H
#define ATT_BASE_CLOCK_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define ATT_BOOT_ID_LEN 16

struct att_now {
	int64_t utc; /* seconds since 1970 */
	int64_t boot; /* seconds since this boot, CLOCK_BOOTTIME */
	uint8_t boot_id[ATT_BOOT_ID_LEN];
};

/* The kernel's clocks. ATT_IO if /proc/sys/kernel/random/boot_id is unread. */
enum att_err att_now_read(struct att_now *out) ATT_CHECKED;

/* Milliseconds on CLOCK_MONOTONIC, for deadlines within one process. */
int64_t att_mono_ms(void);

/* A calendar date, Gregorian; year 0 means unknown. */
struct att_date {
	int16_t year;
	uint8_t month; /* 1-12 */
	uint8_t day; /* 1-31 */
};

bool att_date_known(struct att_date d);

/* Whether the calendar has the day, in a year that att_date_parse accepts. */
bool att_date_valid(struct att_date d);

/* -1, 0 or 1, as a is before, equal to or after b. */
int att_date_cmp(struct att_date a, struct att_date b);

/* The date at utc in the process's time zone. */
struct att_date att_date_at(int64_t utc);

/*
 * Whole years of age on a date; somebody born on 29 February gets older on
 * 1 March in common years. Negative before birth.
 */
int att_age_on(struct att_date born, struct att_date on);

/* The date of the n-th birthday, by the same rule. */
struct att_date att_birthday(struct att_date born, int years);

/* "YYYY-MM-DD", checked against the calendar, years 1900-2200. */
enum att_err att_date_parse(const char *text, struct att_date *out) ATT_CHECKED;

#define ATT_DATE_TEXT 11
#define ATT_TIME_TEXT 26

/* "YYYY-MM-DD", or "-" when unknown. */
void att_date_format(struct att_date d, char out[ATT_DATE_TEXT]);

/* "YYYY-MM-DDTHH:MM:SS+HH:MM" in the process's time zone. */
void att_time_format(int64_t utc, char out[ATT_TIME_TEXT]);

#endif
