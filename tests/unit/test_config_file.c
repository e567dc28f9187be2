/* attend.conf as a file: whose it may be, what happens to others. */
#include "attendd/config.h"
#include "base/owner.h"
#include "test.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static bool
same(const struct config *a, const struct config *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static bool
put_file(const char *path, const char *text, mode_t mode)
{
	ATT_AUTO_FILE FILE *f = fopen(path, "w");

	return f != NULL && fputs(text, f) >= 0 && fflush(f) == 0 &&
	    chmod(path, mode) == 0;
}

TEST("no file is the defaults")
{
	struct config c;
	struct att_opt_error err;

	CHECK(config_read(&c, test_path("absent"), &err) == ATT_OK);
	CHECK(same(&c, &config_default));
	CHECK(config_read(&c, test_path("absent/attend.conf"), &err) == ATT_OK);
}

TEST("a file that others can write to is refused")
{
	struct config c = config_default;
	struct att_opt_error err = { 0 };
	const char *path = test_path("attend.conf");

	NEED(put_file(path, "pin-length = 7\n", 0664));
	CHECK(config_read(&c, path, &err) == ATT_REFUSED);
	CHECK(err.line == 0 && err.reason != NULL);
	NEED(chmod(path, 0646) == 0);
	CHECK(config_read(&c, path, &err) == ATT_REFUSED);
	CHECK(same(&c, &config_default));
	NEED(chmod(path, 0644) == 0);
	CHECK(config_read(&c, path, &err) == ATT_OK);
	CHECK(c.pin_length == 7);
}

TEST("somebody else's file is refused")
{
	struct config c;
	struct att_opt_error err;
	const char *path = test_path("attend.conf");

	NEED(put_file(path, "pin-length = 7\n", 0644));
	CHECK(config_read(&c, path, &err) == ATT_OK);
	if (chown(path, 65533, (gid_t)-1) != 0) {
		test_skip("only root gives files away");
		return;
	}
	CHECK(config_read(&c, path, &err) == ATT_REFUSED);
}

TEST("a file that attendd's user cannot read is an error, not the defaults")
{
	struct config c = config_default;
	struct att_opt_error err = { 0 };
	const char *path = test_path("attend.conf");
	enum att_err shut, open;

	NEED(put_file(path, "pin-length = 7\n", 0600));
	NEED(chmod(test_dir(), 0755) == 0);
	if (seteuid(65533) != 0) {
		test_skip("only root becomes somebody else");
		return;
	}
	shut = config_read(&c, path, &err);
	CHECK(seteuid(0) == 0 && chmod(path, 0644) == 0 && seteuid(65533) == 0);
	CHECK(same(&c, &config_default));
	open = config_read(&c, path, &err);
	NEED(seteuid(0) == 0);

	CHECK(shut == ATT_IO);
	CHECK(open == ATT_OK);
	CHECK(c.pin_length == 7);
}

TEST("a link, a FIFO and a folder in the file's place are refused at once")
{
	struct config c;
	struct att_opt_error err;

	NEED(put_file(test_path("real"), "", 0644));
	NEED(symlink(test_path("real"), test_path("link")) == 0);
	NEED(mkfifo(test_path("fifo"), 0600) == 0);
	CHECK(config_read(&c, test_path("real"), &err) == ATT_OK);
	CHECK(config_read(&c, test_path("link"), &err) == ATT_REFUSED);
	CHECK(config_read(&c, test_path("fifo"), &err) == ATT_REFUSED);
	CHECK(config_read(&c, test_dir(), &err) == ATT_REFUSED);
	CHECK(err.reason != NULL);
}

TEST("a file that is wrong leaves the settings and says where")
{
	struct config c = config_default;
	struct att_opt_error err;
	const char *path = test_path("attend.conf");

	NEED(put_file(path, "enumerate = yes\npin-length = 3\n", 0644));
	CHECK(config_read(&c, path, &err) == ATT_FORMAT);
	CHECK(err.line == 2);
	CHECK(strcmp(err.key, "pin-length") == 0);
	CHECK(same(&c, &config_default));
}

TEST("a file is read up to its largest size")
{
	ATT_AUTO_FREE char *text = malloc(ATT_OPT_FILE_MAX + 2);
	struct config c;
	struct att_opt_error err;
	const char *path = test_path("attend.conf");

	NEED(text != NULL);
	memset(text, '\n', ATT_OPT_FILE_MAX + 1);
	memcpy(text + ATT_OPT_FILE_MAX - 15, "pin-length = 7\n", 15);
	text[ATT_OPT_FILE_MAX] = '\0';
	NEED(put_file(path, text, 0644));
	CHECK(config_read(&c, path, &err) == ATT_OK);
	CHECK(c.pin_length == 7);
	text[ATT_OPT_FILE_MAX] = '\n';
	text[ATT_OPT_FILE_MAX + 1] = '\0';
	NEED(put_file(path, text, 0644));
	CHECK(config_read(&c, path, &err) == ATT_FORMAT);
	CHECK(strcmp(err.reason, "file too large") == 0);
}

TEST("a time zone that the machine does not know is refused by its line")
{
	struct config c;
	struct att_opt_error err;
	const char *path = test_path("attend.conf");

	NEED(put_file(path, "\ntimezone = Mars/Olympus\n", 0644));
	CHECK(config_read(&c, path, &err) == ATT_FORMAT);
	CHECK(err.line == 2);
	CHECK(strcmp(err.key, "timezone") == 0);
	NEED(put_file(path, "timezone =\n", 0644));
	CHECK(config_read(&c, path, &err) == ATT_OK);
	if (access("/usr/share/zoneinfo/Asia/Shanghai", R_OK) != 0)
		return;
	NEED(put_file(path, "timezone = Asia/Shanghai\n", 0644));
	CHECK(config_read(&c, path, &err) == ATT_OK);
	NEED(put_file(path, "timezone = Asia\n", 0644));
	CHECK(config_read(&c, path, &err) == ATT_FORMAT);
}
