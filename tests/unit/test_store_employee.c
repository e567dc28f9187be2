#include "store/employee.h"

#include "sample_store.h"

static bool
same(const struct store_employee *a, const struct store_employee *b)
{
	return memcmp(a->id, b->id, sizeof(a->id)) == 0 &&
	    a->version == b->version && strcmp(a->number, b->number) == 0 &&
	    strcmp(a->login, b->login) == 0 && a->uid == b->uid &&
	    a->state == b->state &&
	    att_date_cmp(a->hired_on, b->hired_on) == 0 &&
	    att_date_cmp(a->ended_on, b->ended_on) == 0 &&
	    strcmp(a->department, b->department) == 0 &&
	    strcmp(a->position, b->position) == 0 &&
	    a->created_utc == b->created_utc && strcmp(a->name, b->name) == 0 &&
	    att_date_cmp(a->born_on, b->born_on) == 0 &&
	    strcmp(a->email, b->email) == 0 && strcmp(a->phone, b->phone) == 0;
}

TEST("a person is found by number, login and uid, with every field")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), b = sample_bob(), out;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(sample_add(&t, &b) == ATT_OK);
	CHECK(strcmp(e.login, "e1042") == 0);
	CHECK(e.version == 1 && e.uid == 70000 && b.uid == 70001);
	CHECK(e.created_utc == NOON);
	NEED(sample_reopen(&t));
	NEED(store_employee_by_number(t.store, "1042", &out) == ATT_OK);
	CHECK(same(&e, &out));
	NEED(store_employee_by_login(t.store, "e1042", &out) == ATT_OK);
	CHECK(same(&e, &out));
	NEED(store_employee_by_uid(t.store, 70001, &out) == ATT_OK);
	CHECK(same(&b, &out));
	CHECK(!att_date_known(out.born_on) && out.email[0] == '\0');
}

TEST("nobody is found where nobody is, and the answer stays untouched")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), out = { .uid = 5 };

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	CHECK(store_employee_by_number(t.store, "10422", &out) == ATT_ABSENT);
	CHECK(store_employee_by_number(t.store, "", &out) == ATT_ABSENT);
	CHECK(store_employee_by_number(t.store, "1042' OR '1'='1", &out) ==
	    ATT_ABSENT);
	CHECK(store_employee_by_login(t.store, "E1042", &out) == ATT_ABSENT);
	CHECK(store_employee_by_uid(t.store, 0, &out) == ATT_ABSENT);
	CHECK(out.uid == 5);
}

TEST("a number or login that is taken is refused, a number in any case")
{
	SAMPLE t = { 0 };
	struct store_employee a = {
		.number = "Ab-1", .name = "A", .login = "ab"
	};
	struct store_employee same_number = {
		.number = "aB-1", .name = "B", .login = "b"
	};
	struct store_employee same_login = {
		.number = "2", .name = "B", .login = "ab"
	};
	struct store_employee fine = {
		.number = "2", .name = "B", .login = "b"
	};

	NEED(sample_open(&t) && sample_add(&t, &a) == ATT_OK);
	CHECK(sample_add(&t, &same_number) == ATT_EXISTS);
	CHECK(strstr(store_trouble(t.store), "number") != NULL);
	CHECK(sample_add(&t, &same_login) == ATT_EXISTS);
	CHECK(strstr(store_trouble(t.store), "login") != NULL);
	CHECK(same_login.uid == 0);
	CHECK(sample_add(&t, &fine) == ATT_OK && fine.uid == 70001);
	CHECK(store_employee_by_number(t.store, "AB-1", &a) == ATT_OK);
}

