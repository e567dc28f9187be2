#include "attend-sensor/trouble.h"

#include "attend-sensor/others.h"
#include "daemon/log.h"

#include <fprint.h>
#include <string.h>

static enum sensor_reason
reason_of_device(int code)
{
	switch (code) {
	case FP_DEVICE_ERROR_NOT_SUPPORTED: return SENSOR_UNSUITABLE;
	case FP_DEVICE_ERROR_BUSY: return SENSOR_HELD;
	case FP_DEVICE_ERROR_REMOVED: return SENSOR_GONE;
	case FP_DEVICE_ERROR_TOO_HOT: return SENSOR_HOT;
	default: return SENSOR_FAULT;
	}
}

/*
 * Drivers pass on what libgusb and the kernel said. Its codes are libgusb's,
 * which we do not link; its words are libusb's and stable.
 */
static enum sensor_reason
reason_of_words(const char *words)
{
	static const struct {
		const char *word;
		enum sensor_reason reason;
	} known[] = {
		{ "busy", SENSOR_HELD },
		{ "BUSY", SENSOR_HELD },
		{ "ermission", SENSOR_NO_ACCESS },
		{ "ccess denied", SENSOR_NO_ACCESS },
		{ "o such device", SENSOR_GONE },
		{ "NO_DEVICE", SENSOR_GONE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (strstr(words, known[i].word) != NULL)
			return known[i].reason;
	return SENSOR_FAULT;
}

enum sensor_reason
trouble_reason(const GError *e)
{
	if (e == NULL || e->domain == FP_DEVICE_RETRY)
		return SENSOR_FINE; /* the person was told and may try again */
	if (g_error_matches(e, G_IO_ERROR, G_IO_ERROR_CANCELLED))
		return SENSOR_CANCELLED;
	if (e->domain == FP_DEVICE_ERROR && e->code != FP_DEVICE_ERROR_GENERAL)
		return reason_of_device(e->code);
	return reason_of_words(e->message);
}

enum sensor_notice
trouble_notice(const GError *e)
{
	switch (e->code) {
	case FP_DEVICE_RETRY_TOO_SHORT: return SENSOR_LONGER;
	case FP_DEVICE_RETRY_CENTER_FINGER: return SENSOR_CENTRE;
	case FP_DEVICE_RETRY_REMOVE_FINGER: return SENSOR_LIFT;
	default: return SENSOR_AGAIN;
	}
}

const char *
trouble_explain(const char *doing, const GError *e, enum sensor_reason why)
{
	const char *detail = e != NULL ? e->message : "";

	if (why == SENSOR_FINE || why == SENSOR_CANCELLED)
		return "";
	if (why == SENSOR_HELD && others_have_fprintd(OTHERS_PROC))
		detail = "fprintd is running and holds it";
	log_line(
	    why == SENSOR_HOT || why == SENSOR_GONE ? LOG_WARNING : LOG_ERR,
	    "reader failed doing=%s why=%s detail=\"%s\"", doing,
	    sensor_reason_word(why), detail);
	return detail;
}
