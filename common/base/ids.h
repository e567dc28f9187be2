/*
 * The uid range as attend.conf has it, for those who must know it while all
 * else is broken: whatever is wrong in the rest of that file does not matter.
 */
#ifndef ATT_BASE_IDS_H
#define ATT_BASE_IDS_H

#include <stdint.h>

#define ATT_CONFIG_FILE "/etc/attend/attend.conf"

struct att_ids {
	uint32_t min, max; /* inclusive */
};

/*
 * uid-min and uid-max of the file, each its default where the file does not
 * name it; both defaults when it may not be believed or names no range.
 */
void att_ids_read(const char *path, struct att_ids *out);

#endif
