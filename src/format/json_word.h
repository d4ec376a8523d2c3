/* Words of a command line as JSON values: `lr=0.1` is a number, `shuffle=true` is true, `optimizer=adam` text. */
#ifndef ASSAY_FORMAT_JSON_WORD_H
#define ASSAY_FORMAT_JSON_WORD_H

#include "base/error.h"

#include <jansson.h>
#include <stddef.h>

/* 1 if all of `text` is a number in the form that JSON has: 007, +1, 0x10 and 1. are none. */
int json_is_number_text(const char *text, size_t len) MUST_CHECK;

/*
 * The value: a number in JSON's form (an integer while it fits 64 bits, beyond a double's range the words Infinity and
 * -Infinity), true, false, else the text with what is no UTF-8 as U+FFFD. The caller's; NULL without memory.
 */
json_t *json_word(const char *text) MUST_CHECK;

#endif
