/* Commands aligned word by word: see command_words.h. */
#include "judge/command_words.h"

#include "base/mem.h"
#include "format/json.h"
#include "format/number.h"
#include "record/program.h"

/* Steps that may be tried within one word: values that overlap could else be tried in ever so many ways. */
enum { TRIES_MOST = 2000 };

static int value_text(char **out, const json_t *value, struct error *err)
{
	char number[NUMBER_TEXT];
	double x;

	*out = NULL;
	if (!value)
		return 0;
	if (json_is_string(value)) {
		*out = mem_text(json_string_value(value));
	} else if (json_number(&x, value)) {
		number_text(number, x);
		*out = mem_text(number);
	} else if (json_is_boolean(value)) {
		*out = mem_text(json_is_true(value) ? "true" : "false");
	} else {
		*out = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY | JSON_SORT_KEYS);
	}
	return *out ? 0 : error_nomem(err);
}

int command_value_add(struct command_values *values, const char *name, const json_t *from, const json_t *to,
		      struct error *err)
{
	struct command_value *value;
	int rc = MEM_GROW(values->item, values->n, values->cap, err);

	if (rc < 0)
		return rc;
	value = &values->item[values->n++];
	*value = (struct command_value){.name = mem_text(name)};
	rc = value->name ? value_text(&value->text[SIDE_FROM], from, err) : error_nomem(err);
	return rc ? rc : value_text(&value->text[SIDE_TO], to, err);
}

void command_values_release(struct command_values *values)
{
	for (size_t i = 0; i < values->n; i++) {
		free(values->item[i].name);
		free(values->item[i].text[SIDE_FROM]);
		free(values->item[i].text[SIDE_TO]);
	}
	free(values->item);
	*values = (struct command_values){0};
}

struct aligning {
	struct command_words *out;
	const struct command_values *values;
	const char *context; /* what stands before the word's value and may name it: "--lr" */
	size_t context_len;
	unsigned tries;
	struct error *err;
};

static int put(struct aligning *aligning, const struct command_token *token)
{
	struct command_words *out = aligning->out;

	if (MEM_GROW(out->item, out->n, out->cap, aligning->err) < 0)
		return ERR_NOMEM;
	out->item[out->n++] = *token;
	return 0;
}

static int put_text(struct aligning *aligning, const char *text, size_t len)
{
	return put(aligning, &(struct command_token){.kind = TOKEN_TEXT, .text = text, .len = len});
}

/* "--learning-rate" and "learning_rate", "lr" and "train.lr" name one parameter. Dashes and pluses before do not count. */
static int names_value(const char *flag, size_t len, const char *name)
{
	const char *last = strrchr(name, '.');
	size_t i = 0;

	while (len && strchr("-+", *flag)) {
		flag++;
		len--;
	}
	if (!len)
		return 0;
	while (i < len && name[i] && (flag[i] == name[i] || (flag[i] == '-' && name[i] == '_')))
		i++;
	if (i == len && !name[i])
		return 1;
	return last && last[1] && names_value(flag, len, last + 1);
}

/* The same text, or the same number in another form: 1e-1 and 0.1. */
static int is_text(const char *word, size_t len, const char *text)
{
	double a, b;

	if (strlen(text) == len && !memcmp(word, text, len))
		return 1;
	return number_parse(&a, word, len) == NUMBER_OK && number_parse(&b, text, strlen(text)) == NUMBER_OK && a == b;
}

static int align_text(struct aligning *aligning, const char *from, const char *to);

