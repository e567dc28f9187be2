#include "admin/pam_stack.h"

#include "base/owner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define JUMP_MAX 64

static const char *const type_words[] = { "auth", "account", "password",
	"session" };
static const char *const code_words[] = { "success", "ignore", "user_unknown",
	"auth_err", "perm_denied", "authinfo_unavail" };
static const struct {
	const char *word;
	int action;
} action_words[] = { { "ignore", PAM_DO_IGNORE }, { "ok", PAM_DO_OK },
	{ "done", PAM_DO_DONE }, { "bad", PAM_DO_BAD }, { "die", PAM_DO_DIE },
	{ "reset", PAM_DO_RESET } };

/* The four words, as what they do on success, on "ignore", and otherwise. */
static const struct {
	const char *word;
	int success, ignore, others;
} control_words[] = {
	{ "required", PAM_DO_OK, PAM_DO_IGNORE, PAM_DO_BAD },
	{ "requisite", PAM_DO_OK, PAM_DO_IGNORE, PAM_DO_DIE },
	{ "sufficient", PAM_DO_DONE, PAM_DO_IGNORE, PAM_DO_IGNORE },
	{ "optional", PAM_DO_OK, PAM_DO_IGNORE, PAM_DO_IGNORE },
};

struct build {
	struct pam_stack *s;
	enum pam_stack_type type;
	pam_stack_file *file;
	void *ctx;
	char *where;
	size_t cap;
};

/* The next word of a line, cut off; a [bracketed] one keeps its spaces. */
static char *
take_word(char **at)
{
	char *word = *at + strspn(*at, " \t");
	char *end;

	if (*word == '\0')
		return NULL;
	if (*word == '[') {
		end = strchr(word, ']');
		if (end == NULL)
			return NULL;
		end++;
	} else {
		end = word + strcspn(word, " \t");
	}
	*at = *end == '\0' ? end : end + 1;
	*end = '\0';
	return word;
}

static bool
parse_action(const char *word, int *action)
{
	char *end;
	long n;

	for (size_t i = 0; i < sizeof(action_words) / sizeof(action_words[0]);
	     i++)
		if (strcmp(word, action_words[i].word) == 0) {
			*action = action_words[i].action;
			return true;
		}
	n = strtol(word, &end, 10);
	if (end == word || *end != '\0' || n < 1 || n > JUMP_MAX)
		return false;
	*action = (int)n;
	return true;
}

/* One "code=action" of the bracket form. */
static bool
parse_pair(char *pair, int action[PAM_STACK_CODES], int *others)
{
	char *value = strchr(pair, '=');
	int a;

	if (value == NULL)
		return false;
	*value++ = '\0';
	if (!parse_action(value, &a))
		return false;
	if (strcmp(pair, "default") == 0)
		*others = a;
	for (size_t i = 0; i < PAM_STACK_CODES; i++)
		if (strcmp(pair, code_words[i]) == 0)
			action[i] = a;
	return true; /* codes we never ask about may say what they like */
}

static bool
parse_brackets(char *text, int action[PAM_STACK_CODES])
{
	const int unset = JUMP_MAX + 1;
	int others = PAM_DO_BAD;
	char *save = NULL;

	for (size_t i = 0; i < PAM_STACK_CODES; i++)
		action[i] = unset;
	text[strlen(text) - 1] = '\0'; /* the closing bracket */
	for (char *pair = strtok_r(text + 1, " \t", &save); pair != NULL;
	     pair = strtok_r(NULL, " \t", &save))
		if (!parse_pair(pair, action, &others))
			return false;
	for (size_t i = 0; i < PAM_STACK_CODES; i++)
		if (action[i] == unset)
			action[i] = others;
	return true;
}

static bool
parse_control(char *text, int action[PAM_STACK_CODES])
{
	if (text[0] == '[')
		return parse_brackets(text, action);
	for (size_t i = 0; i < sizeof(control_words) / sizeof(control_words[0]);
	     i++) {
		if (strcasecmp(text, control_words[i].word) != 0)
			continue;
		for (size_t k = 0; k < PAM_STACK_CODES; k++)
			action[k] = control_words[i].others;
		action[PAM_STACK_SUCCESS] = control_words[i].success;
		action[PAM_STACK_IGNORE] = control_words[i].ignore;
		return true;
	}
	return false;
}

static struct pam_stack_entry *
add_entry(struct build *b, uint8_t level)
{
	struct pam_stack_entry *e;

	if (b->s->n == PAM_STACK_MAX)
		return NULL;
	e = &b->s->entry[b->s->n++];
	*e = (struct pam_stack_entry){ .level = level };
	return e;
}

/* "/lib/security/pam_unix.so" is pam_unix. */
static void
set_module(struct pam_stack_entry *e, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	size_t len = strlen(name);

	if (len > 3 && strcmp(name + len - 3, ".so") == 0)
		len -= 3;
	(void)snprintf(e->module, sizeof(e->module), "%.*s", (int)len, name);
}

static enum att_err
add_module(struct build *b, char *control, char *rest, uint8_t level)
{
	struct pam_stack_entry *e = add_entry(b, level);
	char *word = take_word(&rest);

	if (e == NULL)
		return ATT_LIMIT;
	if (word == NULL || !parse_control(control, e->action))
		return ATT_FORMAT;
	set_module(e, word);
	while ((word = take_word(&rest)) != NULL)
		if (strcmp(word, "ignore_unknown_user") == 0)
			e->quiet = true;
	return ATT_OK;
}

/* Lines that end in a backslash go on in the next one. */
static void
join_lines(char *text)
{
	for (char *at = strstr(text, "\\\n"); at != NULL;
	     at = strstr(at, "\\\n"))
		at[0] = at[1] = ' ';
}

