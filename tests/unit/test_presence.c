#include "attendd/presence.h"

#include "test.h"

#include <string.h>

TEST("a terminal of this machine is a console or one of its displays")
{
	static const char *const here[] = { "/dev/tty1", "tty63", "/dev/ttyS0",
		"ttyUSB0", "/dev/hvc0", "console", "/dev/console", ":0", ":1",
		":0.0" };
	static const char *const away[] = { "", "ssh", "pts/0", "/dev/pts/3",
		"tty", "ttyp0", "tty1a", "localhost:10.0", ":", ":a", ":0x",
		"/dev/", "/dev/console/1", "consoles", "/tmp/tty1",
		"10.0.0.1:0", "cron", "/dev/tty1/../pts/0" };

	for (size_t i = 0; i < sizeof(here) / sizeof(here[0]); i++)
		CHECK(presence_tty_is_local(here[i]));
	for (size_t i = 0; i < sizeof(away) / sizeof(away[0]); i++)
		CHECK(!presence_tty_is_local(away[i]));
}

static bool
local(const char *text, unsigned uid)
{
	return presence_session_is_local(
	    text, strlen(text), uid != 0 ? &uid : NULL);
}

#define UP "STATE=active"

TEST("a session is here with a seat that shows it, and of whoever asks")
{
	CHECK(local("UID=70001\nREMOTE=0\nSEAT=seat0\n" UP, 70001));
	CHECK(local("SEAT=seat0\nUID=70001\nACTIVE=1\nREMOTE=0\n" UP, 70001));
	CHECK(local("UID=70001\nREMOTE=0\nSEAT=seat0\n" UP, 0));
	CHECK(!local("UID=70001\nREMOTE=1\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("UID=70001\nREMOTE=0\n" UP, 70001));
	CHECK(!local("UID=70001\nREMOTE=0\nSEAT=\n" UP, 70001));
	CHECK(!local("UID=70002\nREMOTE=0\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("UID=700010\nREMOTE=0\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("REMOTE=0\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("UID=70001\nREMOTE=01\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("XUID=70001\nXREMOTE=0\nXSEAT=seat0\n" UP, 70001));
	CHECK(!local("UID=70001\nTTY=REMOTE=0\nSEAT=seat0\n" UP, 70001));
	CHECK(!local("UID=70001\nREMOTE=0\nSEAT=seat0\n", 70001));
	CHECK(
	    !local("UID=70001\nREMOTE=0\nSEAT=seat0\nSTATE=closing\n", 70001));
	CHECK(!local("UID=70001\nREMOTE=0\nSEAT=seat0\nSTATE=online\n", 0));
	CHECK(!local("", 70001) && !local("\n\n", 0));
}

static bool
at_kiosk(uid_t uid, const char *tty, const char *rhost)
{
	struct wire_request r = { .tty = att_slice_of(tty),
		.rhost = att_slice_of(rhost) };
	struct dialogue d = { .request = &r, .peer = { 1 << 30, uid, 0 } };

	return presence_at_kiosk(&d);
}

TEST("without a session only root's word on the terminal counts")
{
	CHECK(at_kiosk(0, "/dev/tty1", ""));
	CHECK(!at_kiosk(0, "/dev/tty1", "192.0.2.7"));
	CHECK(!at_kiosk(0, "/dev/pts/1", ""));
	CHECK(!at_kiosk(0, "", ""));
	CHECK(!at_kiosk(70001, "/dev/tty1", ""));
	CHECK(!at_kiosk(70001, ":0", ""));
}
