#include "attendd/device.h"

#include "base/owner.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define MACHINE_ID_LEN 32 /* hex digits, see machine-id(5) */

void
device_os(char *buf, size_t cap)
{
	struct utsname u;

	buf[0] = '\0';
	if (uname(&u) == 0)
		(void)snprintf(buf, cap, "%s %s", u.sysname, u.release);
}

void
device_machine(const struct vault *v, const char *path, char *buf, size_t cap)
{
	ATT_AUTO_FD int fd =
	    open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	uint8_t id[MACHINE_ID_LEN], tag[VAULT_TAG_LEN];

	buf[0] = '\0';
	if (fd < 0 || read(fd, id, sizeof(id)) != (ssize_t)sizeof(id) ||
	    cap < 2 * sizeof(tag) + 1)
		return;
	vault_index(v, "machine-id", (struct att_slice){ id, sizeof(id) }, tag);
	for (size_t i = 0; i < sizeof(tag); i++)
		(void)snprintf(buf + 2 * i, 3, "%02x", tag[i]);
}

void
device_text(const char *text, char *buf, size_t cap)
{
	size_t n = strlen(text);

	if (n >= cap)
		n = cap - 1;
	while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	memcpy(buf, text, n);
	buf[n] = '\0';
}
