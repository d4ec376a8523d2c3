/* What the files of secret share: names that say "secret", and the search for one in a text. */
#ifndef ASSAY_TRACK_SECRET_WORK_H
#define ASSAY_TRACK_SECRET_WORK_H

#include "track/secret.h"

enum secret_kind {
	SECRET_NOT,
	SECRET_MAYBE, /* key, token, group_token: secret by name; in a text only with a value that looks drawn at random */
	SECRET_SURE, /* password, api_key, AWS_SECRET_ACCESS_KEY */
};
enum secret_kind secret_kind(const char *name, size_t len);

/* 1 for what may stand where a secret could: empty, none, true, $REFERENCE, <placeholder>, ***. */
int secret_is_blank(const char *value, size_t len);

struct secret {
	size_t context; /* where what makes it one begins: its name, or itself */
	size_t start, end; /* what is to be masked */
	int open; /* it reaches the end of the text and might go on there */
};

/* The next secret that starts at `from` or later. 1 if there is one, else 0. */
int secret_find(struct secret *out, const char *text, size_t len, size_t from);

/* A token by its shape whose prefix's last two characters are at text[at] and text[at + 1]. 1 if there is one. */
int secret_shape(struct secret *out, const char *text, size_t len, size_t at);

#endif
