/* Ids, the groups that are published, and what publishing is given. */
#include "store/employee.h"

#include "sample_store.h"

struct groups {
	unsigned n;
	struct store_group g[32];
};

static bool
see(void *ctx, const struct store_group *g)
{
	struct groups *s = ctx;

	s->g[s->n++] = *g;
	return true;
}

static struct groups
groups_of(const struct sample *t)
{
	struct groups s = { 0 };

	CHECK(store_group_list(t->store, see, &s) == ATT_OK);
	return s;
}

static enum att_err
add_to(struct sample *t, const char *number, const char *department)
{
	struct store_employee e = { .name = "N" };

	(void)snprintf(e.number, sizeof(e.number), "%s", number);
	(void)snprintf(e.department, sizeof(e.department), "%s", department);
	return sample_add(t, &e);
}

TEST("the site group is made once and keeps its gid")
{
	SAMPLE t = { 0 };
	struct groups s;

	NEED(sample_open(&t));
	CHECK(
	    IN_TX(&t, store_group_site(t.store, &t.by, sample_ids, "kiosk")) ==
	    ATT_OK);
	CHECK(
	    IN_TX(&t, store_group_site(t.store, &t.by, sample_ids, "other")) ==
	    ATT_OK);
	s = groups_of(&t);
	CHECK(s.n == 1 && s.g[0].gid == 70000);
	CHECK(strcmp(s.g[0].name, "kiosk") == 0);
	CHECK(strcmp(s.g[0].kind, "site") == 0 && s.g[0].unit[0] == '\0');
}

TEST("a site group's name is a group name and nobody else's")
{
	SAMPLE t = { 0 };

	NEED(sample_open(&t) && add_to(&t, "1", "Sales") == ATT_OK);
	CHECK(
	    IN_TX(&t, store_group_site(t.store, &t.by, sample_ids, "Kiosk")) ==
	    ATT_FORMAT);
	CHECK(IN_TX(&t, store_group_site(t.store, &t.by, sample_ids, "root")) ==
	    ATT_FORMAT);
	CHECK(IN_TX(&t,
		  store_group_site(t.store, &t.by, sample_ids, "dept-sales")) ==
	    ATT_EXISTS);
	CHECK(
	    IN_TX(&t, store_group_site(t.store, &t.by, sample_ids, "kiosk")) ==
	    ATT_OK);
}

TEST("a unit's group is named after it, or numbered when that cannot be")
{
	static const struct {
		const char *unit;
		const char *name;
	} cases[] = {
		{ "Research", "dept-research" },
		{ "R&D Lab 2", "dept-r-d-lab-2" },
		{ "R+D Lab 2", "dept-1" }, /* the name is taken */
		{ "\xe7\xa0\x94\xe5\x8f\x91", "dept-2" }, /* nothing left */
		{ "abcdefghijklmnopqrstuvwxyz0",
		    "dept-abcdefghijklmnopqrstuvwxyz0" },
		{ "abcdefghijklmnopqrstuvwxyz01", "dept-3" }, /* too long */
		{ "4", "dept-4" },
		{ "--", "dept-5" },
		{ "sudo", "dept-sudo" },
	};
	SAMPLE t = { 0 };
	struct groups s;

	NEED(sample_open(&t));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char number[8];

		(void)snprintf(number, sizeof(number), "%zu", i);
		NEED(add_to(&t, number, cases[i].unit) == ATT_OK);
	}
	s = groups_of(&t);
	NEED(s.n == sizeof(cases) / sizeof(cases[0]));
	for (size_t i = 0; i < s.n; i++) {
		CHECK(strcmp(s.g[i].unit, cases[i].unit) == 0);
		(void)test_check(strcmp(s.g[i].name, cases[i].name) == 0,
		    __FILE__, __LINE__, cases[i].name);
		CHECK(s.g[i].gid == 70000 + i);
		CHECK(att_login_ok(s.g[i].name, strlen(s.g[i].name)));
	}
}

TEST("a department and a position of one name are two groups")
{
	SAMPLE t = { 0 };
	struct store_employee e = { .number = "1",
		.name = "N",
		.department = "Lab",
		.position = "Lab" };
	struct groups s;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	NEED(add_to(&t, "2", "Lab") == ATT_OK);
	s = groups_of(&t);
	CHECK(s.n == 2);
	CHECK(strcmp(s.g[0].name, "dept-lab") == 0);
	CHECK(strcmp(s.g[1].name, "role-lab") == 0);
	CHECK(strcmp(s.g[1].kind, "position") == 0);
}

TEST("a group stays when nobody is in it any more")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	(void)snprintf(e.department, sizeof(e.department), "Sales");
	CHECK(IN_TX(&t,
		  store_employee_update(t.store, &t.by, "employee-set", &e)) ==
	    ATT_OK);
	CHECK(groups_of(&t).n == 3);
}

static enum att_err
add_in(struct sample *t, const char *number, struct store_id_range ids,
    uint32_t *uid)
{
	struct store_employee e = { .name = "N" };
	enum att_err err;

	(void)snprintf(e.number, sizeof(e.number), "%s", number);
	err = IN_TX(t, store_employee_add(t->store, &t->by, ids, &e));
	*uid = e.uid;
	return err;
}

TEST("uids go up to the end of the range, and not beyond")
{
	SAMPLE t = { 0 };
	const struct store_id_range two = { 80000, 80001 };
	uint32_t uid = 0;

	NEED(sample_open(&t));
	CHECK(add_in(&t, "1", two, &uid) == ATT_OK && uid == 80000);
	CHECK(add_in(&t, "2", two, &uid) == ATT_OK && uid == 80001);
	CHECK(add_in(&t, "3", two, &uid) == ATT_LIMIT);
	CHECK(strstr(store_trouble(t.store), "range") != NULL);
}

