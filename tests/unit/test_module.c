/*
 * pam_attend.so as libpam runs it: what it asks, what it sends, what it
 * answers. A table row is a play: see module_stage.h.
 */
#include "test.h"

#include "module_stage.h"

#define PASSWORD(options) \
	"password required attend " options "\nauth required attend"

#define CHECK_PLAYS(rows)                                                \
	for (size_t i_ = 0; i_ < sizeof(rows) / sizeof((rows)[0]); i_++) \
	stage_check(&(rows)[i_], &(struct seen){ 0 })

TEST("one question, and attendd's verdict is the answer")
{
	static const struct play rows[] = {
		{ "right PIN", ALONE, "e1001", "a", "Pa", "482913", PAM_SUCCESS,
		    "[PIN: ]", "1.0:e1001 =482913 " },
		{ "wrong PIN", ALONE, "e1001", "a", "PWd", "1", PAM_AUTH_ERR,
		    "[PIN: ]<no>", "1.0:e1001 =1 " },
		{ "an empty PIN is told as such", ALONE, "e1001", "a", "Pd",
		    "-", PAM_AUTH_ERR, "[PIN: ]", "1.0:e1001 = " },
		{ "locked", ALONE, "e1001", "a", "Wl", "1", PAM_MAXTRIES,
		    "<no>", "1.0:e1001 " },
		{ "no consent", ALONE, "e1001", "a", "PWc", "1",
		    PAM_PERM_DENIED, NULL, NULL },
		{ "ended", ALONE, "e1001", "a", "Pe", "1", PAM_PERM_DENIED,
		    NULL, NULL },
		{ "store in trouble", ALONE, "e1001", "a", "u", "1",
		    PAM_AUTHINFO_UNAVAIL, "", NULL },
		{ "not known to attendd", ALONE, "e1001", "a", "Pk", "1",
		    PAM_AUTH_ERR, NULL, NULL },
		{ "the application asks for the name", ALONE, NULL, "a", "Pa",
		    "e1001,482913", PAM_SUCCESS, "[login:][PIN: ]",
		    "1.0:e1001 =482913 " },
		{ "the longest answer", ALONE, "e1001", "a", "Pd", "most",
		    PAM_AUTH_ERR, NULL, "1.0:e1001 =511 bytes " },
	};

	CHECK_PLAYS(rows);
}

TEST("others' names get no prompt, no connection and USER_UNKNOWN")
{
	static const struct play rows[] = {
		{ "root", ALONE, "root", "a", "Pa", "1", PAM_USER_UNKNOWN, "",
		    "" },
		{ "root's account", ALONE, "root", "c", "a", "1",
		    PAM_USER_UNKNOWN, "", "" },
		{ "a local account", ALONE, "visitor", "a", "Pa", "1",
		    PAM_USER_UNKNOWN, "", "" },
		{ "its PIN", ALONE, "visitor", "p", "Pa", "1", PAM_USER_UNKNOWN,
		    "", "" },
		{ "capitals", ALONE, "E1001", "a", "Pa", "1", PAM_USER_UNKNOWN,
		    "", "" },
		{ "a dash", ALONE, "-e1001", "a", "Pa", "1", PAM_USER_UNKNOWN,
		    "", "" },
		{ "NIS", ALONE, "+e1001", "c", "a", "1", PAM_USER_UNKNOWN, "",
		    "" },
		{ "33 letters", ALONE, "abcdefghijklmnopqrstuvwxyz0123456", "a",
		    "Pa", "1", PAM_USER_UNKNOWN, "", "" },
		{ "an escape", ALONE, "e1001\033[2J", "a", "Pa", "1",
		    PAM_USER_UNKNOWN, "", "" },
		{ "an empty name typed", ALONE, NULL, "a", "Pa", "-,1",
		    PAM_USER_UNKNOWN, "[login:]", "" },
		{ "sessions are left alone", ALONE, "visitor", "ol", "a", "1",
		    PAM_SUCCESS, "", "" },
		{ "ignored if so wished",
		    AUTH("ignore_unknown_user") "\nauth required pam_permit.so",
		    "visitor", "a", "Pa", "1", PAM_SUCCESS, "", "" },
		{ "the same for an account",
		    "account required attend ignore_unknown_user\n"
		    "account required pam_permit.so",
		    "visitor", "c", "a", "1", PAM_SUCCESS, "", "" },
		{ "but never ours", AUTH("ignore_unknown_user"), "e1001", "a",
		    "Pd", "1", PAM_AUTH_ERR, NULL, NULL },
	};

	CHECK_PLAYS(rows);
}