/* The value may stand at any place that covers the first difference, `same` bytes in: the shortest way back first. */
static int align_at_value(struct aligning *aligning, const char *from, const char *to, size_t same, size_t value)
{
	const char *was = aligning->values->item[value].text[SIDE_FROM];
	const char *is = aligning->values->item[value].text[SIDE_TO];
	size_t was_len = was ? strlen(was) : 0, is_len = is ? strlen(is) : 0,
	       longest = was_len > is_len ? was_len : is_len;

	if (!was_len || !is_len)
		return 0;
	for (size_t back = 0; back <= same && back < longest; back++) {
		size_t at = same - back, n = aligning->out->n;
		int rc;

		if (strncmp(from + at, was, was_len) != 0 || strncmp(to + at, is, is_len) != 0)
			continue;
		rc = put_text(aligning, from, at);
		if (!rc)
			rc = put(aligning, &(struct command_token){.kind = TOKEN_VALUE, .value = value});
		if (!rc)
			rc = align_text(aligning, from + at + was_len, to + at + is_len);
		if (rc)
			return rc;
		aligning->out->n = n;
	}
	return 0;
}

/* What follows in two words: 1 if values explain how they differ, and their tokens are put. Those that the context names first. */
static int align_text(struct aligning *aligning, const char *from, const char *to)
{
	size_t same = 0;
	int rc = 0;

	while (from[same] && from[same] == to[same])
		same++;
	if (!from[same] && !to[same]) {
		rc = put_text(aligning, from, same);
		return rc ? rc : 1;
	}
	for (int named = 1; named >= 0 && !rc; named--)
		for (size_t i = 0; i < aligning->values->n && !rc; i++) {
			const char *name = aligning->values->item[i].name;

			if (++aligning->tries > TRIES_MOST)
				return 0;
			if (names_value(aligning->context, aligning->context_len, name) == named)
				rc = align_at_value(aligning, from, to, same, i);
		}
	return rc;
}

/* "--lr=1e-3" or "1e-3", the number in another form than in the record. */
static int align_number(struct aligning *aligning, const char *from, const char *to)
{
	const struct command_values *values = aligning->values;
	const char *equals = strchr(from, '=');
	size_t head = equals ? (size_t)(equals - from) + 1 : 0;
	int rc;

	if (strncmp(from, to, head) != 0)
		return 0;
	for (size_t i = 0; i < values->n; i++) {
		const struct command_value *value = &values->item[i];

		if (!value->text[SIDE_FROM] || !value->text[SIDE_TO] ||
		    !is_text(from + head, strlen(from + head), value->text[SIDE_FROM]) ||
		    !is_text(to + head, strlen(to + head), value->text[SIDE_TO]))
			continue;
		rc = put_text(aligning, from, head);
		if (!rc)
			rc = put(aligning, &(struct command_token){.kind = TOKEN_VALUE, .value = i});
		return rc ? rc : 1;
	}
	return 0;
}

static const char *word_at(const json_t *words, size_t i)
{
	const char *word = json_string_value(json_array_get(words, i));

	return word ? word : "";
}

/* Two words that stand at the same place. */
static int align_words(struct aligning *aligning, const json_t *from, size_t i, const json_t *to, size_t j)
{
	const char *was = word_at(from, i), *is = word_at(to, j), *equals = strchr(is, '=');
	size_t n = aligning->out->n;
	int rc = put(aligning, &(struct command_token){.kind = TOKEN_WORD});

	if (rc)
		return rc;
	if (!i && !j && program_same_interpreter(was, is)) {
		rc = put_text(aligning, is, strlen(is));
		return rc ? rc : 1;
	}
	aligning->context = equals ? is : j ? word_at(to, j - 1) : "";
	aligning->context_len = equals ? (size_t)(equals - is) : strlen(aligning->context);
	aligning->tries = 0;
	rc = align_text(aligning, was, is);
	if (!rc)
		rc = align_number(aligning, was, is);
	if (!rc)
		aligning->out->n = n;
	return rc;
}

/* How many words at i set a value that differs, as it is on this side: 2 for "--lr 0.1", 1 for "--lr=0.1", 0 for others. */
static size_t flag_length(size_t *value, const json_t *words, size_t i, const struct command_values *values,
			  enum command_side side)
{
	const char *word = word_at(words, i), *equals = strchr(word, '=');
	size_t n = json_array_size(words), len = strlen(word), name = equals ? (size_t)(equals - word) : len;

