/*
 * pam_attend.so with the option identify, as libpam runs it: who asks for the
 * name, who hears it, and what is left in PAM_USER.
 */
#include "test.h"

#include "module_stage.h"

struct who {
	struct play play;
	const char *left; /* in PAM_USER; NULL: whatever it is */
};

static void
check(const struct who *w)
{
	struct seen s = { 0 };
	bool fits;

	stage_check(&w->play, &s);
	fits = !s.played || w->left == NULL || strcmp(w->left, s.left) == 0;
	if (!fits)
		printf("# %s: left %s\n", w->play.what, s.left);
	CHECK(fits);
}

#define CHECK_WHO(rows)                                                  \
	for (size_t i_ = 0; i_ < sizeof(rows) / sizeof((rows)[0]); i_++) \
	check(&(rows)[i_])

#define WHO AUTH("identify")

TEST("who it is may be found out where the application gives no name")
{
	static const struct who rows[] = {
		{ { "recognised", WHO, NULL, "a", "TMPa", "-,482913",
		      PAM_SUCCESS, "[Agree? ][PIN: ]", "1.100: = =482913 " },
		    "e1001" },
		{ { "and a wrong PIN", WHO, NULL, "a", "TMPWd", "-,1",
		      PAM_AUTH_ERR, "[Agree? ][PIN: ]<no>", "1.100: = =1 " },
		    "e1001" },
		{ { "at the second touch", WHO, NULL, "a", "TWTMPa",
		      "-,-,482913", PAM_SUCCESS, NULL, NULL },
		    "e1001" },
		{ { "locked", WHO, NULL, "a", "TMWl", "-", PAM_MAXTRIES, NULL,
		      NULL },
		    "e1001" },
		{ { "the name is given: not asked", WHO, "e1001", "a", "Pa",
		      "482913", PAM_SUCCESS, "[PIN: ]", "1.0:e1001 =482913 " },
		    "e1001" },
		{ { "not without the option", ALONE, NULL, "a", "Pa",
		      "e1001,482913", PAM_SUCCESS, "[login:][PIN: ]",
		      "1.0:e1001 =482913 " },
		    "e1001" },
		{ { "later", WHO, NULL, "aa", "TMPa", "again,-,482913",
		      PAM_SUCCESS, NULL, "1.100: 1.100: = =482913 " },
		    "e1001" },
	};

	CHECK_WHO(rows);
}

TEST("nobody recognised: the name is asked for as ever")
{
	static const struct who rows[] = {
		{ { "no reader", WHO, NULL, "a", "k|Pa", "e1001,482913",
		      PAM_SUCCESS, "[login:][PIN: ]",
		      "1.100: 1.0:e1001 =482913 " },
		    "e1001" },
		{ { "not recognised", WHO, NULL, "a", "TWk|Pa",
		      "-,e1001,482913", PAM_SUCCESS,
		      "[Agree? ]<no>[login:][PIN: ]",
		      "1.100: = 1.0:e1001 =482913 " },
		    "e1001" },
		{ { "store in trouble", WHO, NULL, "a", "u", "e1001",
		      PAM_AUTHINFO_UNAVAIL, "[login:]", NULL },
		    "e1001" },
		{ { "a yes without a name is none", WHO, NULL, "a", "a|Pd",
		      "e1001,1", PAM_AUTH_ERR, "[login:][PIN: ]", NULL },
		    NULL },
		{ { "nobody there", WHO, NULL, "a", NULL, "root",
		      PAM_USER_UNKNOWN, "[login:]", "" },
		    "root" },
		{ { "nobody answers", WHO, NULL, "a", "Tk", "error,error",
		      PAM_CONV_ERR, "[Agree? ][login:]", "1.100: none " },
		    "" },
		{ { "a longer text than any name", WHO, NULL, "a", "Tk|Pa",
		      "more,e1001,1", PAM_SUCCESS, NULL, NULL },
		    "e1001" },
	};

	CHECK_WHO(rows);
}