TEST("a name that nobody knows goes the way of a wrong PIN")
{
	static const struct play rows[] = {
		{ "authenticate", ALONE, "e9999", "a", "PWd", "1", PAM_AUTH_ERR,
		    "[PIN: ]<no>", "1.0:e9999 =1 " },
		{ "account", ALONE, "e9999", "c", "a", NULL, PAM_USER_UNKNOWN,
		    "", "" },
		{ "its PIN", ALONE, "e9999", "p", "a", NULL, PAM_USER_UNKNOWN,
		    "", "" },
		{ "its session", ALONE, "e9999", "o", "a", NULL, PAM_SUCCESS,
		    "", "" },
		{ "attendd is away", ALONE, "e9999", "a", NULL, "1",
		    PAM_USER_UNKNOWN, "", "" },
		{ "its store is", ALONE, "e9999", "a", "u", "1",
		    PAM_USER_UNKNOWN, "", NULL },
	};

	CHECK_PLAYS(rows);
}

TEST("without attendd our people are refused, in each phase's own words")
{
	static const struct play rows[] = {
		{ "authenticate", ALONE, "e1001", "a", NULL, "1",
		    PAM_AUTHINFO_UNAVAIL, "", "" },
		{ "account", ALONE, "e1001", "c", NULL, NULL,
		    PAM_AUTHINFO_UNAVAIL, "", "" },
		{ "change", ALONE, "e1001", "p", NULL, "1", PAM_TRY_AGAIN, "",
		    "" },
		{ "setcred agrees", "auth required pam_permit.so\n" ALONE,
		    "visitor", "s", NULL, NULL, PAM_SUCCESS, "", "" },
		{ "sessions go on", ALONE, "e1001", "ol", NULL, NULL,
		    PAM_SUCCESS, "", "" },
		{ "it leaves before it asks", ALONE, "e1001", "a", "x", "1",
		    PAM_AUTHINFO_UNAVAIL, "", "1.0:e1001 " },
		{ "it sends what no login has", ALONE, "e1001", "a", "OPa", "1",
		    PAM_AUTHINFO_UNAVAIL, "", "1.0:e1001 " },
	};

	CHECK_PLAYS(rows);
}

TEST("account and session are asked of attendd with their phase and flags")
{
	static const struct play rows[] = {
		{ "account", ALONE, "e1001", "c", "Ia", NULL, PAM_SUCCESS,
		    "<hi>", "2.0:e1001 " },
		{ "a consent is asked for", ALONE, "e1001", "c", "ITa", "yes",
		    PAM_SUCCESS, "<hi>[Agree? ]", "2.0:e1001 =yes " },
		{ "nobody to ask", ALONE, "e1001", "c", "TWc", "error",
		    PAM_PERM_DENIED, "[Agree? ]<no>", "2.0:e1001 none " },
		{ "silent", ALONE, "e1001", "C", "IWa", NULL, PAM_SUCCESS, "",
		    "2.1:e1001 " },
		{ "a new PIN is due", ALONE, "e1001", "c", "m", NULL,
		    PAM_NEW_AUTHTOK_REQD, "", NULL },
		{ "employment ended", ALONE, "e1001", "c", "We", NULL,
		    PAM_ACCT_EXPIRED, "<no>", NULL },
		{ "erased, still listed", ALONE, "e1001", "c", "k", NULL,
		    PAM_PERM_DENIED, "", NULL },
		{ "sessions", ALONE, "e1001", "ol", "a", NULL, PAM_SUCCESS, "",
		    "3.0:e1001 4.0:e1001 " },
		{ "a session that is not recorded", ALONE, "e1001", "o", "u",
		    NULL, PAM_SUCCESS, "", "3.0:e1001 " },
	};

	CHECK_PLAYS(rows);
}

