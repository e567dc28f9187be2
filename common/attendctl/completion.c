#include "attendctl/help.h"

#include "admin/verbs.h"

#include <string.h>

static size_t
noun_length(const struct verb *v)
{
	return strcspn(v->words, " ");
}

static bool
same_noun(const struct verb *a, const struct verb *b)
{
	size_t len = noun_length(a);

	return len == noun_length(b) && memcmp(a->words, b->words, len) == 0;
}

static void
print_nouns(FILE *out)
{
	for (size_t i = 0; i < verbs_count; i++)
		if (i == 0 || !same_noun(&verbs[i - 1], &verbs[i]))
			fprintf(out, "%.*s ", (int)noun_length(&verbs[i]),
			    verbs[i].words);
}

/* One line of a case: the noun and the words that may follow it. */
static size_t
print_noun(FILE *out, size_t i)
{
	const struct verb *first = &verbs[i];
	size_t len = noun_length(first);

	if (first->words[len] == '\0')
		return i + 1;
	fprintf(out, "\t%.*s) words=\"", (int)len, first->words);
	for (; i < verbs_count && same_noun(first, &verbs[i]); i++)
		fprintf(out, "%s ", verbs[i].words + len + 1);
	fputs("\" ;;\n", out);
	return i;
}

static void
print_options(FILE *out, const struct verb *v)
{
	fprintf(out, "\t\"%s\"%s) words=\"", v->words,
	    strchr(v->words, ' ') != NULL ? "" : "*");
	for (size_t i = 0; v->options[i].name != NULL; i++)
		fprintf(out, "--%s ", v->options[i].name);
	fputs("--help\"", out);
	for (size_t i = 0; i < VERB_POSITIONALS_MAX; i++)
		if (v->positional[i] != NULL &&
		    verb_placeholder(v->positional[i]) != v->positional[i])
			fputs("; files=1", out);
	fputs(" ;;\n", out);
}

/* Every option name of a kind, once each, as a case pattern. */
static void
print_pattern(FILE *out, enum verb_kind kind)
{
	char seen[512] = "|";

	for (size_t i = 0; i < verbs_count; i++)
		for (size_t k = 0; verbs[i].options[k].name != NULL; k++) {
			char word[64];
			size_t used = strlen(seen);

			if (verbs[i].options[k].kind != kind)
				continue;
			(void)snprintf(word, sizeof(word), "|--%s|",
			    verbs[i].options[k].name);
			if (strstr(seen, word) == NULL)
				(void)snprintf(seen + used, sizeof(seen) - used,
				    "%s", word + 1);
		}
	seen[strlen(seen) - 1] = '\0';
	fputs(seen + 1, out);
}

void
help_completion(FILE *out)
{
	fputs("# bash completion for attendctl, printed by "
	      "attendctl --completion\n"
	      "_attendctl()\n{\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} words= files=\n"
	      "\tlocal prev=${COMP_WORDS[COMP_CWORD-1]}\n\n"
	      "\tCOMPREPLY=()\n"
	      "\tcase $prev in\n\t",
	    out);
	print_pattern(out, VERB_FILE_IN);
	fputs(")\n\t\tcompopt -o filenames\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	      "\t\treturn ;;\n"
	      "\t--purpose) words=\"login attendance biometric.finger "
	      "biometric.face photo location disclosure\" ;;\n"
	      "\t--finger) words=\"right-thumb right-index right-middle "
	      "right-ring right-little left-thumb left-index left-middle "
	      "left-ring left-little\" ;;\n\t",
	    out);
	print_pattern(out, VERB_DATE);
	fputs("|", out);
	print_pattern(out, VERB_TIME);
	fputs(") return ;;\n\tesac\n\tif [ -n \"$words\" ]; then\n\t\t:\n"
	      "\telif [ \"$COMP_CWORD\" -eq 1 ]; then\n\t\twords=\"",
	    out);
	print_nouns(out);
	fputs("--help --version\"\n"
	      "\telif [ \"$COMP_CWORD\" -eq 2 ] && [[ $cur != -* ]]; then\n"
	      "\tcase ${COMP_WORDS[1]} in\n",
	    out);
	for (size_t i = 0; i < verbs_count;)
		i = print_noun(out, i);
	fputs(
	    "\tesac\n\telse\n\tcase \"${COMP_WORDS[1]} ${COMP_WORDS[2]}\" in\n",
	    out);
	for (size_t i = 0; i < verbs_count; i++)
		print_options(out, &verbs[i]);
	fputs("\tesac\n\tfi\n"
	      "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	      "\tif [ -n \"$files\" ] && [[ $cur != -* ]]; then\n"
	      "\t\tcompopt -o filenames\n"
	      "\t\tmapfile -t COMPREPLY < <(compgen -f -- \"$cur\")\n"
	      "\tfi\n}\ncomplete -F _attendctl attendctl\n",
	    out);
}
