#include "admin/verbs.h"

#define JSON                                                    \
	{                                                       \
		"json", VERB_FLAG, false, NULL, "print as JSON" \
	}
#define HTML                                                      \
	{                                                         \
		"html", VERB_FLAG, false, NULL, "print as a page" \
	}
#define REQUEST_FORM                                                          \
	{ "field", VERB_TEXT, false, "F",                                     \
		"what to correct: name, born, email, phone, department, "     \
		"position, hired or ended" },                                 \
	    { "value", VERB_TEXT, false, "V", "its right value" },            \
	    { "purpose", VERB_TEXT, false, "P",                               \
		    "which consent to withdraw; login unless given" },        \
	{                                                                     \
		"text", VERB_TEXT, false, "TEXT", "what else there is to say" \
	}
#define LANG                                   \
	{                                      \
		"lang", VERB_TEXT, false, "L", \
		    "language of the notice "  \
		    "text, en or zh_CN"        \
	}
#define PURPOSE                                                             \
	{                                                                   \
		"purpose", VERB_TEXT, false, "P",                           \
		    "login, attendance, biometric.finger, biometric.face, " \
		    "photo, location or disclosure"                         \
	}
#define RECEIPT                                                  \
	{                                                        \
		"receipt", VERB_FLAG, false, NULL,               \
		    "print receipts to keep; see attend-receipt" \
	}
#define RECIPIENT                                            \
	{ "recipient", VERB_TEXT, false, "WHOM",             \
		"to whom; of a disclosure only" },           \
	{                                                    \
		"for", VERB_TEXT, false, "AIM",              \
		    "what the recipient does with it; of a " \
		    "disclosure only"                        \
	}
#define FINGER(needed)                                        \
	{                                                     \
		"finger", VERB_TEXT, needed, "F",             \
		    "right- or left-thumb, -index, -middle, " \
		    "-ring or -little"                        \
	}
#define YES                                                      \
	{                                                        \
		"yes", VERB_FLAG, false, NULL, "do not ask back" \
	}
#define PERSON_OPTIONS                                               \
	{ "login", VERB_TEXT, false, "L",                            \
		"login name; \"e\" and the number unless given" },   \
	    { "birth", VERB_DATE, false, "D", "date of birth" },     \
	    { "department", VERB_TEXT, false, "D", "department" },   \
	    { "position", VERB_TEXT, false, "P", "position" },       \
	    { "hired", VERB_DATE, false, "D", "first day of work" }, \
	    { "ended", VERB_DATE, false, "D", "last day of work" },  \
	    { "email", VERB_TEXT, false, "E", "e-mail address" },    \
	    { "phone", VERB_TEXT, false, "P", "telephone number" },  \
	    { "source", VERB_TEXT, false, "S",                       \
		    "where the values come from; the office unless " \
		    "given" },                                       \
	    BASIS(false)
#define BASIS(needed)                                            \
	{                                                        \
		"basis", VERB_TEXT, needed, "B",                 \
		    "on what they are held: consent, contract, " \
		    "legal-duty, public-interest, "              \
		    "vital-interests, public-by-person or "      \
		    "lawfully-published"                         \
	}

