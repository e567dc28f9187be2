/*
 * Ids as people read them. Records keep ids ("withdrawn"), JSON shows ids;
 * tables and fields show them in the reader's language.
 */
#ifndef ATT_ADMIN_WORDS_H
#define ATT_ADMIN_WORDS_H

/* The id translated; an id without a word of its own as it is. */
const char *word_text(const char *id) __attribute__((format_arg(1)));

#endif