TEST("a conversation that gives nothing is told as nobody there")
{
	static const struct play rows[] = {
		{ "NULL", ALONE, "e1001", "a", "Pd", "null", PAM_AUTH_ERR,
		    "[PIN: ]", "1.0:e1001 none " },
		{ "an error", ALONE, "e1001", "a", "Pd", "error", PAM_AUTH_ERR,
		    "[PIN: ]", "1.0:e1001 none " },
		{ "too long an answer", ALONE, "e1001", "a", "Pd", "more",
		    PAM_AUTH_ERR, "[PIN: ]", "1.0:e1001 none " },
		{ "no name", ALONE, NULL, "a", "Pa", "error", PAM_CONV_ERR,
		    "[login:]", "" },
		{ "no old PIN", ALONE, "e1001", "p", "Pd", "error",
		    PAM_AUTHTOK_ERR, "[PIN: ]", NULL },
		{ "no new PIN", ALONE, "e1001", "p", "Pa|PNb", "1,null",
		    PAM_AUTHTOK_ERR, "[PIN: ][New: ]", NULL },
	};

	CHECK_PLAYS(rows);
}

TEST("a conversation that says later is asked the same question then")
{
	static const struct play rows[] = {
		{ "later", ALONE, "e1001", "a", "Pa", "again", PAM_INCOMPLETE,
		    "[PIN: ]", "1.0:e1001 " },
		{ "and then", ALONE, "e1001", "aa", "Pa", "again,482913",
		    PAM_SUCCESS, "[PIN: ][PIN: ]",
		    "1.0:e1001 1.0:e1001 =482913 " },
		{ "the name later", ALONE, NULL, "aa", "Pa",
		    "again,e1001,482913", PAM_SUCCESS, NULL,
		    "1.0:e1001 =482913 " },
		{ "too late: a second question", ALONE, "e1001", "c", "TTc",
		    "x,again", PAM_PERM_DENIED, NULL, "2.0:e1001 =x none " },
	};

	CHECK_PLAYS(rows);
}

TEST("what was typed while attendd went away is not asked for again")
{
	static const struct play rows[] = {
		{ "it is said again", ALONE, "e1001", "a", "Px|Pa", "482913",
		    PAM_SUCCESS, "[PIN: ]", "1.0:e1001 1.0:e1001 =482913 " },
		{ "once", ALONE, "e1001", "a", "Px|Px|Pa", "482913",
		    PAM_AUTHINFO_UNAVAIL, "[PIN: ]", "1.0:e1001 1.0:e1001 " },
		{ "a second question is asked", ALONE, "e1001", "a", "Px|PPd",
		    "1,2", PAM_AUTH_ERR, "[PIN: ][PIN: ]",
		    "1.0:e1001 1.0:e1001 =1 =2 " },
	};

	CHECK_PLAYS(rows);
}

#define TWO(second) AUTH("set_authtok") "\n" AUTH(second)

