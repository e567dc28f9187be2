#include "base/name.h"

#include <string.h>

static bool
is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_one_of(const char *name, size_t len, const char *word)
{
	return len == strlen(word) && memcmp(name, word, len) == 0;
}

/* Which bytes a login name may begin with, and go on with: it is looked up on
 * behalf of every program. */
#define FIRST 1
#define LATER 2
static const uint8_t login_byte[256] = {
	['a' ... 'z'] = FIRST | LATER,
	['_'] = FIRST | LATER,
	['0' ... '9'] = LATER,
	['-'] = LATER,
};

static bool
is_given(const char *name, size_t len)
{
	return len > 0 && len <= ATT_LOGIN_MAX &&
	    (login_byte[(uint8_t)name[0]] & FIRST) != 0 &&
	    !is_one_of(name, len, "root") && !is_one_of(name, len, "nobody");
}

bool
att_login_ok(const char *name, size_t len)
{
	uint8_t all = LATER;

	if (len > ATT_LOGIN_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		all &= login_byte[(uint8_t)name[i]];
	return all != 0 && is_given(name, len);
}

size_t
att_login_len(const char *name)
{
	size_t len = 0;

	while (len <= ATT_LOGIN_MAX && login_byte[(uint8_t)name[len]] != 0)
		len++;
	/* what stopped it is the end, or no byte of a name */
	return name[len] == '\0' && is_given(name, len) ? len : 0;
}

static bool
is_alnum(char c)
{
	return is_lower(c) || is_digit(c) || (c >= 'A' && c <= 'Z');
}

bool
att_number_ok(const char *number, size_t len)
{
	if (len == 0 || len > ATT_NUMBER_MAX || !is_alnum(number[0]))
		return false;
	for (size_t i = 1; i < len; i++)
		if (!is_alnum(number[i]) && number[i] != '.' &&
		    number[i] != '_' && number[i] != '-')
			return false;
	return true;
}

bool
att_id_ok(uint32_t id)
{
	return id >= ATT_ID_FLOOR && id <= ATT_ID_CEILING &&
	    !att_id_is_nobodys(id);
}