#define TEXT64 \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* Each line changes one field of a person who is fine. */
static const struct {
	const char *what; /* the field that store_trouble names */
	enum att_err want;
	struct store_employee e;
} fields[] = {
	{ "fine", ATT_OK, { .number = "7", .name = "N" } },
	{ "name", ATT_FORMAT, { .number = "7", .name = "" } },
	{ "name", ATT_FORMAT, { .number = "7", .name = "   " } },
	{ "name", ATT_FORMAT, { .number = "7", .name = "a\tb" } },
	{ "name", ATT_FORMAT, { .number = "7", .name = "a\nb" } },
	{ "name", ATT_FORMAT, { .number = "7", .name = "a\x1b[31m" } },
	{ "name", ATT_FORMAT, { .number = "7", .name = "a\xff" } },
	{ "name", ATT_FORMAT,
	    { .number = "7",
		.name = "a\xe2\x80\xae"
			"b" } },
	{ "fine", ATT_OK,
	    { .number = "7", .name = "\xe7\x8e\x8b \xe8\x8a\xb3" } },
	{ "fine", ATT_OK, { .number = "7", .name = TEXT64 TEXT64 } },
	{ "number", ATT_FORMAT, { .number = "", .name = "N", .login = "x" } },
	{ "number", ATT_FORMAT, { .number = "-7", .name = "N", .login = "x" } },
	{ "number", ATT_FORMAT,
	    { .number = "7 7", .name = "N", .login = "x" } },
	{ "login", ATT_FORMAT, { .number = "7.7", .name = "N" } },
	{ "fine", ATT_OK, { .number = "7.7", .name = "N", .login = "x" } },
	{ "login", ATT_FORMAT, { .number = "7", .name = "N", .login = "X" } },
	{ "login", ATT_FORMAT, { .number = "7", .name = "N", .login = "7" } },
	{ "login", ATT_FORMAT, { .number = "7", .name = "N", .login = "_x" } },
	{ "login", ATT_FORMAT,
	    { .number = "7", .name = "N", .login = "root" } },
	{ "login", ATT_FORMAT, { .number = "7", .name = "N", .login = "a:b" } },
	{ "fine", ATT_OK,
	    { .number = "7",
		.name = "N",
		.login = "abcdefghijklmnopqrstuvwxyz012345" } },
	/* 32 digits, so that "e" in front makes one too many */
	{ "login", ATT_FORMAT,
	    { .number = "01234567890123456789012345678901", .name = "N" } },
	{ "fine", ATT_OK,
	    { .number = "0123456789012345678901234567890", .name = "N" } },
	{ "department", ATT_FORMAT,
	    { .number = "7", .name = "N", .department = "a\nb" } },
	{ "fine", ATT_OK,
	    { .number = "7", .name = "N", .department = TEXT64 } },
	{ "position", ATT_FORMAT,
	    { .number = "7", .name = "N", .position = "\x7f" } },
	{ "email", ATT_FORMAT, { .number = "7", .name = "N", .email = "a" } },
	{ "email", ATT_FORMAT, { .number = "7", .name = "N", .email = "a@" } },
	{ "email", ATT_FORMAT, { .number = "7", .name = "N", .email = "@b" } },
	{ "email", ATT_FORMAT,
	    { .number = "7", .name = "N", .email = "a@b@c" } },
	{ "email", ATT_FORMAT,
	    { .number = "7", .name = "N", .email = "a b@c" } },
	{ "fine", ATT_OK, { .number = "7", .name = "N", .email = "a@b" } },
	{ "phone", ATT_FORMAT,
	    { .number = "7", .name = "N", .phone = "none" } },
	{ "phone", ATT_FORMAT,
	    { .number = "7", .name = "N", .phone = "5\r5" } },
	{ "fine", ATT_OK,
	    { .number = "7", .name = "N", .phone = "(5) 5-5 x7" } },
	{ "born", ATT_FORMAT,
	    { .number = "7", .name = "N", .born_on = { 2001, 2, 29 } } },
	{ "fine", ATT_OK,
	    { .number = "7", .name = "N", .born_on = { 2000, 2, 29 } } },
	{ "employment", ATT_FORMAT,
	    { .number = "7", .name = "N", .hired_on = { 2001, 13, 1 } } },
	{ "employment", ATT_FORMAT,
	    { .number = "7",
		.name = "N",
		.hired_on = { 2020, 1, 2 },
		.ended_on = { 2020, 1, 1 } } },
	{ "fine", ATT_OK,
	    { .number = "7",
		.name = "N",
		.hired_on = { 2020, 1, 1 },
		.ended_on = { 2020, 1, 1 } } },
	{ "state", ATT_FORMAT,
	    { .number = "7", .name = "N", .state = STORE_ERASED } },
	{ "fine", ATT_OK,
	    { .number = "7", .name = "N", .state = STORE_SUSPENDED } },
};

TEST("every field has its grammar, and a refusal names the field")
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		SAMPLE t = { 0 };
		struct store_employee e = fields[i].e;
		enum att_err err;
		uint64_t n = 9;

		if (i == 0)
			NEED(sample_open(&t));
		else
			NEED(vault_open(&t.vault, test_path("site.key")) ==
				ATT_OK &&
			    store_open(&t.store, test_path("store.db"),
				t.vault) == ATT_OK);
		(void)snprintf(t.by.actor, sizeof(t.by.actor), "root");
		{
			STORE_AUTO_TX struct store_tx tx = { 0 };

			NEED(store_begin(t.store, &tx) == ATT_OK);
			err =
			    store_employee_add(t.store, &t.by, sample_ids, &e);
		}
		if (!test_check(err == fields[i].want, __FILE__, __LINE__,
			fields[i].what))
			printf("# case %zu\n", i);
		if (fields[i].want == ATT_FORMAT)
			CHECK(strncmp(store_trouble(t.store), fields[i].what,
				  strlen(fields[i].what)) == 0);
		CHECK(store_employee_count(t.store, &n) == ATT_OK && n == 0);
	}
}