TEST("the PIN of a module before is used as the options say")
{
	static const struct play rows[] = {
		{ "asked again without an option", TWO(""), "e1001", "a", "Pa",
		    "1,2", PAM_SUCCESS, "[PIN: ][PIN: ]",
		    "1.0:e1001 =1 1.0:e1001 =2 " },
		{ "not left behind without set_authtok",
		    AUTH("") "\n" AUTH("try_first_pass"), "e1001", "a", "Pa",
		    "1,2", PAM_SUCCESS, "[PIN: ][PIN: ]",
		    "1.0:e1001 =1 1.0:e1001 =2 " },
		{ "use_first_pass", TWO("use_first_pass"), "e1001", "a", "Pa",
		    "1", PAM_SUCCESS, "[PIN: ]", "1.0:e1001 =1 1.0:e1001 =1 " },
		{ "use_first_pass, and it is wrong", TWO("use_first_pass"),
		    "e1001", "a", "Pa|Pd", "1,2", PAM_AUTH_ERR, "[PIN: ]",
		    "1.0:e1001 =1 1.0:e1001 =1 " },
		{ "use_first_pass, and there is none", AUTH("use_first_pass"),
		    "e1001", "a", "Pd", "1", PAM_AUTH_ERR, "",
		    "1.0:e1001 none " },
		{ "try_first_pass", TWO("try_first_pass"), "e1001", "a", "Pa",
		    "1", PAM_SUCCESS, "[PIN: ]", "1.0:e1001 =1 1.0:e1001 =1 " },
		{ "try_first_pass, and it is wrong", TWO("try_first_pass"),
		    "e1001", "a", "Pa|Pd|Pa", "1,2", PAM_SUCCESS,
		    "[PIN: ][PIN: ]",
		    "1.0:e1001 =1 1.0:e1001 =1 1.0:e1001 =2 " },
		{ "try_first_pass, and there is none", AUTH("try_first_pass"),
		    "e1001", "a", "Pd", "2", PAM_AUTH_ERR, "[PIN: ]",
		    "1.0:e1001 =2 " },
		{ "a refused PIN is not left behind",
		    "auth optional attend set_authtok\n" AUTH("use_first_pass"),
		    "e1001", "a", "Pd|Pd", "1", PAM_AUTH_ERR, "[PIN: ]",
		    "1.0:e1001 =1 1.0:e1001 none " },
	};

	CHECK_PLAYS(rows);
}

TEST("a PIN is changed in two steps, the old one asked once")
{
	static const struct play rows[] = {
		{ "both steps (root: real uid 0)", ALONE, "e1001", "p",
		    "Pa|PNGa", "1,2,2", PAM_SUCCESS, "[PIN: ][New: ][Again: ]",
		    "5.a:e1001 =1 5.8:e1001 =1 =2 =2 " },
		{ "only if expired", ALONE, "e1001", "e", "a|a", NULL,
		    PAM_SUCCESS, "", "5.e:e1001 5.c:e1001 " },
		{ "wrong old PIN: nothing new is asked", ALONE, "e1001", "p",
		    "PWd", "1", PAM_AUTH_ERR, "[PIN: ]<no>", "5.a:e1001 =1 " },
		{ "changed by somebody else meanwhile", ALONE, "e1001", "p",
		    "Pa|Pd", "1", PAM_AUTH_ERR, "[PIN: ]",
		    "5.a:e1001 =1 5.8:e1001 =1 " },
		{ "new PIN refused", ALONE, "e1001", "p", "a|NGWb", "2,2",
		    PAM_AUTHTOK_ERR, "[New: ][Again: ]<no>", NULL },
		{ "locked", ALONE, "e1001", "p", "Wl", "1", PAM_PERM_DENIED,
		    "<no>", NULL },
		{ "attendd goes away in between", ALONE, "e1001", "p", "Pa|x",
		    "1", PAM_AUTHTOK_ERR, NULL, NULL },
		{ "attendd goes away while the new PIN is typed", ALONE,
		    "e1001", "p", "a|Nx|NGa", "2,2", PAM_SUCCESS,
		    "[New: ][Again: ]",
		    "5.a:e1001 5.8:e1001 5.8:e1001 =2 =2 " },
	};

	CHECK_PLAYS(rows);
}

