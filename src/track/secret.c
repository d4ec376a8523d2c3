/* Mask secrets in argument vectors, texts and streams: see secret.h. */
#include "track/secret_work.h"

#include "base/mem.h"
#include "format/json.h"

#include <stdint.h>

enum {
	LINE = 4096, /* of an unfinished line so much is held back until it is known what follows */
	LONGEST = 32768, /* of an unfinished secret */
};

struct secret_stream {
	struct buf held;
	const struct names *known;
};

/* The secrets of a text, one after another: by shape or name, and those that are known. */
struct search {
	const char *text;
	size_t len;
	const struct names *known;
	struct secret shape; /* the next of them */
	size_t next[SECRET_KNOWN_MOST]; /* where each known one is next */
	int shapes_left;
};

static void seek_known(struct search *search, size_t i, size_t from)
{
	const char *value = search->known->name[i],
		   *at = memmem(search->text + from, search->len - from, value, strlen(value));

	search->next[i] = at ? (size_t)(at - search->text) : SIZE_MAX;
}

static size_t count_known(const struct search *search)
{
	size_t n = search->known ? search->known->n : 0;

	return n < SECRET_KNOWN_MOST ? n : SECRET_KNOWN_MOST;
}

static void search_start(struct search *search)
{
	search->shapes_left = secret_find(&search->shape, search->text, search->len, 0);
	for (size_t i = 0; i < count_known(search); i++)
		seek_known(search, i, 0);
}

/* The first one that starts at `from` or later, of two at one place the known one. 1 if there is one. */
static int search_next(struct secret *out, struct search *search, size_t from)
{
	int found;

	if (search->shapes_left && search->shape.start < from)
		search->shapes_left = secret_find(&search->shape, search->text, search->len, from);
	found = search->shapes_left;
	*out = search->shape;
	for (size_t i = 0; i < count_known(search); i++) {
		if (search->next[i] < from)
			seek_known(search, i, from);
		if (search->next[i] == SIZE_MAX || (found && search->next[i] > out->start))
			continue;
		*out = (struct secret){search->next[i], search->next[i],
				       search->next[i] + strlen(search->known->name[i]), 0};
		found = 1;
	}
	return found;
}

/*
 * Append the text of a search masked. Unless it is the end, what may be a part of something longer stays: *used says how far
 * it went.
 */
static size_t mask(struct buf *out, struct search *search, int is_end, size_t *used)
{
	const char *text = search->text;
	size_t len = search->len, done = 0, stop = len, count = 0;
	struct secret found;

	search_start(search);
	while (search_next(&found, search, done)) {
		if (found.open && !is_end && len - found.start <= LONGEST) {
			stop = found.context > done ? found.context : done;
			break;
		}
		buf_put(out, text + done, found.start - done);
		buf_puts(out, SECRET_MASK);
		done = found.end;
		count++;
	}
	if (stop == len && !is_end) {
		while (stop > done && len - stop < LINE && text[stop - 1] != '\n' && text[stop - 1] != '\r')
			stop--;
	}
	buf_put(out, text + done, stop - done);
	*used = stop;
	return count;
}

static size_t mask_all(struct buf *out, const char *text, size_t len, const struct names *known)
{
	size_t used;

	return mask(out, &(struct search){.text = text, .len = len, .known = known}, 1, &used);
}

/* Drop the first bytes of what is held back. */
static void forget(struct buf *held, size_t len)
{
	if (!len)
		return;
	memmove(held->text, held->text + len, held->len - len);
	held->len -= len;
	held->text[held->len] = '\0';
}

size_t secret_mask(struct buf *out, const char *text, size_t len)
{
	return mask_all(out, text, len, NULL);
}

struct secret_stream *secret_stream_new(const struct names *known)
{
	struct secret_stream *stream = mem_zeroed(1, sizeof(*stream));

	if (!stream)
		return NULL;
	stream->held = (struct buf)BUF_INIT;
	stream->known = known;
	return stream;
}

size_t secret_stream_add(struct secret_stream *stream, struct buf *out, const char *bytes, size_t len)
{
	struct buf *held = &stream->held;
	struct search search = {.text = bytes, .len = len, .known = stream->known};
	size_t used, count, before = held->len;

	if (before) {
		buf_put(held, bytes, len);
		search.text = held->text;
		search.len = held->len;
	}
	count = mask(out, &search, 0, &used);
	if (before)
		forget(held, used);
	else
		buf_put(held, bytes + used, len - used);
	if (held->failed) /* without memory nothing goes by unseen: it is lost, and whoever reads `out` hears of it */
		out->failed = 1;
	return count;
}

size_t secret_stream_rest(struct secret_stream *stream, struct buf *out)
{
	size_t count = mask_all(out, stream->held.text, stream->held.len, stream->known);

	buf_clear(&stream->held);
	return count;
}

size_t secret_stream_words(struct secret_stream *stream, struct buf *out)
{
	struct buf *held = &stream->held;
	size_t end = held->len, count;

	while (end && held->text[end - 1] != ' ' && held->text[end - 1] != '\t')
		end--;
	count = mask_all(out, held->text, end, stream->known);
	forget(held, end);
	return count;
}

size_t secret_stream_end(struct secret_stream *stream, struct buf *out)
{
	size_t count;

	if (!stream)
		return 0;
	count = secret_stream_rest(stream, out);
	buf_release(&stream->held);
	free(stream);
	return count;
}

/* 1 if `word` is an option whose value is the next word and secret: --token, -password. */
static int asks_for_secret(const char *word)
{
	return *word == '-' && !strchr(word, '=') && secret_name(word + strspn(word, "-"));
}

/* NAME=VALUE, --name=VALUE, -Dname=VALUE: by the name alone, whatever the value looks like. */
static size_t mask_word(struct buf *out, const char *word)
{
	size_t name = strcspn(word, "=");

	if (word[name] && strcspn(word, " \t\n") > name && secret_kind(word, name) != SECRET_NOT &&
	    !secret_is_blank(word + name + 1, strlen(word + name + 1))) {
		buf_put(out, word, name + 1);
		buf_puts(out, SECRET_MASK);
		return 1;
	}
	return secret_mask(out, word, strlen(word));
}

static int append_text(json_t *array, const char *text)
{
	json_t *mended = json_object();
	int rc = mended && !json_set_text(mended, "text", text, NULL)
			 ? json_array_append(array, json_object_get(mended, "text"))
			 : -1;

	json_decref(mended);
	return rc;
}

json_t *secret_argv(const char *const *argv, size_t *masked)
{
	json_t *array = json_array();
	struct buf word = BUF_INIT;
	int rc = array ? 0 : -1, is_secret = 0;

	*masked = 0;
	for (size_t i = 0; argv[i] && !rc; i++) {
		buf_clear(&word);
		if (is_secret && *argv[i] != '-' && !secret_is_blank(argv[i], strlen(argv[i]))) {
			buf_puts(&word, SECRET_MASK);
			++*masked;
		} else {
			*masked += mask_word(&word, argv[i]);
		}
		is_secret = asks_for_secret(argv[i]);
		rc = word.failed ? -1 : append_text(array, word.text);
	}
	buf_release(&word);
	if (!rc)
		return array;
	json_decref(array);
	return NULL;
}