TEST("a name that is typed is not told while attendd asks who it is")
{
	static const struct who rows[] = {
		{ { "one of ours", WHO, NULL, "a", "TMPa|Pa", "e1001,482913",
		      PAM_SUCCESS, "[Agree? ][PIN: ]",
		      "1.100: 1.0:e1001 =482913 " },
		    "e1001" },
		{ { "root", WHO, NULL, "a", "TMPa", "root", PAM_USER_UNKNOWN,
		      "[Agree? ]", "1.100: " },
		    "root" },
		{ { "a local account", WHO, NULL, "a", "TMPa", "visitor",
		      PAM_USER_UNKNOWN, "[Agree? ]", "1.100: " },
		    "visitor" },
		{ { "no name at all", WHO, NULL, "a", "TMPa", "Not A Name",
		      PAM_USER_UNKNOWN, "[Agree? ]", "1.100: " },
		    "Not A Name" },
		{ { "nobody's", WHO, NULL, "a", "TMPa|PWd", "e9999,1",
		      PAM_AUTH_ERR, "[Agree? ][PIN: ]<no>",
		      "1.100: 1.0:e9999 =1 " },
		    "e9999" },
		{ { "the module behind asks for no name",
		      WHO "\nauth required pam_permit.so", NULL, "a", "TMPa",
		      "visitor", PAM_USER_UNKNOWN, "[Agree? ]", NULL },
		    "visitor" },
		{ { "after a touch", WHO, NULL, "a", "TWTMPa|Pa",
		      "-,e1001,482913", PAM_SUCCESS, NULL,
		      "1.100: = 1.0:e1001 =482913 " },
		    "e1001" },
	};

	CHECK_WHO(rows);
}

TEST("only one of our people can be recognised, before any PIN, once")
{
	static const struct who rows[] = {
		{ { "a local account", WHO, NULL, "a", "TVPa|Pd", "-,e1001,1",
		      PAM_AUTH_ERR, "[Agree? ][login:][PIN: ]", NULL },
		    "e1001" },
		{ { "root", WHO, NULL, "a", "TRPa|Pd", "-,e1001,1",
		      PAM_AUTH_ERR, "[Agree? ][login:][PIN: ]", NULL },
		    "e1001" },
		{ { "nobody", WHO, NULL, "a", "TZPa|Pd", "-,e1001,1",
		      PAM_AUTH_ERR, "[Agree? ][login:][PIN: ]", NULL },
		    "e1001" },
		{ { "a PIN before the name", WHO, NULL, "a", "PMa|Pd",
		      "e1001,482913", PAM_AUTH_ERR, "[login:][PIN: ]", NULL },
		    "e1001" },
		{ { "twice", WHO, NULL, "a", "TMMPa", "-,1",
		      PAM_AUTHINFO_UNAVAIL, "[Agree? ]", NULL },
		    "e1001" },
		{ { "unasked", ALONE, "e1001", "a", "MPa", "1",
		      PAM_AUTHINFO_UNAVAIL, "", NULL },
		    "e1001" },
		{ { "unasked, to the same person's account", ALONE, "e1001",
		      "c", "Ma", NULL, PAM_AUTHINFO_UNAVAIL, "", NULL },
		    "e1001" },
	};

	CHECK_WHO(rows);
}

TEST("a touch that attendd did not live to see is not asked for again")
{
	static const struct who rows[] = {
		{ { "said again", WHO, NULL, "a", "Tx|TMPa", "-,482913",
		      PAM_SUCCESS, "[Agree? ][PIN: ]",
		      "1.100: 1.100: = =482913 " },
		    "e1001" },
		{ { "once, then the name", WHO, NULL, "a", "Tx|Tx|Pa",
		      "-,e1001,1", PAM_SUCCESS, "[Agree? ][login:][PIN: ]",
		      NULL },
		    "e1001" },
		{ { "an Enter is no PIN", WHO, NULL, "a", "Tx|TMPd", "-,1",
		      PAM_AUTH_ERR, NULL, "1.100: 1.100: = =1 " },
		    "e1001" },
	};

	CHECK_WHO(rows);
}

TEST("other options and who it is")
{
	static const struct who rows[] = {
		{ { "a token that must do",
		      AUTH("set_authtok") "\n" AUTH("identify use_first_pass"),
		      NULL, "a", "Pa", "e1001,482913", PAM_SUCCESS,
		      "[login:][PIN: ]", NULL },
		    "e1001" },
		{ { "a bad option", AUTH("identify nodelay=maybe"), NULL, "a",
		      "Pa", "e1001", PAM_SYSTEM_ERR, "[login:]", "" },
		    "e1001" },
		{ { "the PIN is left behind",
		      AUTH("identify set_authtok") "\n" AUTH("use_first_pass"),
		      NULL, "a", "TMPa|Pa", "-,482913", PAM_SUCCESS,
		      "[Agree? ][PIN: ]",
		      "1.100: = =482913 1.0:e1001 =482913 " },
		    "e1001" },
	};

	CHECK_WHO(rows);
}
