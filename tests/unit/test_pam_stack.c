/* PAM stacks walked without libpam come out as libpam's would. */
#include "admin/pam_stack.h"
#include "test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The files of a folder: name and text, ended by NULL. */
struct file {
	const char *name, *text;
};

static enum att_err
from_table(void *ctx, const char *name, char **text)
{
	for (const struct file *f = ctx; f->name != NULL; f++) {
		if (strcmp(f->name, name) != 0)
			continue;
		*text = strdup(f->text);
		return *text != NULL ? ATT_OK : ATT_NOMEM;
	}
	return ATT_ABSENT;
}

static enum att_err
build(struct pam_stack *s, struct file *files, enum pam_stack_type type,
    char where[64])
{
	return pam_stack_build(s, "svc", type, from_table, files, where, 64);
}

/* "good", "bad", "unknown", "deny" and "ignore" return what they are called. */
static enum pam_stack_code
by_name(void *ctx, const struct pam_stack_entry *e)
{
	(void)ctx;
	if (strcmp(e->module, "good") == 0)
		return PAM_STACK_SUCCESS;
	if (strcmp(e->module, "unknown") == 0)
		return PAM_STACK_USER_UNKNOWN;
	if (strcmp(e->module, "deny") == 0)
		return PAM_STACK_PERM_DENIED;
	return strcmp(e->module, "bad") == 0 ? PAM_STACK_AUTH_ERR
					     : PAM_STACK_IGNORE;
}

