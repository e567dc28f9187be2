/*
 * Contract 1, the login dialogue: this header is the protocol document.
 *
 * One connection per PAM call or command, SOCK_SEQPACKET, one frame a packet:
 *
 *	u8  version	WIRE_VERSION
 *	u8  type	enum wire_type
 *	u16 reserved	0
 *	u32 length	of the body; the packet ends with it
 *	body		at most WIRE_BODY_MAX bytes, by type, see the structs
 *
 * Integers are little-endian. str8/str16 are a length (u8/le16) and that many
 * bytes of UTF-8 without NUL; an answer is any bytes without NUL, as typed.
 * Every byte of a body is accounted for: short, long and unknown frames are
 * refused and end the dialogue.
 *
 * The client opens with a REQUEST. Then attendd drives: to each ASK the
 * client sends one ANSWER, to anything else nothing; a VERDICT or the
 * deadline ends the dialogue. attendd's next frame comes within seconds, or
 * within what a WAIT announced. So a new factor, a new message or a translation
 * never changes a client.
 *
 * A request to authenticate without a user and with WIRE_F_IDENTIFY asks who
 * it is. attendd may then offer another way to say it than a name, in an ASK
 * WIRE_FOR_TEXT, of which only the empty answer is for attendd: a client whose
 * user types a name keeps it to himself, leaves and comes back with it as the
 * user. Whoever attendd recognised it says in a NAME, once, before anything
 * else is asked; without a NAME whatever verdict means that nobody is known
 * and the client asks for the name.
 *
 * The codec is pure: bytes in, struct out, no I/O; it is the only parser of
 * these bytes, and is fuzzed (tests/fuzz/fuzz_wire.c).
 */
#ifndef ATT_WIRE_WIRE_H
#define ATT_WIRE_WIRE_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/verdict.h"
#include "wire/head.h"

#include <stdint.h>

#define WIRE_SOCKET    "/run/attend/socket"
#define WIRE_VERSION   1
#define WIRE_FRAME_MAX (64 * 1024)
#define WIRE_BODY_MAX  (WIRE_FRAME_MAX - HEAD_LEN)

#define WIRE_NAME_MAX	255 /* bytes of a str8 field */
#define WIRE_TEXT_MAX	4096 /* bytes of a prompt or message */
#define WIRE_ANSWER_MAX 511 /* bytes of an answer: PAM_MAX_RESP_SIZE - 1 */
#define WIRE_ARGS_MAX	64 /* words of a command line */
#define WIRE_ARG_MAX	4096 /* bytes of one word */
#define WIRE_FDS_MAX	4 /* descriptors with a request */

enum wire_type {
	WIRE_REQUEST = 1, /* client, first and once; may carry descriptors */
	WIRE_ANSWER = 2, /* client, to an ASK */
	WIRE_ASK = 16,
	WIRE_INFORM = 17, /* neutral text for the person */
	WIRE_WARN = 18, /* an error or warning text for the person */
	WIRE_OUTPUT = 19, /* bytes for a command's stdout or stderr */
	WIRE_VERDICT = 20,
	WIRE_WAIT = 21, /* the next frame takes longer than usual */
	WIRE_NAME = 22, /* who it is, to a client that asked */
};

enum wire_phase {
	WIRE_AUTHENTICATE = 1,
	WIRE_ACCOUNT = 2,
	WIRE_OPEN_SESSION = 3,
	WIRE_CLOSE_SESSION = 4,
	WIRE_CHANGE_PIN = 5,
	WIRE_COMMAND = 6,
};

enum wire_flag {
	WIRE_F_SILENT = 1 << 0, /* show no texts */
	WIRE_F_PRELIM = 1 << 1, /* change PIN: only check that it could be */
	WIRE_F_EXPIRED = 1 << 2, /* change PIN: only if it must be changed */
	WIRE_F_BY_ROOT = 1 << 3, /* change PIN: real uid 0, ask no old PIN */
	WIRE_F_NODELAY =
	    1 << 4, /* reserved for clients that delay themselves */
	WIRE_F_IN_TTY = 1 << 5, /* command: standard input is a terminal */
	WIRE_F_OUT_TTY = 1 << 6,
	WIRE_F_ERR_TTY = 1 << 7,
	WIRE_F_IDENTIFY = 1 << 8, /* authenticate: no user, who is it? */
	WIRE_F_ALL = (1 << 9) - 1,
};