	for (size_t k = 0; k < values->n; k++) {
		const char *text = values->item[k].text[side];

		*value = k;
		if (!text)
			continue;
		if (len > 5 && !strncmp(word, "--no-", 5) && !strcmp(text, "false") &&
		    names_value(word + 5, len - 5, values->item[k].name))
			return 1;
		if (!names_value(word, name, values->item[k].name))
			continue;
		if (equals && is_text(equals + 1, strlen(equals + 1), text))
			return 1;
		if (*word != '-' || equals)
			continue;
		if (i + 1 < n && is_text(word_at(words, i + 1), strlen(word_at(words, i + 1)), text))
			return 2;
		if (!strcmp(text, "true"))
			return 1;
	}
	return 0;
}

/* Words that one side alone has: 1 and *i behind them if they set a value that differs. */
static int align_flag(struct aligning *aligning, const json_t *words, size_t *i, enum command_side side)
{
	size_t value, n = *i < json_array_size(words) ? flag_length(&value, words, *i, aligning->values, side) : 0;
	int rc = 0;

	for (size_t k = 0; k < n && !rc; k++) {
		const char *word = word_at(words, (*i)++);

		rc = put(aligning, &(struct command_token){.kind = TOKEN_WORD_WHERE, .value = value, .side = side});
		if (!rc)
			rc = put_text(aligning, word, strlen(word));
	}
	return rc ? rc : n > 0;
}

int command_align(struct command_words *out, const json_t *from, const json_t *to, const struct command_values *values,
		  struct error *err)
{
	struct aligning aligning = {.out = out, .values = values, .err = err};
	size_t i = 0, j = 0, n = json_array_size(from), m = json_array_size(to);
	int rc = 1;

	*out = (struct command_words){0};
	while (rc > 0 && (i < n || j < m)) {
		rc = i < n && j < m ? align_words(&aligning, from, i, to, j) : 0;
		if (rc > 0) {
			i++;
			j++;
		}
		if (!rc)
			rc = align_flag(&aligning, to, &j, SIDE_TO);
		if (!rc)
			rc = align_flag(&aligning, from, &i, SIDE_FROM);
	}
	if (rc <= 0)
		command_words_release(out);
	return rc;
}

void command_words_release(struct command_words *words)
{
	free(words->item);
	*words = (struct command_words){0};
}

void command_quote(struct buf *out, const char *word, size_t len)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
	size_t i = 0;

	while (i < len && word[i] && strchr(plain, word[i]))
		i++;
	if (len && i == len) {
		buf_put(out, word, len);
		return;
	}
	buf_putc(out, '\'');
	for (i = 0; i < len; i++)
		buf_put(out, word[i] == '\'' ? "'\\''" : word + i, word[i] == '\'' ? 4 : 1);
	buf_putc(out, '\'');
}

static void put_word(struct buf *out, const struct buf *word)
{
	if (out->len)
		buf_putc(out, ' ');
	command_quote(out, word->text, word->len);
	out->failed |= word->failed;
}

void command_put(struct buf *out, const struct command_words *words, const struct command_values *values,
		 const enum command_side *side)
{
	struct buf word = BUF_INIT;
	int there = 0;

	for (size_t i = 0; i < words->n; i++) {
		const struct command_token *token = &words->item[i];

		if (token->kind == TOKEN_WORD || token->kind == TOKEN_WORD_WHERE) {
			if (there)
				put_word(out, &word);
			buf_clear(&word);
			there = token->kind == TOKEN_WORD || side[token->value] == token->side;
		} else if (token->kind == TOKEN_TEXT) {
			buf_put(&word, token->text, token->len);
		} else {
			buf_puts(&word, values->item[token->value].text[side[token->value]]);
		}
	}
	if (there)
		put_word(out, &word);
	buf_release(&word);
}