TEST("a stack of an authentication type comes out as libpam's")
{
	static const struct {
		const char *what, *text;
		bool success;
	} rows[] = {
		{ "nothing decides", "auth required ignore.so\n", false },
		{ "an empty stack", "account required good.so\n", false },
		{ "one good", "auth required good.so\n", true },
		{ "one bad", "auth required bad.so\n", false },
		{ "required bad is sticky",
		    "auth required bad.so\nauth required good.so\n", false },
		{ "requisite ends at once",
		    "auth requisite bad.so\nauth required good.so\n", false },
		{ "sufficient good ends well",
		    "auth sufficient good.so\nauth required bad.so\n", true },
		{ "but not over an earlier failure",
		    "auth required bad.so\nauth sufficient good.so\n"
		    "auth required good.so\n",
		    false },
		{ "sufficient bad does not matter",
		    "auth sufficient bad.so\nauth required good.so\n", true },
		{ "sufficient bad alone is no success",
		    "auth sufficient bad.so\n", false },
		{ "optional good alone suffices", "auth optional good.so\n",
		    true },
		{ "optional bad does not matter",
		    "auth optional bad.so\nauth required good.so\n", true },
		{ "a jump over the refusal",
		    "auth [success=1 default=ignore] good.so\n"
		    "auth requisite bad.so\nauth required good.so\n",
		    true },
		{ "no jump into it",
		    "auth [success=1 default=ignore] bad.so\n"
		    "auth requisite bad.so\nauth required good.so\n",
		    false },
		{ "a jump alone decides nothing",
		    "auth [success=1 default=ignore] good.so\n"
		    "auth requisite bad.so\n",
		    false },
		{ "a jump to the end",
		    "auth required good.so\n"
		    "auth [success=1 default=ignore] good.so\n"
		    "auth required bad.so\n",
		    true },
		{ "a jump past the end is refused",
		    "auth required good.so\n"
		    "auth [success=2 default=ignore] good.so\n"
		    "auth required bad.so\n",
		    false },
		{ "two jumps, Debian's way",
		    "auth [success=2 default=ignore] unknown.so\n"
		    "auth [success=1 default=ignore] good.so\n"
		    "auth requisite bad.so\nauth required good.so\n",
		    true },
		{ "unlisted codes are bad",
		    "auth [success=ok] unknown.so\n"
		    "auth required good.so\n",
		    false },
		{ "listed ones are not",
		    "auth [success=ok user_unknown=ignore] unknown.so\n"
		    "auth required good.so\n",
		    true },
		{ "default means the unlisted ones only",
		    "auth [user_unknown=ignore default=die] unknown.so\n"
		    "auth required good.so\n",
		    true },
		{ "ok keeps a failure on top of good",
		    "auth required good.so\n"
		    "auth [default=ok] bad.so\nauth required good.so\n",
		    false },
		{ "ok with nothing decided yet decides nothing",
		    "auth [default=ok] bad.so\nauth required good.so\n", true },
		{ "reset forgets",
		    "auth required bad.so\nauth [default=reset] bad.so\n"
		    "auth required good.so\n",
		    true },
		{ "die ends",
		    "auth [default=die] good.so\n"
		    "auth required good.so\n",
		    false },
		{ "words in any case, dash, path, comment, blank lines",
		    "# head\n\n  -AUTH\tRequired /usr/lib/x/good.so a b # c\n",
		    true },
		{ "lines go on behind a backslash",
		    "auth [success=1 \\\n default=ignore] \\\n good.so\n"
		    "auth requisite bad.so\nauth required good.so\n",
		    true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct file files[] = { { "svc", rows[i].text },
			{ NULL, NULL } };
		struct pam_stack s;
		char where[64];
		bool success;

		NEED(build(&s, files, PAM_STACK_AUTH, where) == ATT_OK);
		success = pam_stack_walk(&s, by_name, NULL);
		if (success != rows[i].success)
			printf("# %s\n", rows[i].what);
		CHECK(success == rows[i].success);
	}
}

TEST("an include is as if its lines stood there")
{
	struct file files[] = { { "svc",
				    "@include all\nauth include more\n"
				    "account include more\n" },
		{ "all", "auth required good.so\naccount required good.so\n" },
		{ "more", "auth required bad.so\naccount required good.so\n" },
		{ NULL, NULL } };
	struct pam_stack s;
	char where[64];

	NEED(build(&s, files, PAM_STACK_AUTH, where) == ATT_OK);
	CHECK(s.n == 2 && strcmp(s.entry[1].module, "bad") == 0);
	CHECK(!pam_stack_walk(&s, by_name, NULL));
	NEED(build(&s, files, PAM_STACK_ACCOUNT, where) == ATT_OK);
	CHECK(s.n == 2);
	CHECK(pam_stack_walk(&s, by_name, NULL));
}

TEST("done and die in a substack end the substack only")
{
	struct file files[] = {
		{ "svc", "auth substack sub\nauth required bad.so\n" },
		{ "sub", "auth sufficient good.so\nauth required bad.so\n" },
		{ NULL, NULL }
	};
	struct pam_stack s;
	char where[64];

	NEED(build(&s, files, PAM_STACK_AUTH, where) == ATT_OK);
	CHECK(!pam_stack_walk(&s, by_name, NULL));
	files[0].text = "auth substack sub\nauth required good.so\n";
	NEED(build(&s, files, PAM_STACK_AUTH, where) == ATT_OK);
	CHECK(pam_stack_walk(&s, by_name, NULL));
	files[0].text = "auth include sub\nauth required bad.so\n";
	NEED(build(&s, files, PAM_STACK_AUTH, where) == ATT_OK);
	CHECK(pam_stack_walk(&s, by_name, NULL));
	files[0].text = "auth substack sub\nauth [default=reset] bad.so\n"
			"auth required good.so\n";
	files[1].text = "auth requisite bad.so\nauth required good.so\n";
	NEED(build(&s, files, PAM_STACK_AUTH, where) == ATT_OK);
	CHECK(pam_stack_walk(&s, by_name, NULL));
}

TEST("a jump over a substack counts it as one")
{
	struct file files[] = { { "svc",
				    "auth [success=1 default=ignore] good.so\n"
				    "auth substack sub\n"
				    "auth required good.so\n" },
		{ "sub", "auth required bad.so\nauth required bad.so\n" },
		{ NULL, NULL } };
	struct pam_stack s;
	char where[64];

	NEED(build(&s, files, PAM_STACK_AUTH, where) == ATT_OK);
	CHECK(pam_stack_walk(&s, by_name, NULL));
}

TEST("a type that the service does not have comes from other")
{
	struct file files[] = { { "svc", "auth required good.so\n" },
		{ "other", "account required bad.so\n" }, { NULL, NULL } };
	struct pam_stack s;
	char where[64];

	NEED(build(&s, files, PAM_STACK_ACCOUNT, where) == ATT_OK);
	CHECK(s.n == 1 && strcmp(s.entry[0].module, "bad") == 0);
	files[1].name = NULL;
	NEED(build(&s, files, PAM_STACK_ACCOUNT, where) == ATT_OK);
	CHECK(s.n == 0);
}

TEST("a line libpam would refuse is named by its file")
{
	static const struct {
		const char *text;
		enum att_err e;
	} rows[] = {
		{ "auth required good.so\n", ATT_OK },
		{ "auht required good.so\n", ATT_FORMAT },
		{ "auth\n", ATT_FORMAT },
		{ "auth required\n", ATT_FORMAT },
		{ "auth requird good.so\n", ATT_FORMAT },
		{ "auth [success good.so\n", ATT_FORMAT },
		{ "auth [success] good.so\n", ATT_FORMAT },
		{ "auth [success=0] good.so\n", ATT_FORMAT },
		{ "auth [success=okay] good.so\n", ATT_FORMAT },
		{ "auth include\n", ATT_FORMAT },
		{ "@include\n", ATT_FORMAT },
		{ "auth include gone\n", ATT_ABSENT },
		{ "auth include sub\n", ATT_LIMIT },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct file files[] = { { "svc", "@include sub\n" },
			{ "sub", rows[i].text }, { NULL, NULL } };
		struct pam_stack s;
		char where[64] = "";

		CHECK(build(&s, files, PAM_STACK_AUTH, where) == rows[i].e);
		CHECK(strcmp(where, rows[i].e == ATT_ABSENT ? "gone" : "sub") ==
		    0);
	}
}

TEST("a stack holds its limit of entries and refuses one more")
{
	char text[(PAM_STACK_MAX + 1) * 32] = "";
	struct file files[] = { { "svc", text }, { NULL, NULL } };
	struct pam_stack s;
	char where[64];

	for (size_t i = 0; i < PAM_STACK_MAX; i++)
		strcat(text, "auth required good.so\n");
	CHECK(build(&s, files, PAM_STACK_AUTH, where) == ATT_OK);
	CHECK(s.n == PAM_STACK_MAX);
	strcat(text, "auth required good.so\n");
	CHECK(build(&s, files, PAM_STACK_AUTH, where) == ATT_LIMIT);
}