TEST("a change is written whole, raises the version and names its fields")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), out;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	(void)snprintf(e.name, sizeof(e.name), "Ada Renamed");
	(void)snprintf(e.login, sizeof(e.login), "ada");
	e.email[0] = '\0';
	e.department[0] = '\0';
	e.born_on = (struct att_date){ 0 };
	e.ended_on = (struct att_date){ 2024, 1, 1 };
	e.state = STORE_SUSPENDED;
	CHECK(IN_TX(&t,
		  store_employee_update(t.store, &t.by, "employee-set", &e)) ==
	    ATT_OK);
	CHECK(e.version == 2);

	NEED(store_employee_by_number(t.store, "1042", &out) == ATT_OK);
	CHECK(same(&e, &out));
	CHECK(strcmp(out.name, "Ada Renamed") == 0);
	CHECK(store_employee_by_login(t.store, "ada", &out) == ATT_OK);
	CHECK(store_employee_by_login(t.store, "e1042", &out) == ATT_ABSENT);
}

TEST("id, number, uid and birth of the record stay what they were")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), out;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	(void)snprintf(e.number, sizeof(e.number), "9");
	e.uid = 0;
	e.created_utc = 1;
	CHECK(IN_TX(&t,
		  store_employee_update(t.store, &t.by, "employee-set", &e)) ==
	    ATT_OK);
	CHECK(strcmp(e.number, "1042") == 0 && e.uid == 70000);
	NEED(store_employee_by_number(t.store, "1042", &out) == ATT_OK);
	CHECK(out.uid == 70000 && out.created_utc == NOON);
}

TEST("a change that was overtaken is refused, with the new version it goes")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), slow;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	slow = e;
	NEED(IN_TX(&t,
		 store_employee_update(t.store, &t.by, "employee-set", &e)) ==
	    ATT_OK);
	CHECK(IN_TX(&t,
		  store_employee_update(
		      t.store, &t.by, "employee-set", &slow)) == ATT_EXISTS);
	CHECK(strstr(store_trouble(t.store), "meanwhile") != NULL);
	slow.version = e.version;
	CHECK(IN_TX(&t,
		  store_employee_update(
		      t.store, &t.by, "employee-set", &slow)) == ATT_OK);
}

TEST("a change obeys the grammars and cannot take somebody's login")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), b = sample_bob(), bad;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(sample_add(&t, &b) == ATT_OK);
	bad = b;
	bad.name[0] = '\0';
	CHECK(IN_TX(&t,
		  store_employee_update(
		      t.store, &t.by, "employee-set", &bad)) == ATT_FORMAT);
	bad = b;
	(void)snprintf(bad.login, sizeof(bad.login), "e1042");
	CHECK(IN_TX(&t,
		  store_employee_update(
		      t.store, &t.by, "employee-set", &bad)) == ATT_EXISTS);
	bad = b;
	bad.state = STORE_ERASED;
	CHECK(IN_TX(&t,
		  store_employee_update(
		      t.store, &t.by, "employee-set", &bad)) == ATT_FORMAT);
	bad = b;
	bad.id[3] ^= 1;
	CHECK(IN_TX(&t,
		  store_employee_update(
		      t.store, &t.by, "employee-set", &bad)) == ATT_ABSENT);
	CHECK(IN_TX(&t,
		  store_employee_update(t.store, &t.by, "employee-set", &b)) ==
	    ATT_OK);
}

struct seen {
	unsigned n, stop;
	char numbers[8][ATT_NUMBER_MAX + 1];
};

static bool
see(void *ctx, const struct store_employee *e)
{
	struct seen *s = ctx;

	(void)snprintf(
	    s->numbers[s->n], sizeof(s->numbers[0]), "%s", e->number);
	return ++s->n != s->stop;
}

