/*
 * The provider that is a vendor's capture program (plugin_frame.h): pictures
 * come from it, minutiae from libfprint's extractor.
 */
#ifndef ATT_ATTEND_SENSOR_PLUGIN_H
#define ATT_ATTEND_SENSOR_PLUGIN_H

#include "attend-sensor/fprint.h"
#include "base/localdb.h"

struct plugin;

/*
 * Start the program at path, which must be root's and nobody else's to write,
 * as the user. Before the sandbox closes. *fd is its socket, owned. It dies
 * with us. ATT_ABSENT, ATT_REFUSED, ATT_IO.
 */
enum att_err plugin_start(
    const char *path, const struct att_local_user *user, int *fd) ATT_CHECKED;

/*
 * fd is taken, the others are borrowed. lost is called once when the program
 * has ended or said what it may not; nothing comes of it after that. Owned;
 * NULL when out of memory.
 */
struct plugin *plugin_new(int fd, struct reader *reader,
    struct fprint *extractor, void (*lost)(void *ctx), void *ctx);
void plugin_free(struct plugin *p);

struct provider plugin_provider(struct plugin *p);

#endif
