/*
 * Contract 3, the sensor dialogue: this header is the protocol document.
 *
 * attendd, or root, asks attend-sensor for what the reader sees of a finger.
 * One connection per login or enrolment, SOCK_SEQPACKET, one frame a packet,
 * in the style of wire.h:
 *
 *	u8  version	SENSOR_VERSION
 *	u8  type	enum sensor_type
 *	u16 reserved	0
 *	u32 length	of the body; the packet ends with it
 *	body		by type, see the structs
 *
 * Integers are little-endian, str8 is a length and that many bytes of UTF-8
 * without control characters. Every byte is accounted for: short, long and
 * unknown frames are refused and end the dialogue.
 *
 * It is a codec of its own and no further frame types of wire.h, because the
 * parser of wire.h is linked into every login and must not grow by what only
 * attendd speaks, and because the program that listens to USB shall have no
 * frame in which it could utter a verdict.
 *
 * The client opens with CAPTURE or ASK_STATUS. To each CAPTURE there come any
 * number of NOTICEs, then one SAMPLE or one FAILED. The first CAPTURE takes
 * the reader, the connection keeps it: everybody else's CAPTURE fails with
 * BUSY at once until the connection ends, or has held the reader without
 * asking for a capture, or altogether, for too long (SENSOR_IDLE_MS,
 * SENSOR_LEASE_MS). CANCEL ends a capture under way: FAILED with CANCELLED, or
 * whatever crossed it; with none under way it is answered by nothing. To
 * ASK_STATUS there comes one STATUS, whoever has the reader; the reader is not
 * opened for it.
 *
 * The codec is pure and is fuzzed (tests/fuzz/fuzz_sensor.c).
 */
#ifndef ATT_SENSOR_SENSOR_H
#define ATT_SENSOR_SENSOR_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/msgid.h"

#include <stdint.h>

#define SENSOR_FOLDER	 "/run/attend"
#define SENSOR_NAME	 "sensor"
#define SENSOR_SOCKET	 SENSOR_FOLDER "/" SENSOR_NAME
#define SENSOR_USER	 "attend-sensor"
#define SENSOR_VERSION	 1
#define SENSOR_FRAME_MAX 2048
#define SENSOR_TEXT_MAX	 255

#define SENSOR_WAIT_MS	   30000 /* for a finger, unless told */
#define SENSOR_WAIT_MS_MAX 60000 /* for a finger, at most */
#define SENSOR_IDLE_MS	   15000 /* to have the reader and not capture */
#define SENSOR_LEASE_MS	   180000 /* to have the reader at all */

enum sensor_type {
	SENSOR_CAPTURE = 1, /* client */
	SENSOR_CANCEL = 2, /* client; no body */
	SENSOR_ASK_STATUS = 3, /* client; no body */
	SENSOR_NOTICE = 16,
	SENSOR_SAMPLE = 17,
	SENSOR_FAILED = 18,
	SENSOR_STATUS = 19,
};

/* CAPTURE: le32 ms to wait for a finger; 0: SENSOR_WAIT_MS; it is capped. */
struct sensor_capture {
	uint32_t wait_ms;
};

/*
 * What to tell the person meanwhile. The texts are message ids; that of
 * FINGER says nothing a person does not know.
 */
#define SENSOR_NOTICES(X)                                                 \
	X(TOUCH, N_("Touch the fingerprint reader."))                     \
	X(FINGER, "")                                                     \
	X(LIFT, N_("Lift your finger."))                                  \
	X(AGAIN, N_("Not read. Touch the reader again."))                 \
	X(CENTRE, N_("Put the middle of your finger on the reader."))     \
	X(LONGER, N_("Leave your finger on the reader a little longer.")) \
	X(PRESS,                                                          \
	    N_("Too little to see. Press evenly with a clean, dry finger."))

enum sensor_notice {
	SENSOR_NOTICE_NONE = 0,
#define X(name, text) SENSOR_##name,
	SENSOR_NOTICES(X)
#undef X
	SENSOR_NOTICE_END,
};

/*
 * Why there is no sample. In each case the next factor is to be offered at
 * once. The texts are message ids that name the next step.
 */
