/* Mask secrets in argument vectors, texts and streams: see secret.h. */
#include "track/secret_work.h"

#include "base/mem.h"
#include "format/json.h"

enum {
	LINE = 4096, /* of an unfinished line so much is held back until it is known what follows */
	LONGEST = 32768, /* of an unfinished secret */
};

struct secret_stream {
	struct buf held;
};

/*
 * Append `text` masked. Unless it is the end, what may be a part of something longer stays: *used says how far it went.
 */
static size_t mask(struct buf *out, const char *text, size_t len, int is_end, size_t *used)
{
	size_t done = 0, stop = len, count = 0;
	struct secret found = {0};

	while (secret_find(&found, text, len, done)) {
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
	size_t used;

	return mask(out, text, len, 1, &used);
}

struct secret_stream *secret_stream_new(void)
{
	struct secret_stream *stream = mem_zeroed(1, sizeof(*stream));

	if (stream)
		stream->held = (struct buf)BUF_INIT;
	return stream;
}

size_t secret_stream_add(struct secret_stream *stream, struct buf *out, const char *bytes, size_t len)
{
	struct buf *held = &stream->held;
	size_t used, count;

	if (!held->len) {
		count = mask(out, bytes, len, 0, &used);
		buf_put(held, bytes + used, len - used);
	} else {
		buf_put(held, bytes, len);
		count = mask(out, held->text, held->len, 0, &used);
		forget(held, used);
	}
	if (held->failed) /* without memory nothing goes by unseen: it is lost, and whoever reads `out` hears of it */
		out->failed = 1;
	return count;
}

size_t secret_stream_rest(struct secret_stream *stream, struct buf *out)
{
	size_t count = secret_mask(out, stream->held.text, stream->held.len);

	buf_clear(&stream->held);
	return count;
}

size_t secret_stream_words(struct secret_stream *stream, struct buf *out)
{
	struct buf *held = &stream->held;
	size_t end = held->len, count;

	while (end && held->text[end - 1] != ' ' && held->text[end - 1] != '\t')
		end--;
	count = secret_mask(out, held->text, end);
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
