#include "base/clock.h"

#include "base/owner.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static int
hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static enum att_err
boot_id_read(uint8_t out[ATT_BOOT_ID_LEN])
{
	ATT_AUTO_FD int fd =
	    open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	char text[64];
	ssize_t n = fd >= 0 ? read(fd, text, sizeof(text)) : -1;
	size_t digits = 0;

	if (n < 0)
		return ATT_IO;
	memset(out, 0, ATT_BOOT_ID_LEN);
	for (ssize_t i = 0; i < n && digits < 2 * ATT_BOOT_ID_LEN; i++) {
		int v = hex_value(text[i]);

		if (v < 0)
			continue;
		out[digits / 2] = (uint8_t)(out[digits / 2] << 4 | v);
		digits++;
	}
	return digits == 2 * ATT_BOOT_ID_LEN ? ATT_OK : ATT_IO;
}

enum att_err
att_now_read(struct att_now *out)
{
	struct att_now now = { 0 };
	struct timespec ts;
	enum att_err e = boot_id_read(now.boot_id);

	if (e != ATT_OK)
		return e;
	if (clock_gettime(CLOCK_REALTIME, &ts) != 0)
		return ATT_IO;
	now.utc = ts.tv_sec;
	if (clock_gettime(CLOCK_BOOTTIME, &ts) != 0)
		return ATT_IO;
	now.boot = ts.tv_sec;
	*out = now;
	return ATT_OK;
}

int64_t
att_mono_ms(void)
{
	struct timespec ts = { 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &ts); /* cannot fail on Linux */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

bool
att_date_known(struct att_date d)
{
	return d.year != 0;
}

int
att_date_cmp(struct att_date a, struct att_date b)
{
	int32_t x = a.year * 10000 + a.month * 100 + a.day;
	int32_t y = b.year * 10000 + b.month * 100 + b.day;

	return (x > y) - (x < y);
}

struct att_date
att_date_at(int64_t utc)
{
	time_t t = (time_t)utc;
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		return (struct att_date){ 0 };
	return (struct att_date){ .year = (int16_t)(tm.tm_year + 1900),
		.month = (uint8_t)(tm.tm_mon + 1),
		.day = (uint8_t)tm.tm_mday };
}

static bool
is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

struct att_date
att_birthday(struct att_date born, int years)
{
	struct att_date d = born;

	d.year = (int16_t)(born.year + years);
	if (d.month == 2 && d.day == 29 && !is_leap(d.year)) {
		d.month = 3;
		d.day = 1;
	}
	return d;
}

int
att_age_on(struct att_date born, struct att_date on)
{
	int years = on.year - born.year;

	if (att_date_cmp(on, att_birthday(born, years)) < 0)
		years--;
	return years;
}

static int
month_days(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

bool
att_date_valid(struct att_date d)
{
	return d.year >= 1900 && d.year <= 2200 && d.month >= 1 &&
	    d.month <= 12 && d.day >= 1 && d.day <= month_days(d.year, d.month);
}

static int
digits_value(const char *at, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (at[i] < '0' || at[i] > '9')
			return -1;
		v = v * 10 + (at[i] - '0');
	}
	return v;
}

enum att_err
att_date_parse(const char *text, struct att_date *out)
{
	struct att_date date;
	int y, m, d;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-')
		return ATT_FORMAT;
	y = digits_value(text, 4);
	m = digits_value(text + 5, 2);
	d = digits_value(text + 8, 2);
	if (y < 0 || m < 0 || d < 0)
		return ATT_FORMAT;
	date = (struct att_date){
		.year = (int16_t)y, .month = (uint8_t)m, .day = (uint8_t)d
	};
	if (!att_date_valid(date))
		return ATT_FORMAT;
	*out = date;
	return ATT_OK;
}

void
att_date_format(struct att_date d, char out[ATT_DATE_TEXT])
{
	if (!att_date_known(d)) {
		memcpy(out, "-", 2);
		return;
	}
	(void)snprintf(out, ATT_DATE_TEXT, "%04u-%02u-%02u",
	    (unsigned)d.year % 10000u, d.month % 100u, d.day % 100u);
}

void
att_time_format(int64_t utc, char out[ATT_TIME_TEXT])
{
	time_t t = (time_t)utc;
	struct tm tm;
	char zone[8];
	char stamp[20];

	if (localtime_r(&t, &tm) == NULL ||
	    strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S", &tm) == 0 ||
	    strftime(zone, sizeof(zone), "%z", &tm) != 5) {
		memcpy(out, "-", 2);
		return;
	}
	(void)snprintf(
	    out, ATT_TIME_TEXT, "%s%.3s:%.2s", stamp, zone, zone + 3);
}
