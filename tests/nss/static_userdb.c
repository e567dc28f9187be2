/*
 * A program without a C library that knows NSS, as far as glibc can be one:
 * linked statically, it asks the user database over its socket, as systemd's
 * "User/Group Record Lookup API via Varlink" says.
 *
 *	static_userdb NAME	prints the reply, a JSON object
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET "/run/systemd/userdb/io.systemd.Multiplexer"

int
main(int argc, char **argv)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = SOCKET };
	const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	char text[65536];
	size_t len = 0;
	ssize_t n;

	if (argc != 2 || fd < 0 ||
	    connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		perror(SOCKET);
		return 1;
	}
	n = snprintf(text, sizeof(text),
	    "{\"method\":\"io.systemd.UserDatabase.GetUserRecord\","
	    "\"parameters\":{\"userName\":\"%s\","
	    "\"service\":\"io.systemd.Multiplexer\"}}",
	    argv[1]);
	if (n < 0 || write(fd, text, (size_t)n + 1) != n + 1)
		return 1;
	while (len < sizeof(text) - 1 &&
	    (n = read(fd, text + len, sizeof(text) - 1 - len)) > 0) {
		len += (size_t)n;
		if (text[len - 1] == '\0')
			break; /* the reply is whole */
	}
	text[len] = '\0';
	puts(text);
	return len == 0;
}
