#include "daemon/mode.h"

#include <stddef.h>
#include <string.h>

enum mode
mode_of(int argc, char **argv)
{
	static const struct {
		const char *word;
		enum mode mode;
	} modes[] = {
		{ "--listen", MODE_LISTEN },
		{ "--once", MODE_ONCE },
		{ "--version", MODE_VERSION },
		{ "--help", MODE_HELP },
	};

	for (size_t i = 0; argc == 2 && i < sizeof(modes) / sizeof(modes[0]);
	     i++)
		if (strcmp(argv[1], modes[i].word) == 0)
			return modes[i].mode;
	return MODE_NONE;
}