const struct verb verbs[] = {
	{ .words = "init",
	    .who = VERB_ROOT,
	    .help = "make site key, store, first notice and directory" },

	{ .words = "employee add",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { { "name", VERB_TEXT, true, "N", "full name" },
		PERSON_OPTIONS },
	    .help = "add an employee" },
	{ .words = "employee list",
	    .who = VERB_ROOT,
	    .options = { { "department", VERB_TEXT, false, "D",
			     "only of this department" },
		JSON },
	    .help = "list employees" },
	{ .words = "employee show",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { JSON },
	    .help = "show all that is held about an employee" },
	{ .words = "employee set",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { { "name", VERB_TEXT, false, "N", "full name" },
		PERSON_OPTIONS },
	    .help = "change an employee; \"\" or none clears a field" },
	{ .words = "employee suspend",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .help = "refuse an employee until resumed" },
	{ .words = "employee resume",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .help = "end a suspension" },
	{ .words = "employee end",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { { "on", VERB_DATE, false, "D",
		"last day of work; today unless given" } },
	    .help = "record the end of an employment" },
	{ .words = "employee unlock",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .help = "lift a lock after failed attempts" },

	{ .words = "employee erase",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { { "reason", VERB_TEXT, true, "R",
			     "unlawful, no-consent, breach, account-closed or "
			     "service-ended" },
		YES },
	    .help = "erase an employee for ever" },

	{ .words = "pin set",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { { "must-change", VERB_FLAG, false, NULL,
		"a new PIN is asked at the next login" } },
	    .help = "set a PIN; it is asked, or read from standard input" },

	{ .words = "consent record",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { PURPOSE, RECIPIENT,
		{ "paper", VERB_FILE_IN, false, "FILE",
		    "scan of the signed paper; its hash is kept" },
		{ "refused", VERB_FLAG, false, NULL, "the answer was no" },
		LANG },
	    .help = "record a person's answer to the notice in force" },
	{ .words = "consent withdraw",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { PURPOSE, RECIPIENT,
		{ "paper", VERB_FILE_IN, false, "FILE",
		    "scan of the signed paper; its hash is kept" } },
	    .help = "record that a person withdrew consent" },
	{ .words = "consent show",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { PURPOSE, RECEIPT, JSON },
	    .help = "show what a person agreed to" },

	{ .words = "guardian record",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { { "name", VERB_TEXT, true, "N",
			     "the guardian's name" },
		{ "relation", VERB_TEXT, true, "R",
		    "relation to the minor, as in mother" },
		{ "paper", VERB_FILE_IN, true, "FILE",
		    "scan of the signed paper; its hash is kept" },
		{ "until", VERB_DATE, false, "D",
		    "last day it holds; to majority unless given" },
		PURPOSE, RECIPIENT, LANG },
	    .help = "record a guardian's consent for a minor" },
	{ .words = "guardian withdraw",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { PURPOSE, RECIPIENT,
		{ "paper", VERB_FILE_IN, false, "FILE",
		    "scan of the signed paper; its hash is kept" } },
	    .help = "record that a guardian withdrew consent" },
	{ .words = "guardian show",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { PURPOSE, RECEIPT, JSON },
	    .help = "show what a minor's guardian agreed to" },

	{ .words = "finger enrol",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { FINGER(true) },
	    .help = "enrol a finger of a person at the reader" },
	{ .words = "finger list",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { JSON },
	    .help = "list the fingers that a person has enrolled" },
	{ .words = "finger delete",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { FINGER(false), YES },
	    .help = "destroy what is kept of a finger, of all unless one is "
		    "named" },
	{ .words = "finger test",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { HTML, JSON },
	    .help = "compare one touch with a person's fingers" },
	{ .words = "finger export",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER", "+FILE" },
	    .options = { FINGER(true) },
	    .help = "write a finger as a record of ISO/IEC 19794-2" },
	{ .words = "finger import",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER", "@FILE" },
	    .options = { FINGER(true) },
	    .help = "enrol a finger from a record of ISO/IEC 19794-2" },
	{ .words = "finger quality",
	    .who = VERB_ROOT,
	    .options = { HTML, JSON },
	    .help = "measure how well the enrolled fingers tell people apart" },

	{ .words = "notice publish",
	    .who = VERB_ROOT,
	    .positional = { "@FILE" },
	    .options = { { "version", VERB_TEXT, true, "V",
			     "version, as in 2 or 2026-04" },
		{ "lang", VERB_TEXT, true, "L", "language, en or zh_CN" },
		{ "major", VERB_TEXT, false, "KINDS",
		    "needs everybody's consent again, for it changes: "
		    "service, ownership, recipients, rights, contact, risk" },
		{ "effective", VERB_TIME, false, "T",
		    "in force from then on; at once unless given" },
		{ "short", VERB_FILE_IN, false, "FILE",
		    "text shown at login; the first paragraph unless "
		    "given" } },
	    .help = "publish a privacy notice" },
	{ .words = "notice list",
	    .who = VERB_ROOT,
	    .options = { JSON },
	    .help = "list every notice ever published" },
	{ .words = "notice show",
	    .who = VERB_ROOT,
	    .optional_positional = true,
	    .paged = true,
	    .positional = { "VERSION" },
	    .options = { LANG, JSON },
	    .help = "print a notice; the one in force unless named" },

	{ .words = "request open",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER", "KIND" },
	    .options = { REQUEST_FORM,
		{ "how", VERB_TEXT, false, "H",
		    "what showed whose it is: id-document, staff-card, "
		    "in-person or callback" } },
	    .help = "receive a request: access, correct, delete, withdraw, "
		    "feedback" },
	{ .words = "request verify",
	    .who = VERB_ROOT,
	    .positional = { "REQUEST" },
	    .options = { { "how", VERB_TEXT, true, "H",
		"what showed whose it is: id-document, staff-card, in-person "
		"or callback" } },
	    .help = "record that it is known whose request it is" },
	{ .words = "request fulfil",
	    .who = VERB_ROOT,
	    .positional = { "REQUEST" },
	    .options = { { "answer", VERB_TEXT, false, "TEXT",
			     "for the person to read" },
		HTML, JSON },
	    .help = "do what was asked for; access prints the report" },
	{ .words = "request refuse",
	    .who = VERB_ROOT,
	    .positional = { "REQUEST" },
	    .options = { { "reason", VERB_TEXT, true, "R",
			     "legal-duty, national-security, public-interest, "
			     "criminal, abuse, vital-interests, "
			     "others-rights or trade-secret" },
		{ "evidence", VERB_FILE_IN, false, "FILE",
		    "what shows the abuse; its hash is kept" },
		{ "answer", VERB_TEXT, false, "TEXT",
		    "for the person to read" } },
	    .help = "refuse a request, for a reason of the list" },
	{ .words = "request list",
	    .who = VERB_ROOT,
	    .options = { { "all", VERB_FLAG, false, NULL, "closed ones too" },
		JSON },
	    .help = "list open requests and the days left to answer" },
	{ .words = "request show",
	    .who = VERB_ROOT,
	    .positional = { "REQUEST" },
	    .options = { JSON },
	    .help = "show one request" },

	{ .words = "disclose",
	    .who = VERB_ROOT,
	    .repeats = true,
	    .positional = { "NUMBER" },
	    .options = { { "to", VERB_TEXT, true, "WHOM", "to whom it goes" },
		{ "basis", VERB_TEXT, true, "B",
		    "consent, transfer, legal-duty, national-security, "
		    "public-interest, criminal, vital-interests, "
		    "public-by-person, contract, lawfully-published, "
		    "operation, news or research" },
		{ "purpose", VERB_TEXT, true, "AIM",
		    "what the recipient does with it" },
		{ "fields", VERB_TEXT, true, "LIST",
		    "what goes out: number, name, born, email, phone, "
		    "department, position, hired, ended, attendance" },
		{ "decided-by", VERB_TEXT, true, "NUMBER",
		    "the employee who decided it" },
		JSON },
	    .help = "print data of people for a recipient, on record" },
	{ .words = "export",
	    .who = VERB_ROOT,
	    .options = { { "deidentified", VERB_FLAG, false, NULL,
			     "the only kind there is" },
		JSON },
	    .help = "print data in which nobody can be told from others" },

	{ .words = "attendance list",
	    .who = VERB_ROOT,
	    .optional_positional = true,
	    .positional = { "NUMBER" },
	    .options = { { "from", VERB_TIME, false, "T",
			     "not before this time" },
		{ "to", VERB_TIME, false, "T",
		    "not after this day, or before this time" },
		JSON },
	    .help = "list attendance events" },

	{ .words = "import csv",
	    .who = VERB_ROOT,
	    .positional = { "@FILE" },
	    .options = { { "source", VERB_TEXT, true, "WHO",
			     "who supplies the values, as in \"staff office\"" },
		BASIS(true),
		{ "apply", VERB_FLAG, false, NULL,
		    "do it; without it only what would change is shown" },
		JSON },
	    .help = "add and change employees from a file" },

	{ .words = "explain",
	    .who = VERB_ROOT,
	    .positional = { "NUMBER" },
	    .options = { { "service", VERB_TEXT, false, "S",
			     "PAM service; login unless given" },
		{ "at", VERB_TIME, false, "T", "time; now unless given" },
		JSON },
	    .help = "say why a login would be allowed or refused" },

	{ .words = "audit list",
	    .who = VERB_ROOT,
	    .optional_positional = true,
	    .positional = { "NUMBER" },
	    .options = { JSON },
	    .help = "list audit records" },
	{ .words = "audit verify",
	    .who = VERB_ROOT,
	    .options = { { "head", VERB_TEXT, false, "SEQ:HASH",
			     "a head from the system log that must be in it" },
		JSON },
	    .help = "check the audit chain from its first record" },
	{ .words = "audit export",
	    .who = VERB_ROOT,
	    .help = "write the audit chain to standard output, for "
		    "attend-verify" },

	{ .words = "directory",
	    .who = VERB_ROOT,
	    .options = { JSON },
	    .help = "print the published user directory" },

	{ .words = "backup",
	    .who = VERB_ROOT,
	    .positional = { "+FILE" },
	    .help = "make an encrypted backup of the store" },
	{ .words = "restore",
	    .who = VERB_ROOT,
	    .positional = { "@FILE" },
	    .options = { { "ledger", VERB_FILE_IN, false, "FILE",
			     "the newest ledger of erasures, on another "
			     "machine" },
		{ "no-ledger", VERB_FLAG, false, NULL,
		    "nobody was erased or withdrew after the "
		    "backup was made" },
		YES },
	    .help = "put a backup back into the store" },
	{ .words = "key rotate",
	    .who = VERB_ROOT,
	    .help = "replace the site key" },
	{ .words = "key show",
	    .who = VERB_ANY,
	    .options = { JSON },
	    .help = "print the public key that receipts are checked with" },
	{ .words = "purge",
	    .who = VERB_ROOT,
	    .options = { { "clock-is-right", VERB_FLAG, false, NULL,
			     "the kiosk was off for long" },
		JSON },
	    .help = "hold and erase as the rules demand, drop what is too "
		    "old" },

	{ .words = "doctor",
	    .who = VERB_ROOT,
	    .options = { JSON },
	    .help = "check this machine and say what to mend" },
	{ .words = "publish",
	    .who = VERB_ROOT,
	    .options = { JSON },
	    .help = "publish the user directory again" },
	{ .words = "status",
	    .who = VERB_ROOT,
	    .options = { JSON },
	    .help = "show the state of store, directory and notice" },

	{ .words = "me show",
	    .who = VERB_SELF,
	    .options = { HTML, JSON },
	    .help = "show all that is held about yourself" },
	{ .words = "me pin", .who = VERB_SELF, .help = "change your own PIN" },
	{ .words = "me notice",
	    .who = VERB_SELF,
	    .optional_positional = true,
	    .paged = true,
	    .positional = { "VERSION" },
	    .options = { LANG, JSON },
	    .help = "read the privacy notice" },
	{ .words = "me consent",
	    .who = VERB_SELF,
	    .options = { PURPOSE, RECIPIENT,
		{ "give", VERB_FLAG, false, NULL,
		    "read the notice and agree to the purpose" },
		{ "refuse", VERB_FLAG, false, NULL,
		    "say no to the purpose, for the record" },
		RECEIPT, JSON },
	    .help = "show what you agreed to, agree, or refuse" },
	{ .words = "me withdraw",
	    .who = VERB_SELF,
	    .options = { PURPOSE, RECIPIENT },
	    .help = "withdraw your consent" },
	{ .words = "me finger",
	    .who = VERB_SELF,
	    .optional_positional = true,
	    .positional = { "+FILE" },
	    .options = { FINGER(false), JSON },
	    .help = "list your enrolled fingers, or write one to a file" },
	{ .words = "me request",
	    .who = VERB_SELF,
	    .optional_positional = true,
	    .positional = { "KIND" },
	    .options = { REQUEST_FORM,
		{ "office", VERB_FLAG, false, NULL,
		    "show at the office that it is yours, not by PIN" },
		{ "request", VERB_TEXT, false, "N", "which one to cancel" },
		JSON },
	    .help = "list your requests, or make one: access, correct, "
		    "delete, withdraw, feedback, cancel" },
};
const size_t verbs_count = sizeof(verbs) / sizeof(verbs[0]);