/*
 * REQUEST: u8 phase, le32 flags, le32 deadline_ms, str8 service, user, ruser,
 * tty, rhost, locale, u8 argc, argc times str16. Only a COMMAND has words.
 * ruser: who calls a client that is root: WIRE_RUSER_UID and the real uid in
 * decimal (-1: it has no name) of what is setuid, which the kernel knows; else
 * PAM_RUSER, as the application says. Of another client the socket tells.
 * deadline_ms: how long the client's user may take to type, 0 for the
 * default; attendd caps it.
 */
#define WIRE_RUSER_UID "uid:"
struct wire_request {
	uint8_t phase;
	uint32_t flags;
	uint32_t deadline_ms;
	struct att_slice service, user, ruser, tty, rhost, locale;
	uint8_t argc;
	struct att_slice argv[WIRE_ARGS_MAX];
};

/*
 * What an ASK is for, so that a PAM client can answer from or keep in
 * PAM_AUTHTOK and PAM_OLDAUTHTOK. Unlisted values are plain questions.
 */
enum wire_ask_for {
	WIRE_FOR_TEXT = 0,
	WIRE_FOR_PIN = 1, /* the current PIN (or what stands for it) */
	WIRE_FOR_NEW_PIN = 2,
	WIRE_FOR_NEW_PIN_AGAIN = 3,
};

/* ASK: u8 wanted, u8 echo (0 or 1), str16 prompt. */
struct wire_ask {
	uint8_t wanted; /* enum wire_ask_for */
	uint8_t echo;
	struct att_slice prompt;
};

enum wire_answer_state {
	WIRE_ANSWERED = 0,
	WIRE_NO_ANSWER = 1, /* nobody to ask: no conversation, end of input */
};

/* ANSWER: u8 state, str16 text (empty unless WIRE_ANSWERED). */
struct wire_answer {
	uint8_t state;
	struct att_slice text;
};

/* INFORM, WARN: str16 text. */
struct wire_text {
	struct att_slice text;
};

/* OUTPUT: u8 stream (1 or 2), le16 length, bytes. */
struct wire_output {
	uint8_t stream;
	struct att_slice bytes;
};

/*
 * VERDICT: le32 verdict, le32 delay_ms, u8 status.
 * delay_ms: what the client should ask libpam to wait on failure.
 * status: exit status of a command, 0 otherwise.
 */
struct wire_verdict {
	enum att_verdict verdict;
	uint32_t delay_ms;
	uint8_t status;
};

/* WAIT: le32 ms, for the next frame, from now; the client caps it. */
struct wire_wait {
	uint32_t ms;
};

/* NAME: str8 login, at least one byte. */
struct wire_name {
	struct att_slice login;
};

struct wire_msg {
	enum wire_type type;
	union {
		struct wire_request request;
		struct wire_ask ask;
		struct wire_answer answer;
		struct wire_text text;
		struct wire_output output;
		struct wire_verdict verdict;
		struct wire_wait wait;
		struct wire_name name;
	};
};

/*
 * Read one packet. Slices in *out are borrowed from buf. ATT_FORMAT for
 * anything but a documented frame, field limits included; *out is then
 * unchanged. An unlisted verdict is a documented frame: it means no.
 */
enum att_err
wire_decode(const void *buf, size_t len, struct wire_msg *out) ATT_CHECKED;

/*
 * Write one packet into buf of cap bytes. ATT_LIMIT if it does not fit or a
 * field is not as documented.
 */
enum att_err wire_encode(
    const struct wire_msg *msg, void *buf, size_t cap, size_t *len) ATT_CHECKED;

#endif
