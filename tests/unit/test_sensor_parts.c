/* What attend-sensor stands on besides the reader's life. */
#include "test.h"

#include "attend-sensor/others.h"
#include "attend-sensor/picture.h"
#include "attend-sensor/plugin_frame.h"
#include "attend-sensor/settings.h"
#include "bio/minutiae.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- pictures ----------------------------------------------------------------
 */

#define SIDE 256

/* Ridges down to a row, and nothing below it. */
static void
draw(uint8_t grey[SIDE * SIDE], unsigned rows)
{
	for (unsigned y = 0; y < SIDE; y++)
		for (unsigned x = 0; x < SIDE; x++)
			grey[y * SIDE + x] = y >= rows
			    ? 230
			    : (uint8_t)(128 + 100 * sin(x * 0.7));
}

static uint8_t
quality_of_rows(unsigned rows)
{
	static uint8_t grey[SIDE * SIDE];
	const struct picture p = { SIDE, SIDE, BIO_RESOLUTION, grey };

	draw(grey, rows);
	return picture_quality(&p);
}

TEST("the more of a picture shows ridges, the better it is")
{
	CHECK(quality_of_rows(0) == 1);
	CHECK(quality_of_rows(SIDE / 4) > 15);
	CHECK(quality_of_rows(SIDE / 2) > quality_of_rows(SIDE / 4) + 15);
	CHECK(quality_of_rows(SIDE) == 100);
}

TEST("a picture without a whole block has the least quality")
{
	static const uint8_t grey[15 * 15];
	const struct picture p = { 15, 15, BIO_RESOLUTION, grey };

	CHECK(picture_quality(&p) == 1);
}

TEST("a picture is large enough from ten millimetres on either side")
{
	const struct picture no = { 196, 400, BIO_RESOLUTION, NULL };
	const struct picture yes = { 197, 197, BIO_RESOLUTION, NULL };
	const struct picture finer = { 197, 197, 2 * BIO_RESOLUTION, NULL };

	CHECK(!picture_large(&no));
	CHECK(picture_large(&yes));
	CHECK(!picture_large(&finer));
}

/* --- the plugin's frames
 * ------------------------------------------------------ */

static const uint8_t hello[] = { 1, 16, 0, 0, 8, 0, 0, 0, 2, 'z', 'k', 4, 'L',
	'i', 'v', 'e' };

TEST("a plugin's frames are taken one by one as their bytes come")
{
	uint8_t two[sizeof(hello) + 9] = { 0 };
	struct plugin_msg m;
	size_t used = 0;

	memcpy(two, hello, sizeof(hello));
	memcpy(two + sizeof(hello), "\1\21\0\0\1\0\0\0\1", 9);
	for (size_t n = 0; n < sizeof(hello); n++)
		CHECK(plugin_decode(two, n, &m, &used) == ATT_ABSENT);
	CHECK(plugin_decode(two, sizeof(two), &m, &used) == ATT_OK);
	CHECK(used == sizeof(hello) && m.type == PLUGIN_HELLO);
	CHECK(att_slice_is(m.hello.driver, "zk"));
	CHECK(att_slice_is(m.hello.name, "Live"));
	CHECK(
	    plugin_decode(two + used, sizeof(two) - used, &m, &used) == ATT_OK);
	CHECK(m.type == PLUGIN_NOTICE && m.notice == SENSOR_TOUCH);
}

TEST("a plugin's picture has as many bytes as it says, within limits")
{
	uint8_t f[8 + 6 + 12] = { 1, 18, 0, 0, 18, 0, 0, 0, 4, 0, 3, 0, 197 };
	struct plugin_msg m;
	size_t used;

	CHECK(plugin_decode(f, sizeof(f), &m, &used) == ATT_OK);
	CHECK(m.picture.width == 4 && m.picture.height == 3);
	CHECK(m.picture.grey == f + 14);
	f[8] = 5;
	CHECK(plugin_decode(f, sizeof(f), &m, &used) == ATT_FORMAT);
	f[8] = 0;
	CHECK(plugin_decode(f, sizeof(f), &m, &used) == ATT_FORMAT);
	f[8] = 4;
	f[12] = BIO_RESOLUTION_MIN - 1;
	CHECK(plugin_decode(f, sizeof(f), &m, &used) == ATT_FORMAT);
}

