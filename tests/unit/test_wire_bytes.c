/*
 * The frames of wire.h as bytes, so that the document and the codec cannot
 * drift together.
 */
#include "test.h"

#include "wire/wire.h"

#include <stdio.h>
#include <string.h>

#define V	 "\x01"
#define HEAD(t)	 V t "\0\0"
#define BYTES(s) s, sizeof(s) - 1

TEST("the documented bytes are read, and nothing else is")
{
	static const struct {
		const char *what;
		const char *bytes;
		size_t len;
		bool good;
	} rows[] = {
		{ "a verdict",
		    BYTES(HEAD("\x14") "\x09\0\0\0"
				       "\xd2\xc3\xa5\x69\0\0\0\0\0"),
		    true },
		{ "an unlisted verdict",
		    BYTES(HEAD("\x14") "\x09\0\0\0"
				       "\xd3\xc3\xa5\x69\0\0\0\0\0"),
		    true },
		{ "nothing", BYTES(""), false },
		{ "less than a head", BYTES(HEAD("\x14") "\x09\0\0"), false },
		{ "a head alone", BYTES(HEAD("\x14") "\0\0\0\0"), false },
		{ "another version",
		    BYTES("\x02\x14\0\0\x09\0\0\0"
			  "\xd2\xc3\xa5\x69\0\0\0\0\0"),
		    false },
		{ "reserved bits",
		    BYTES("\x01\x14\x01\0\x09\0\0\0"
			  "\xd2\xc3\xa5\x69\0\0\0\0\0"),
		    false },
		{ "no such type", BYTES(HEAD("\x17") "\0\0\0\0"), false },
		{ "a wait of nothing", BYTES(HEAD("\x15") "\0\0\0\0"), false },
		{ "type 0", BYTES(HEAD("\0") "\0\0\0\0"), false },
		{ "a byte short",
		    BYTES(HEAD("\x14") "\x08\0\0\0"
				       "\xd2\xc3\xa5\x69\0\0\0\0"),
		    false },
		{ "a byte long",
		    BYTES(HEAD("\x14") "\x0a\0\0\0"
				       "\xd2\xc3\xa5\x69\0\0\0\0\0\0"),
		    false },
		{ "a length that is not the packet's",
		    BYTES(HEAD("\x14") "\x0a\0\0\0"
				       "\xd2\xc3\xa5\x69\0\0\0\0\0"),
		    false },
		{ "a length beyond all memory",
		    BYTES(HEAD("\x14") "\xff\xff\xff\xff"
				       "\xd2\xc3\xa5\x69\0\0\0\0\0"),
		    false },
		{ "an answer",
		    BYTES(HEAD("\x02") "\x05\0\0\0"
				       "\0\x02\0ab"),
		    true },
		{ "an answer of bytes that are no text",
		    BYTES(HEAD("\x02") "\x05\0\0\0"
				       "\0\x02\0\xff\x08"),
		    true },
		{ "an answer with a NUL",
		    BYTES(HEAD("\x02") "\x05\0\0\0"
				       "\0\x02\0a\0"),
		    false },
		{ "no answer",
		    BYTES(HEAD("\x02") "\x03\0\0\0"
				       "\x01\0\0"),
		    true },
		{ "no answer with a text",
		    BYTES(HEAD("\x02") "\x04\0\0\0"
				       "\x01\x01\0a"),
		    false },
		{ "a third answer state",
		    BYTES(HEAD("\x02") "\x03\0\0\0"
				       "\x02\0\0"),
		    false },
		{ "a text longer than its frame",
		    BYTES(HEAD("\x02") "\x05\0\0\0"
				       "\0\xff\xff"
				       "ab"),
		    false },
		{ "a question",
		    BYTES(HEAD("\x10") "\x05\0\0\0"
				       "\x01\0\x01\0?"),
		    true },
		{ "a question with a third echo",
		    BYTES(HEAD("\x10") "\x05\0\0\0"
				       "\x01\x02\x01\0?"),
		    false },
		{ "a question that is no UTF-8",
		    BYTES(HEAD("\x10") "\x05\0\0\0"
				       "\x01\0\x01\0\xff"),
		    false },
		{ "a text cut inside a character",
		    BYTES(HEAD("\x11") "\x04\0\0\0"
				       "\x02\0\xe5\xb7"),
		    false },
		{ "a text with a NUL",
		    BYTES(HEAD("\x12") "\x03\0\0\0"
				       "\x01\0\0"),
		    false },
		{ "a text",
		    BYTES(HEAD("\x12") "\x03\0\0\0"
				       "\x01\0a"),
		    true },
		{ "output to the second stream",
		    BYTES(HEAD("\x13") "\x04\0\0\0"
				       "\x02\x01\0\0"),
		    true },
		{ "output to no stream",
		    BYTES(HEAD("\x13") "\x04\0\0\0"
				       "\0\x01\0a"),
		    false },
		{ "output to a third stream",
		    BYTES(HEAD("\x13") "\x04\0\0\0"
				       "\x03\x01\0a"),
		    false },
		{ "a request",
		    BYTES(HEAD("\x01") "\x12\0\0\0"
				       "\x01\0\0\0\0\0\0\0\0"
				       "\0\x02"
				       "e1\0\0\0\0\0"),
		    true },
		{ "a request about a NUL",
		    BYTES(HEAD("\x01") "\x12\0\0\0"
				       "\x01\0\0\0\0\0\0\0\0"
				       "\0\x02"
				       "e\0\0\0\0\0\0"),
		    false },
		{ "a request in no phase",
		    BYTES(HEAD("\x01") "\x10\0\0\0"
				       "\0\0\0\0\0\0\0\0\0"
				       "\0\0\0\0\0\0\0"),
		    false },
		{ "a request in a seventh phase",
		    BYTES(HEAD("\x01") "\x10\0\0\0"
				       "\x07\0\0\0\0\0\0\0\0"
				       "\0\0\0\0\0\0\0"),
		    false },
		{ "a request with an unknown flag",
		    BYTES(HEAD("\x01") "\x10\0\0\0"
				       "\x01\0\x02\0\0\0\0\0\0"
				       "\0\0\0\0\0\0\0"),
		    false },
		{ "a request that asks who it is",
		    BYTES(HEAD("\x01") "\x10\0\0\0"
				       "\x01\0\x01\0\0\0\0\0\0"
				       "\0\0\0\0\0\0\0"),
		    true },
		{ "one that says so itself",
		    BYTES(HEAD("\x01") "\x12\0\0\0"
				       "\x01\0\x01\0\0\0\0\0\0"
				       "\0\x02"
				       "e1\0\0\0\0\0"),
		    false },
		{ "one in another phase",
		    BYTES(HEAD("\x01") "\x10\0\0\0"
				       "\x02\0\x01\0\0\0\0\0\0"
				       "\0\0\0\0\0\0\0"),
		    false },
		{ "who it is",
		    BYTES(HEAD("\x16") "\x03\0\0\0"
				       "\x02"
				       "e1"),
		    true },
		{ "nobody's name", BYTES(HEAD("\x16") "\x01\0\0\0\0"), false },
		{ "a name longer than its frame",
		    BYTES(HEAD("\x16") "\x03\0\0\0"
				       "\x03"
				       "e1"),
		    false },
		{ "a login with words",
		    BYTES(HEAD("\x01") "\x13\0\0\0"
				       "\x01\0\0\0\0\0\0\0\0"
				       "\0\0\0\0\0\0\x01\x01\0a"),
		    false },
		{ "a command with words",
		    BYTES(HEAD("\x01") "\x13\0\0\0"
				       "\x06\0\0\0\0\0\0\0\0"
				       "\0\0\0\0\0\0\x01\x01\0a"),
		    true },
		{ "more words than are there",
		    BYTES(HEAD("\x01") "\x13\0\0\0"
				       "\x06\0\0\0\0\0\0\0\0"
				       "\0\0\0\0\0\0\x02\x01\0a"),
		    false },
		{ "more words than allowed",
		    BYTES(HEAD("\x01") "\x13\0\0\0"
				       "\x06\0\0\0\0\0\0\0\0"
				       "\0\0\0\0\0\0\xff\x01\0a"),
		    false },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct wire_msg m = { .type = WIRE_ANSWER,
			.answer = { .state = 77 } };
		enum att_err want = rows[i].good ? ATT_OK : ATT_FORMAT;
		enum att_err got = wire_decode(rows[i].bytes, rows[i].len, &m);

		if (got != want)
			printf("# %s\n", rows[i].what);
		CHECK(got == want);
		/* a refusal leaves the message alone */
		CHECK(rows[i].good || m.answer.state == 77);
	}
}

TEST("the value that lets somebody in is the only one equal to ALLOW")
{
	uint8_t frame[] = V "\x14\0\0\x09\0\0\0\0\0\0\0\0\0\0\0";
	struct wire_msg m;

	memcpy(frame + 8, "\xd2\xc3\xa5\x69", 4);
	NEED(wire_decode(frame, 17, &m) == ATT_OK);
	CHECK(m.verdict.verdict == VERDICT_ALLOW);

	for (unsigned bit = 0; bit < 32; bit++) {
		memcpy(frame + 8, "\xd2\xc3\xa5\x69", 4);
		frame[8 + bit / 8] ^= (uint8_t)(1u << bit % 8);
		NEED(wire_decode(frame, 17, &m) == ATT_OK);
		CHECK(m.verdict.verdict != VERDICT_ALLOW);
	}
}
