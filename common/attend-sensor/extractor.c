#include "attend-sensor/extractor.h"

#include "base/owner.h"
#include "bio/template.h"
#include "daemon/log.h"

#include <gio/gio.h>
#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#define FOLDER_TEMPLATE "/tmp/attend-sensor.XXXXXX"
#define SOCKET_ENV	"FP_VIRTUAL_IMAGE"
#define ALLOWLIST_ENV	"FP_DRIVERS_ALLOWLIST"

struct extractor {
	char folder[sizeof(FOLDER_TEMPLATE)];
	GOutputStream *to; /* the virtual reader's socket; NULL: closed */
	char driver[BIO_DRIVER_MAX + 1];
	uint16_t resolution;
	GBytes *shown; /* with its head; NULL: none, or it is under way */
};

static void
socket_path(const struct extractor *x, char path[sizeof(x->folder) + 2])
{
	(void)snprintf(path, sizeof(x->folder) + 2, "%s/s", x->folder);
}

struct extractor *
extractor_new(void)
{
	struct extractor *x = calloc(1, sizeof(*x));
	char path[sizeof(x->folder) + 2];

	if (x == NULL)
		return NULL;
	memcpy(x->folder, FOLDER_TEMPLATE, sizeof(x->folder));
	if (mkdtemp(x->folder) == NULL) {
		free(x);
		return NULL;
	}
	socket_path(x, path);
	(void)setenv(SOCKET_ENV, path, 1);
	(void)setenv(ALLOWLIST_ENV, "virtual_image", 1);
	return x;
}

void
extractor_free(struct extractor *x)
{
	char path[sizeof(x->folder) + 2];

	if (x == NULL)
		return;
	socket_path(x, path);
	(void)unlink(path);
	(void)rmdir(x->folder);
	extractor_disconnect(x);
	extractor_clear(x);
	free(x);
}

enum att_err
extractor_connect(struct extractor *x)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	ATT_AUTO_FD int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	socket_path(x, a.sun_path);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&a, sizeof(a)) != 0)
		return ATT_IO;
	/* it takes one client at a time; now nobody can even find it */
	(void)unlink(a.sun_path);
	x->to = g_unix_output_stream_new(att_take_fd(&fd), TRUE);
	return ATT_OK;
}

void
extractor_disconnect(struct extractor *x)
{
	g_clear_object(&x->to);
}

void
extractor_show(struct extractor *x, const char *driver, const struct picture *p)
{
	const size_t len = (size_t)p->width * p->height;
	const int32_t head[2] = { p->width, p->height };
	uint8_t *bytes = g_malloc(sizeof(head) + len);

	memcpy(bytes, head, sizeof(head)); /* its protocol is in host order */
	memcpy(bytes + sizeof(head), p->grey, len);
	(void)g_strlcpy(x->driver, driver, sizeof(x->driver));
	x->resolution = p->resolution;
	extractor_clear(x);
	x->shown = g_bytes_new_take(bytes, sizeof(head) + len);
}

void
extractor_clear(struct extractor *x)
{
	g_clear_pointer(&x->shown, g_bytes_unref);
}

static void
on_written(GObject *source, GAsyncResult *result, gpointer shown)
{
	g_autoptr(GError) e = NULL;

	g_bytes_unref(shown); /* not kept any longer */
	if (!g_output_stream_write_all_finish(
		G_OUTPUT_STREAM(source), result, NULL, &e))
		log_line(
		    LOG_ERR, "picture not passed on detail=\"%s\"", e->message);
}

void
extractor_pass_on(struct extractor *x, struct _GCancellable *cancel)
{
	gsize len;
	const void *at;

	if (x->shown == NULL || x->to == NULL)
		return;
	at = g_bytes_get_data(x->shown, &len);
	g_output_stream_write_all_async(x->to, at, len, G_PRIORITY_DEFAULT,
	    cancel, on_written, g_steal_pointer(&x->shown));
}

uint16_t
extractor_resolution(const struct extractor *x)
{
	return x->resolution;
}

const char *
extractor_driver(const struct extractor *x)
{
	return x->driver;
}
