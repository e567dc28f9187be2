#include "store/field.h"

#include "base/text.h"

#include <string.h>

/* They turn the reading order of what follows, so that a name could look like
 * another one on a terminal. */
static bool
is_direction(uint32_t c)
{
	return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) ||
	    c == 0x2028 || c == 0x2029;
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " ")] == '\0';
}

bool
field_text_ok(const char *text)
{
	struct att_slice s = att_slice_of(text);
	uint32_t c = 0;

	if (is_blank(text))
		return false;
	while (s.len > 0) {
		size_t n = att_utf8_next(s.at, s.len, &c);

		if (n == 0 || att_code_is_control(c) || is_direction(c))
			return false;
		s.at += n;
		s.len -= n;
	}
	return true;
}

bool
field_date_ok(struct att_date d)
{
	char text[ATT_DATE_TEXT];
	struct att_date again;

	if (!att_date_known(d))
		return true;
	att_date_format(d, text);
	return att_date_parse(text, &again) == ATT_OK &&
	    att_date_cmp(d, again) == 0;
}

static bool
mail_ok(const char *mail)
{
	const char *at = strchr(mail, '@');

	return field_text_ok(mail) && strchr(mail, ' ') == NULL && at != NULL &&
	    at != mail && at[1] != '\0' && strchr(at + 1, '@') == NULL;
}

static bool
phone_ok(const char *phone)
{
	return field_text_ok(phone) && strpbrk(phone, "0123456789") != NULL;
}

static bool
login_ok(const char *login)
{
	return login[0] != '_' && att_login_ok(login, strlen(login));
}

void
field_default_login(const char *number, char buf[ATT_LOGIN_MAX + 1])
{
	size_t len = 0;

	buf[len++] = 'e';
	for (; *number != '\0' && len < ATT_LOGIN_MAX; number++)
		buf[len++] = *number >= 'A' && *number <= 'Z'
		    ? (char)(*number - 'A' + 'a')
		    : *number;
	buf[*number == '\0' ? len : 0] = '\0'; /* empty when too long */
}

const char *
field_wrong(const struct store_employee *e)
{
	if (!att_number_ok(e->number, strlen(e->number)))
		return "number: must be 1 to 32 of A-Z a-z 0-9 . _ -, and "
		       "start with a letter or digit";
	if (!login_ok(e->login))
		return "login: must be 1 to 32 of a-z 0-9 _ -, and start with "
		       "a letter";
	if (!field_text_ok(e->name))
		return "name: must be UTF-8 text without control characters";
	if (e->department[0] != '\0' && !field_text_ok(e->department))
		return "department: must be UTF-8 text without control "
		       "characters";
	if (e->position[0] != '\0' && !field_text_ok(e->position))
		return "position: must be UTF-8 text without control "
		       "characters";
	if (e->email[0] != '\0' && !mail_ok(e->email))
		return "email: must be text with one @";
	if (e->phone[0] != '\0' && !phone_ok(e->phone))
		return "phone: must be text with digits";
	if (!field_date_ok(e->born_on))
		return "born: must be a date in the calendar";
	if (!field_date_ok(e->hired_on) || !field_date_ok(e->ended_on))
		return "employment: must be dates in the calendar";
	if (att_date_known(e->hired_on) && att_date_known(e->ended_on) &&
	    att_date_cmp(e->ended_on, e->hired_on) < 0)
		return "employment: must not end before it starts";
	if (e->state != STORE_ACTIVE && e->state != STORE_SUSPENDED)
		return "state: must be active or suspended";
	return NULL;
}
