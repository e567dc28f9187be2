/* Receipts: text that anybody can check with the site's public key. */
#include "store/receipt.h"

#include "sample_store.h"

#include "store/event.h"

#include <unistd.h>

struct signed_event {
	uint8_t person[VAULT_ID_LEN];
	uint8_t pub[VAULT_PUBLIC_LEN];
	struct store_consent c;
	char text[RECEIPT_MAX];
};

/* A guardian's answer to a disclosure has every line there is. */
static bool
sign(struct sample *t, bool full, struct signed_event *s)
{
	struct store_employee e = sample_ada();
	struct store_notice n;

	*s = (struct signed_event){ .c = { .purpose = STORE_FOR_FINGER,
					.kind = STORE_CONSENT_GIVEN,
					.how = "kiosk" } };
	if (full)
		s->c = (struct store_consent){ .purpose = STORE_FOR_DISCLOSURE,
			.kind = STORE_CONSENT_GIVEN,
			.how = "paper",
			.place = "office",
			.has_paper = true,
			.paper_hash = { 1, 2, 3 },
			.by_guardian = true,
			.guardian = "  Eve \"=\" Example",
			.relation = "\xe6\xaf\x8d\xe4\xba\xb2",
			.until = { 2027, 1, 31 },
			.recipient = "Harbour Authority",
			.aim = "signature list" };
	if (!sample_open(t) || sample_add(t, &e) != ATT_OK ||
	    IN_TX(t,
		store_notice_publish(t->store, &t->by,
		    &(struct store_notice_draft){ "1", "en", 1, 0,
			att_slice_of("short"), att_slice_of("long") },
		    &n)) != ATT_OK ||
	    IN_TX(
		t, store_consent_record(t->store, &t->by, e.id, "en", &s->c)) !=
		ATT_OK)
		return false;
	memcpy(s->person, e.id, sizeof(e.id));
	vault_public(t->vault, s->pub);
	receipt_format(s->pub, s->person, &s->c, s->text);
	return true;
}

TEST("a receipt comes back whole and is good, with and without all lines")
{
	for (int full = 0; full < 2; full++) {
		SAMPLE t = { 0 };
		struct signed_event s;
		struct receipt r;
		char again[RECEIPT_MAX];
		const char *at = s.text;

		NEED(sign(&t, full == 1, &s));
		NEED(receipt_next(&at, &r) == ATT_OK);
		CHECK(receipt_names(&r, s.pub) && receipt_verify(&r, s.pub));
		receipt_format(s.pub, r.person, &r.consent, again);
		CHECK(strcmp(s.text, again) == 0);
		CHECK(receipt_next(&at, &r) == ATT_ABSENT);
		NEED(unlink(t.path) == 0 && unlink(t.key) == 0);
	}
}

TEST("no byte of a receipt can be changed without being found out")
{
	SAMPLE t = { 0 };
	struct signed_event s;
	struct receipt r;

	NEED(sign(&t, true, &s));
	for (size_t i = 0; s.text[i] != '\0'; i++)
		for (int bit = 0; bit < 8; bit++) {
			const char *at = s.text;
			char was = s.text[i];
			bool good;

			s.text[i] = (char)(was ^ 1 << bit);
			good = receipt_next(&at, &r) == ATT_OK &&
			    receipt_names(&r, s.pub) &&
			    receipt_verify(&r, s.pub);
			(void)test_check(!good, __FILE__, __LINE__, s.text + i);
			s.text[i] = was;
		}
	{
		const char *at = s.text;

		CHECK(receipt_next(&at, &r) == ATT_OK &&
		    receipt_verify(&r, s.pub));
	}
}

TEST("a receipt cut anywhere is none")
{
	SAMPLE t = { 0 };
	struct signed_event s;
	struct receipt r;

	NEED(sign(&t, true, &s));
	for (size_t len = strlen(s.text); len-- > 0;) {
		const char *at = s.text;

		s.text[len] = '\0';
		CHECK(receipt_next(&at, &r) != ATT_OK);
	}
}

TEST("another site's key does not fit, and says that it is another")
{
	SAMPLE t = { 0 };
	struct signed_event s;
	struct vault *other = NULL;
	uint8_t pub[VAULT_PUBLIC_LEN];
	const char *at = s.text;
	struct receipt r;

	NEED(sign(&t, false, &s));
	NEED(vault_create(test_path("other.key")) == ATT_OK);
	NEED(vault_open(&other, test_path("other.key")) == ATT_OK);
	vault_public(other, pub);
	vault_close(other);
	NEED(receipt_next(&at, &r) == ATT_OK);
	CHECK(!receipt_names(&r, pub) && !receipt_verify(&r, pub));
	CHECK(receipt_names(&r, s.pub) && receipt_verify(&r, s.pub));
}

TEST("receipts are found between other text, a bad one does not hide the next")
{
	SAMPLE t = { 0 };
	struct signed_event s;
	char text[3 * RECEIPT_MAX];
	const char *at = text;
	struct receipt r;

	NEED(sign(&t, false, &s));
	(void)snprintf(text, sizeof(text),
	    "Dear Ada,\n-----BEGIN ATTEND RECEIPT-----\nkey x\n%s> \n%s",
	    s.text, s.text);
	CHECK(receipt_next(&at, &r) == ATT_FORMAT);
	CHECK(receipt_next(&at, &r) == ATT_OK);
	CHECK(receipt_next(&at, &r) == ATT_OK);
	CHECK(receipt_next(&at, &r) == ATT_ABSENT);
}

TEST("a receipt that would steer a terminal is none")
{
	static const char *const lines[] = { "notice      \x1b[2J\n",
		"place       \x9b\n", "aim         a\tb\n" };
	SAMPLE t = { 0 };
	struct signed_event s;
	struct receipt r;

	NEED(sign(&t, true, &s));
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		char text[2 * RECEIPT_MAX];
		char *line = strstr(s.text,
		    (char[]){ lines[i][0], lines[i][1], lines[i][2], '\0' });
		const char *at = text;

		NEED(line != NULL);
		(void)snprintf(text, sizeof(text), "%.*s%s%s",
		    (int)(line - s.text), s.text, lines[i],
		    strchr(line, '\n') + 1);
		CHECK(receipt_next(&at, &r) == ATT_FORMAT);
	}
}

TEST("a public key comes back from its line, and nothing else is one")
{
	SAMPLE t = { 0 };
	struct signed_event s;
	char line[RECEIPT_KEY_TEXT];
	uint8_t pub[VAULT_PUBLIC_LEN];
	const char *at = line;

	NEED(sign(&t, false, &s));
	receipt_key_format(s.pub, line);
	CHECK(receipt_key_next(&at, pub) == ATT_OK);
	CHECK(memcmp(pub, s.pub, sizeof(pub)) == 0);
	CHECK(receipt_key_next(&at, pub) == ATT_ABSENT);
	line[strlen(line) - 1] = '\0';
	at = line;
	CHECK(receipt_key_next(&at, pub) == ATT_FORMAT);
	at = "attend-key 2 00";
	CHECK(receipt_key_next(&at, pub) == ATT_ABSENT);
}