static enum att_err
add_file(struct build *b, const char *name, unsigned depth, uint8_t level);

/* The type of a line, or -1; a leading '-' only silences the log. */
static int
line_type(const char *word)
{
	if (word[0] == '-')
		word++;
	for (int i = 0; i < (int)(sizeof(type_words) / sizeof(type_words[0]));
	     i++)
		if (strcasecmp(word, type_words[i]) == 0)
			return i;
	return -1;
}

static enum att_err
add_line(struct build *b, char *line, unsigned depth, uint8_t level)
{
	char *type = take_word(&line);
	char *control, *name;
	enum att_err e;

	if (type == NULL)
		return ATT_OK;
	control = take_word(&line);
	if (strcmp(type, "@include") == 0)
		return control != NULL ? add_file(b, control, depth, level)
				       : ATT_FORMAT;
	if (line_type(type) < 0 || control == NULL)
		return ATT_FORMAT;
	if (line_type(type) != (int)b->type)
		return ATT_OK;
	if (strcasecmp(control, "include") != 0 &&
	    strcasecmp(control, "substack") != 0)
		return add_module(b, control, line, level);
	name = take_word(&line);
	if (name == NULL)
		return ATT_FORMAT;
	if (strcasecmp(control, "include") == 0)
		return add_file(b, name, depth, level);
	e = add_file(b, name, depth, (uint8_t)(level + 1));
	if (e == ATT_OK && add_entry(b, level) == NULL)
		e = ATT_LIMIT;
	return e;
}

static enum att_err
add_file(struct build *b, const char *name, unsigned depth, uint8_t level)
{
	ATT_AUTO_FREE char *text = NULL;
	char *save = NULL;
	enum att_err e;

	if (depth == PAM_STACK_DEPTH)
		return ATT_LIMIT;
	(void)snprintf(b->where, b->cap, "%s", name);
	e = b->file(b->ctx, name, &text);
	if (e != ATT_OK)
		return e;
	join_lines(text);
	for (char *line = strtok_r(text, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save)) {
		line[strcspn(line, "#")] = '\0';
		e = add_line(b, line, depth + 1, level);
		if (e != ATT_OK)
			return e;
	}
	return ATT_OK;
}

enum att_err
pam_stack_build(struct pam_stack *s, const char *service,
    enum pam_stack_type type, pam_stack_file *file, void *ctx, char *where,
    size_t cap)
{
	struct build b = { s, type, file, ctx, where, cap };
	enum att_err e;

	s->n = 0;
	e = add_file(&b, service, 0, 0);
	s->of_other = e == ATT_OK && s->n == 0 && strcmp(service, "other") != 0;
	if (s->of_other)
		e = add_file(&b, "other", 0, 0);
	return e == ATT_ABSENT && strcmp(where, "other") == 0 ? ATT_OK : e;
}

/* What libpam thinks so far. Spoilt is good with a failure on top: it stays a
 * failure, but counts as decided where "done" is asked for. */
enum impression {
	UNDECIDED,
	GOOD,
	SPOILT,
	BAD,
};

static bool
ends_level(enum impression now, int action)
{
	return action == PAM_DO_DIE ||
	    (action == PAM_DO_DONE && (now == GOOD || now == SPOILT));
}

static enum impression
impress(enum impression now, int action, enum pam_stack_code code,
    enum impression begin)
{
	switch (action) {
	case PAM_DO_OK:
	case PAM_DO_DONE:
		if (now == UNDECIDED && code == PAM_STACK_SUCCESS)
			return GOOD;
		if (now == GOOD && code != PAM_STACK_SUCCESS &&
		    code != PAM_STACK_IGNORE)
			return SPOILT;
		return now;
	case PAM_DO_BAD:
	case PAM_DO_DIE: return BAD;
	case PAM_DO_RESET: return begin;
	default: return now;
	}
}

/* The entry behind the run of entries deeper than, or at, `level`. */
static size_t
leave_level(const struct pam_stack *s, size_t i, uint8_t level)
{
	while (i < s->n && s->entry[i].level >= level)
		i++;
	return i;
}

/* Skip n entries of this level; a substack counts as one. To skip more than
 * there are is an error, and libpam's answer to it is no. */
static size_t
jump(const struct pam_stack *s, size_t i, int n, enum impression *now)
{
	uint8_t level = s->entry[i].level;

	i++;
	while (n > 0 && i < s->n && s->entry[i].level >= level) {
		if (s->entry[i].level > level)
			i = leave_level(s, i, (uint8_t)(level + 1));
		i++;
		n--;
	}
	if (n > 0)
		*now = BAD;
	return i;
}

bool
pam_stack_walk(const struct pam_stack *s, pam_stack_module *code, void *ctx)
{
	enum impression now = UNDECIDED;
	enum impression begin[PAM_STACK_DEPTH + 1] = { UNDECIDED };
	uint8_t level = 0;
	size_t i = 0;

	while (i < s->n) {
		const struct pam_stack_entry *e = &s->entry[i];
		enum pam_stack_code c;
		int action;

		if (e->level > level)
			begin[e->level] = now;
		level = e->level;
		if (e->module[0] == '\0') { /* a substack's end */
			i++;
			continue;
		}
		c = code(ctx, e);
		action = e->action[c];
		if (action > 0) {
			i = jump(s, i, action, &now);
			continue;
		}
		now = impress(now, action, c, begin[level]);
		if (!ends_level(now, action)) {
			i++;
			continue;
		}
		if (e->level == 0)
			break;
		i = leave_level(s, i, e->level);
	}
	return now == GOOD;
}