TEST("the list is by number, of everybody or one department, and can stop")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), b = sample_bob();
	struct store_employee c = {
		.number = "1001", .name = "Cid", .department = "Research"
	};
	struct seen all = { 0 }, lab = { 0 }, none = { 0 }, one = { .stop = 1 };
	uint64_t n = 0;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(sample_add(&t, &b) == ATT_OK && sample_add(&t, &c) == ATT_OK);
	CHECK(store_employee_list(t.store, NULL, see, &all) == ATT_OK);
	CHECK(all.n == 3 && strcmp(all.numbers[0], "1001") == 0);
	CHECK(strcmp(all.numbers[2], "1043") == 0);
	CHECK(store_employee_list(t.store, "Research", see, &lab) == ATT_OK);
	CHECK(lab.n == 2 && strcmp(lab.numbers[1], "1042") == 0);
	CHECK(store_employee_list(t.store, "Sales", see, &none) == ATT_OK);
	CHECK(none.n == 0);
	CHECK(store_employee_list(t.store, NULL, see, &one) == ATT_OK);
	CHECK(one.n == 1);
	CHECK(store_employee_count(t.store, &n) == ATT_OK && n == 3);
}

TEST("a sealed column moved to another person or another row is corrupt")
{
	static const char *const moves[] = {
		"UPDATE person SET version = version + 1, name ="
		" (SELECT name FROM person WHERE number = '1042')"
		" WHERE number = '1043'",
		"UPDATE person SET version = version + 1, phone = email"
		" WHERE number = '1043'",
		"UPDATE person SET version = version + 1 WHERE number = '1043'",
		"UPDATE person_key SET wrapped = (SELECT wrapped FROM person_key"
		" k JOIN person p ON p.id = k.person WHERE p.number = '1042')"
		" WHERE person = (SELECT id FROM person WHERE number = '1043')",
		"DELETE FROM person_key WHERE person ="
		" (SELECT id FROM person WHERE number = '1043')",
	};

	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		SAMPLE t = { 0 };
		struct store_employee e = sample_ada(), b = sample_bob();
		struct store_employee out;

		NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
		NEED(sample_add(&t, &b) == ATT_OK);
		CHECK(
		    store_employee_by_number(t.store, "1043", &out) == ATT_OK);
		NEED(sample_tamper(&t, moves[i]));
		CHECK(store_employee_by_number(t.store, "1043", &out) ==
		    ATT_CORRUPT);
		CHECK(
		    store_employee_by_number(t.store, "1042", &out) == ATT_OK);
		CHECK(strstr(store_trouble(t.store), "Bob") == NULL);
		NEED(remove(t.path) == 0 && remove(t.key) == 0);
	}
}

/* What erasure will leave: the tombstone, without key and fields. */
#define ERASE                                                              \
	"DELETE FROM person_key;"                                          \
	"UPDATE person SET version = version + 1, state = 2, name = NULL," \
	" born_on = NULL, email = NULL, phone = NULL"

TEST("an erased person is found by number and uid, empty, and never again")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), out, again = sample_ada();
	struct seen all = { 0 };
	uint64_t n = 9;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(sample_tamper(&t, ERASE));

	NEED(store_employee_by_number(t.store, "1042", &out) == ATT_OK);
	CHECK(out.state == STORE_ERASED && out.uid == e.uid);
	CHECK(out.name[0] == '\0' && !att_date_known(out.born_on));
	CHECK(store_employee_by_uid(t.store, e.uid, &out) == ATT_OK);
	CHECK(store_employee_by_login(t.store, "e1042", &out) == ATT_ABSENT);
	CHECK(store_employee_list(t.store, NULL, see, &all) == ATT_OK);
	CHECK(all.n == 0);
	CHECK(store_employee_count(t.store, &n) == ATT_OK && n == 0);
	e.version = 2;
	CHECK(IN_TX(&t,
		  store_employee_update(t.store, &t.by, "employee-set", &e)) ==
	    ATT_ABSENT);
	CHECK(sample_add(&t, &again) == ATT_EXISTS);
	CHECK(IN_TX(&t, store_audit(t.store, &t.by, "x", e.id, "")) ==
	    ATT_ABSENT);
}

TEST("the schema itself keeps tombstones, ids and people")
{
	static const char *const tries[] = {
		"DELETE FROM person",
		"UPDATE person SET version = version + 1, uid = 5",
		"UPDATE person SET version = version + 1, number = '9'",
		"UPDATE person SET version = version - 1",
		"UPDATE person SET version = version + 1, state = 1",
		"UPDATE site SET next_uid = 0",
		"DELETE FROM site",
	};
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(sample_tamper(&t, ERASE));
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++)
		(void)test_check(
		    !sample_tamper(&t, tries[i]), __FILE__, __LINE__, tries[i]);
}
