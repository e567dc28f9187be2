/* How a daemon is started: its one word, or none under systemd. */
#ifndef ATT_DAEMON_MODE_H
#define ATT_DAEMON_MODE_H

enum mode {
	MODE_NONE, /* none of these: systemd's socket, or a mistake */
	MODE_LISTEN,
	MODE_ONCE,
	MODE_VERSION,
	MODE_HELP,
};

enum mode mode_of(int argc, char **argv);

#endif