TEST("stacked PIN changes hand the new PIN on as the options say")
{
	static const struct play rows[] = {
		{ "use_authtok",
		    "password required attend\n"
		    "password required attend use_authtok",
		    "e1001", "p", "a|a|NGa|NGa", "2,2", PAM_SUCCESS,
		    "[New: ][Again: ]",
		    "5.a:e1001 5.a:e1001 5.8:e1001 =2 =2 5.8:e1001 =2 =2 " },
		{ "use_authtok and there is none", PASSWORD("use_authtok"),
		    "e1001", "p", "a|Nb", "2", PAM_AUTHTOK_ERR, "",
		    "5.a:e1001 5.8:e1001 none " },
		{ "use_authtok is given once, not thrice",
		    "password required attend\n"
		    "password required attend use_authtok",
		    "e1001", "p", "a|a|NGa|NGNb", "2,2", PAM_AUTHTOK_ERR,
		    "[New: ][Again: ]",
		    "5.a:e1001 5.a:e1001 5.8:e1001 =2 =2 "
		    "5.8:e1001 =2 =2 none " },
		{ "use_first_pass for the old PIN",
		    "password required attend\n"
		    "password required attend use_first_pass",
		    "e1001", "p", "Pa|Pa|PNGa|PNGa", "1,2,2,3,3", PAM_SUCCESS,
		    "[PIN: ][New: ][Again: ][New: ][Again: ]", NULL },
	};

	CHECK_PLAYS(rows);
}

TEST("a bad option refuses our people and nobody else; an unknown one does not")
{
	static const struct play rows[] = {
		{ "ours", AUTH("use_first_pass=maybe"), "e1001", "a", "Pa", "1",
		    PAM_SYSTEM_ERR, "", "" },
		{ "ours, account", "account required attend nodelay=1", "e1001",
		    "c", "a", NULL, PAM_SYSTEM_ERR, "", "" },
		{ "others", AUTH("use_first_pass=maybe"), "visitor", "a", "Pa",
		    "1", PAM_USER_UNKNOWN, "", "" },
		{ "unknown", AUTH("debug no_such=thing"), "e1001", "a", "Pa",
		    "1", PAM_SUCCESS, "[PIN: ]", NULL },
	};

	CHECK_PLAYS(rows);
}

TEST("PAM_SILENT stops texts and lets questions pass")
{
	static const struct play rows[] = {
		{ "silent", ALONE, "e1001", "A", "IPWd", "1", PAM_AUTH_ERR,
		    "[PIN: ]", "1.1:e1001 =1 " },
	};

	CHECK_PLAYS(rows);
}

TEST("no copy of an answer is left in memory, however the phase ends")
{
	static const struct play rows[] = {
		{ "success", ALONE, "e1001", "a", "Pa", "most", PAM_SUCCESS,
		    NULL, NULL },
		{ "failure", ALONE, "e1001", "a", "Pd", "most", PAM_AUTH_ERR,
		    NULL, NULL },
		{ "attendd leaves", ALONE, "e1001", "a", "Px", "most",
		    PAM_AUTHINFO_UNAVAIL, NULL, NULL },
		{ "it asks again", ALONE, "e1001", "a", "PPx", "most,most",
		    PAM_AUTHINFO_UNAVAIL, NULL, NULL },
		{ "too long", ALONE, "e1001", "a", "Pd", "more", PAM_AUTH_ERR,
		    NULL, NULL },
		{ "kept for the next module", TWO("use_first_pass"), "e1001",
		    "a", "Pa", "most", PAM_SUCCESS, NULL, NULL },
		{ "changed", ALONE, "e1001", "p", "Pa|PNGa", "most,most,most",
		    PAM_SUCCESS, NULL, NULL },
		{ "not changed", ALONE, "e1001", "p", "Pa|PNGb",
		    "most,most,most", PAM_AUTHTOK_ERR, NULL, NULL },
	};

	CHECK_PLAYS(rows);
}

TEST("a failure is followed by a delay, unless the options say otherwise")
{
	struct play p = { "", ALONE, "e1001", "a", "Pd", "1", 0, NULL, NULL };
	struct seen s = { 0 };

	if (!stage_play(&p, &s)) {
		test_skip("needs root and build/.../pam_attend.so");
		return;
	}
	CHECK(s.delay_ms >= 1500 && s.delay_ms <= 4500); /* 3 s +- 50 % */
	p.user = "visitor";
	NEED(stage_play(&p, &s));
	CHECK(s.delay_ms >= 1000 && s.delay_ms <= 3000);
	p.user = "e1001";
	p.stack = AUTH("nodelay");
	NEED(stage_play(&p, &s));
	CHECK(s.code == PAM_AUTH_ERR);
	CHECK(s.delay_ms == 0);
}