TEST("what a plugin may never say is refused before it is awaited")
{
	static const uint8_t wrong[][9] = {
		{ 2, 17, 0, 0, 1, 0, 0, 0, 1 }, /* version */
		{ 1, 40, 0, 0, 1, 0, 0, 0, 1 }, /* type */
		{ 1, 17, 1, 0, 1, 0, 0, 0, 1 }, /* reserved */
		{ 1, 17, 0, 0, 2, 0, 0, 0, 1 }, /* too long a notice */
		{ 1, 17, 0, 0, 1, 0, 0, 0, 99 }, /* notice of nothing */
		{ 1, 19, 0, 0, 1, 0, 0, 0, 0 }, /* failed for no reason */
		{ 1, 18, 0, 0, 0xff, 0xff, 0xff, 0x7f, 0 }, /* 2 GiB */
	};
	struct plugin_msg m;
	size_t used = 77;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK(plugin_decode(wrong[i], 9, &m, &used) == ATT_FORMAT);
	CHECK(used == 77);
}

TEST("a plugin's driver is a name that templates can keep")
{
	uint8_t f[sizeof(hello)];
	struct plugin_msg m;
	size_t used;

	memcpy(f, hello, sizeof(f));
	CHECK(plugin_decode(f, sizeof(f), &m, &used) == ATT_OK);
	f[9] = 'Z';
	CHECK(plugin_decode(f, sizeof(f), &m, &used) == ATT_FORMAT);
	f[9] = 0;
	CHECK(plugin_decode(f, sizeof(f), &m, &used) == ATT_FORMAT);
}

/* --- settings ----------------------------------------------------------------
 */

static enum att_err
read_as(const char *text, mode_t mode, struct settings *s)
{
	const char *path = test_path("sensor.conf");
	struct att_opt_error why;
	FILE *f;

	(void)unlink(path);
	f = fopen(path, "w");
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0 ||
	    chmod(path, mode) != 0)
		return ATT_IO;
	return settings_read(path, s, &why);
}

TEST("without a file the sensor takes what libfprint finds, and no test reader")
{
	struct settings s = { .test_readers = true };
	struct att_opt_error why;

	CHECK(settings_read(test_path("none"), &s, &why) == ATT_OK);
	CHECK(!s.test_readers && s.plugin[0] == '\0');
}

TEST("settings are taken as they stand, from a file that is root's alone")
{
	struct settings s = { 0 };

	if (geteuid() != 0) {
		test_skip("only root can make root's file");
		return;
	}
	CHECK(read_as("test-readers = yes\nplugin = /opt/zk/capture\n", 0644,
		  &s) == ATT_OK);
	CHECK(s.test_readers && strcmp(s.plugin, "/opt/zk/capture") == 0);
	CHECK(read_as("test-readers = no\n", 0644, &s) == ATT_OK);
	CHECK(!s.test_readers);
	CHECK(read_as("test-readers = yes\n", 0664, &s) == ATT_REFUSED);
	CHECK(read_as("test-readers = yes\n", 0646, &s) == ATT_REFUSED);
	CHECK(read_as("test-readers = maybe\n", 0644, &s) == ATT_FORMAT);
	CHECK(read_as("plugin = capture\n", 0644, &s) == ATT_FORMAT);
	CHECK(read_as("plug-in = /x\n", 0644, &s) == ATT_FORMAT);
	CHECK(!s.test_readers && s.plugin[0] == '\0');
}

/* --- others
 * -------------------------------------------------------------------- */

static bool
process(const char *pid, const char *comm)
{
	char path[256];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", test_dir(), pid);
	if (mkdir(path, 0755) != 0)
		return false;
	(void)snprintf(path, sizeof(path), "%s/%s/comm", test_dir(), pid);
	f = fopen(path, "w");
	return f != NULL && fputs(comm, f) >= 0 && fclose(f) == 0;
}

TEST("fprintd is seen where it runs, and nobody else is taken for it")
{
	NEED(process("12", "bash\n"));
	NEED(process("13", "fprintd2\n"));
	NEED(process("self", "fprintd\n"));
	CHECK(!others_have_fprintd(test_dir()));
	NEED(process("14", "fprintd\n"));
	CHECK(others_have_fprintd(test_dir()));
	CHECK(!others_have_fprintd(test_path("nowhere")));
}