TEST("a range that was moved goes on upwards, never back over used ids")
{
	SAMPLE t = { 0 };
	uint32_t uid = 0;

	NEED(sample_open(&t));
	CHECK(add_in(&t, "1", (struct store_id_range){ 80000, 80009 }, &uid) ==
		ATT_OK &&
	    uid == 80000);
	CHECK(add_in(&t, "2", (struct store_id_range){ 90000, 90009 }, &uid) ==
		ATT_OK &&
	    uid == 90000);
	CHECK(add_in(&t, "3", (struct store_id_range){ 80000, 99999 }, &uid) ==
		ATT_OK &&
	    uid == 90001);
	CHECK(add_in(&t, "4", (struct store_id_range){ 80000, 80009 }, &uid) ==
	    ATT_LIMIT);
}

TEST("a range outside of what can be ours is refused, ids within skipped")
{
	static const struct {
		struct store_id_range ids;
		enum att_err want;
	} cases[] = {
		{ { 0, 70000 }, ATT_FORMAT },
		{ { 999, 70000 }, ATT_FORMAT },
		{ { 1000, UINT32_MAX }, ATT_FORMAT },
		{ { 70001, 70000 }, ATT_FORMAT },
		{ { 65533, 65540 }, ATT_OK },
	};
	SAMPLE t = { 0 };
	uint32_t uid = 0;

	NEED(sample_open(&t));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		CHECK(add_in(&t, "1", cases[i].ids, &uid) == cases[i].want);
	CHECK(uid == 65533);
	CHECK(add_in(&t, "2", cases[4].ids, &uid) == ATT_OK && uid == 65536);
}

TEST("an id that was handed out and rolled back is free, one kept is not")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	struct store_tx tx = { 0 };
	uint32_t uid = 0;

	NEED(sample_open(&t) && store_begin(t.store, &tx) == ATT_OK);
	NEED(store_employee_add(t.store, &t.by, sample_ids, &e) == ATT_OK);
	store_rollback(&tx);
	CHECK(add_in(&t, "1", sample_ids, &uid) == ATT_OK && uid == 70000);
	NEED(sample_reopen(&t));
	CHECK(add_in(&t, "2", sample_ids, &uid) == ATT_OK && uid == 70001);
}

struct rows {
	unsigned n;
	char name[8][32];
	uint32_t uid[8], department[8], position[8];
};

static bool
see_row(void *ctx, const struct store_publish_row *r)
{
	struct rows *s = ctx;

	(void)snprintf(s->name[s->n], sizeof(s->name[0]), "%s/%s/%s", r->login,
	    r->number, r->name != NULL ? r->name : "-");
	s->uid[s->n] = r->uid;
	s->department[s->n] = r->department_gid;
	s->position[s->n] = r->position_gid;
	s->n++;
	return true;
}

TEST("publishing sees logins, ids and groups, and names when asked to")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada(), b = sample_bob();
	struct rows plain = { 0 }, named = { 0 };
	uint32_t min = 1, max = 2;

	NEED(sample_open(&t));
	CHECK(store_publish_span(t.store, &min, &max) == ATT_ABSENT);
	CHECK(min == 1 && max == 2);
	NEED(sample_add(&t, &e) == ATT_OK && sample_add(&t, &b) == ATT_OK);
	CHECK(store_publish_span(t.store, &min, &max) == ATT_OK);
	CHECK(min == 70000 && max == 70001);
	CHECK(store_publish_list(t.store, false, see_row, &plain) == ATT_OK);
	CHECK(plain.n == 2 && plain.uid[0] == 70000 && plain.uid[1] == 70001);
	CHECK(strcmp(plain.name[0], "e1042/1042/-") == 0);
	CHECK(plain.department[0] == 70000 && plain.position[0] == 70001);
	CHECK(plain.department[1] == 0 && plain.position[1] == 0);
	CHECK(store_publish_list(t.store, true, see_row, &named) == ATT_OK);
	CHECK(strcmp(named.name[0], "e1042/1042/Ada Example") == 0);
}

static uint64_t
generation(const struct sample *t)
{
	struct store_site site = { 0 };

	CHECK(store_site_get(t->store, &site) == ATT_OK);
	return site.directory_generation;
}

TEST("the generation goes up with what is published, not with the rest")
{
	SAMPLE t = { 0 };
	struct store_employee e = sample_ada();
	uint64_t g;

	NEED(sample_open(&t) && sample_add(&t, &e) == ATT_OK);
	g = generation(&t);
	CHECK(g == 1);
	(void)snprintf(e.phone, sizeof(e.phone), "555 0199");
	CHECK(IN_TX(&t,
		  store_employee_update(t.store, &t.by, "employee-set", &e)) ==
	    ATT_OK);
	CHECK(generation(&t) == g);
	(void)snprintf(e.login, sizeof(e.login), "ada");
	CHECK(IN_TX(&t,
		  store_employee_update(t.store, &t.by, "employee-set", &e)) ==
	    ATT_OK);
	CHECK(generation(&t) == g + 1);
	(void)snprintf(e.position, sizeof(e.position), "Boss");
	CHECK(IN_TX(&t,
		  store_employee_update(t.store, &t.by, "employee-set", &e)) ==
	    ATT_OK);
	CHECK(generation(&t) == g + 2);
	CHECK(
	    IN_TX(&t, store_group_site(t.store, &t.by, sample_ids, "kiosk")) ==
	    ATT_OK);
	CHECK(generation(&t) == g + 3);
}