#define SENSOR_REASONS(X)                                                       \
	X(TIMEOUT, N_("No finger was put on the reader in time."))              \
	X(NO_READER, N_("No fingerprint reader is connected."))                 \
	X(UNSUITABLE,                                                           \
	    N_("This fingerprint reader gives no picture that attend can use: " \
	       "it compares fingers by itself or sees too little of them. "     \
	       "Readers that take a picture of the whole fingertip are "        \
	       "suitable, for example the DigitalPersona U.are.U 4500."))       \
	X(TEST_READER,                                                          \
	    N_("Only a test reader is there, and test readers are switched "    \
	       "off."))                                                         \
	X(BUSY, N_("The fingerprint reader is in use by another login."))       \
	X(HELD,                                                                 \
	    N_("Another program holds the fingerprint reader. If it is "        \
	       "fprintd: systemctl mask --now fprintd.service"))                \
	X(NO_ACCESS,                                                            \
	    N_("attend-sensor may not open the fingerprint reader: check the "  \
	       "udev rule and plug it in again."))                              \
	X(HOT, N_("The fingerprint reader is too warm and has to rest."))       \
	X(GONE, N_("The fingerprint reader was unplugged."))                    \
	X(SLEPT, N_("The machine was asleep. Try again."))                      \
	X(CANCELLED, N_("Cancelled."))                                          \
	X(TAKEN_AWAY, N_("The fingerprint reader was held for too long."))      \
	X(FAULT,                                                                \
	    N_("The fingerprint reader failed. If it happens again, plug it "   \
	       "in anew."))

enum sensor_reason {
	SENSOR_FINE = 0,
#define X(name, text) SENSOR_##name,
	SENSOR_REASONS(X)
#undef X
	SENSOR_REASON_END,
};

/* The message id of a notice or reason; "" for any other value. Static. */
const char *sensor_notice_text(enum sensor_notice n);
const char *sensor_reason_text(enum sensor_reason r);
/* The reason as a word for log lines and JSON: "no-reader". Static. */
const char *sensor_reason_word(enum sensor_reason r);

/* NOTICE: u8 what. */
struct sensor_notice_msg {
	uint8_t what; /* enum sensor_notice */
};

/*
 * SAMPLE: a template as bio/template.h encodes it, of one sample and of an
 * unknown finger: driver, size and resolution of the image, quality and
 * minutiae. print is checked to be that.
 */
struct sensor_sample {
	struct att_slice print;
};

/* FAILED: u8 reason, le32 retry_ms, str8 detail. */
struct sensor_failed {
	uint8_t reason; /* enum sensor_reason, never FINE */
	uint32_t retry_ms; /* when to try again; 0: nobody knows */
	struct att_slice detail; /* English, for the log; may be empty */
};

enum sensor_temperature {
	SENSOR_COLD = 0,
	SENSOR_WARM = 1,
	SENSOR_TOO_HOT = 2,
};

/*
 * STATUS: u8 reason, u8 in_use, u8 test, u8 temperature, le32 retry_ms,
 * str8 driver, str8 name.
 */
struct sensor_status {
	uint8_t reason; /* why a CAPTURE would fail now, but for BUSY */
	uint8_t in_use; /* 1: a connection has the reader */
	uint8_t test; /* 1: test readers are allowed: not for production */
	uint8_t temperature; /* enum sensor_temperature */
	uint32_t retry_ms;
	struct att_slice driver, name; /* of the reader; empty: none */
};

struct sensor_msg {
	enum sensor_type type;
	union {
		struct sensor_capture capture;
		struct sensor_notice_msg notice;
		struct sensor_sample sample;
		struct sensor_failed failed;
		struct sensor_status status;
	};
};

/*
 * Read one packet. Slices in *out are borrowed from buf. ATT_FORMAT for
 * anything but a documented frame; *out is then unchanged.
 */
enum att_err
sensor_decode(const void *buf, size_t len, struct sensor_msg *out) ATT_CHECKED;

/*
 * Write one packet into buf of cap bytes; SENSOR_FRAME_MAX are always enough.
 * ATT_LIMIT if it does not fit or a field is not as documented.
 */
enum att_err sensor_encode(const struct sensor_msg *msg, void *buf, size_t cap,
    size_t *len) ATT_CHECKED;

#endif
