/* Tokens that their own shape gives away. Prefixes and lengths are those that the services' documentation names. */
#include "track/secret_work.h"

enum alphabet {
	ALNUM, /* A-Z a-z 0-9 */
	UPPER, /* A-Z 0-9 */
	HEX, /* 0-9 a-f */
	WORDY, /* ALNUM and _ */
	DASHED, /* WORDY and - */
	DOTTED, /* DASHED and . */
	SLASHED, /* DOTTED and + / = ~ : what may follow "Bearer " */
};

struct shape {
	const char *prefix; /* its last two characters lead here */
	unsigned min, max; /* characters after it; more than max: it is something else. max 0: any number */
	enum alphabet alphabet;
	int digits; /* at least so many among them, so that names with dashes are not taken */
};

static const struct shape shapes[] = {
	{"AKIA", 16, 16, UPPER, 0}, /* AWS */
	{"ASIA", 16, 16, UPPER, 0},
	{"AIza", 35, 35, DASHED, 0}, /* Google */
	{"ya29.", 20, 0, DASHED, 0},
	{"GOCSPX-", 20, 0, DASHED, 0},
	{"ghp_", 30, 0, ALNUM, 0}, /* GitHub */
	{"gho_", 30, 0, ALNUM, 0},
	{"ghu_", 30, 0, ALNUM, 0},
	{"ghs_", 30, 0, ALNUM, 0},
	{"ghr_", 30, 0, ALNUM, 0},
	{"github_pat_", 22, 0, WORDY, 0},
	{"glpat-", 20, 0, DOTTED, 0}, /* GitLab */
	{"gldt-", 20, 0, DASHED, 0},
	{"glrt-", 20, 0, DASHED, 0},
	{"glcbt-", 20, 0, DASHED, 0},
	{"glptt-", 20, 0, DASHED, 0},
	{"xoxb-", 10, 0, DASHED, 4}, /* Slack */
	{"xoxp-", 10, 0, DASHED, 4},
	{"xoxa-", 10, 0, DASHED, 4},
	{"xoxo-", 10, 0, DASHED, 4},
	{"xoxe-", 10, 0, DASHED, 4},
	{"xoxr-", 10, 0, DASHED, 4},
	{"xoxs-", 10, 0, DASHED, 4},
	{"xapp-", 10, 0, DASHED, 4},
	{"sk-", 20, 0, DASHED, 3}, /* OpenAI, Anthropic (sk-ant-) and those that follow them */
	{"sk_live_", 16, 0, ALNUM, 0}, /* Stripe */
	{"rk_live_", 16, 0, ALNUM, 0},
	{"sk_test_", 16, 0, ALNUM, 3},
	{"hf_", 30, 40, ALNUM, 0}, /* Hugging Face */
	{"gsk_", 40, 0, ALNUM, 0}, /* Groq */
	{"r8_", 36, 40, ALNUM, 0}, /* Replicate */
	{"xai-", 40, 0, ALNUM, 3}, /* xAI */
	{"nvapi-", 40, 0, DASHED, 3}, /* NVIDIA */
	{"npm_", 36, 36, ALNUM, 0},
	{"pypi-", 50, 0, DASHED, 3},
	{"dckr_pat_", 20, 0, DASHED, 0}, /* Docker */
	{"dapi", 32, 32, HEX, 0}, /* Databricks */
	{"SG.", 60, 0, DOTTED, 3}, /* SendGrid */
	{"eyJ", 20, 0, DOTTED, 0}, /* a JWT: see is_jwt() */
	{"Bearer ", 16, 0, SLASHED, 1},
	{"bearer ", 16, 0, SLASHED, 1},
	{"Authorization: Basic ", 8, 0, SLASHED, 0},
	{"authorization: Basic ", 8, 0, SLASHED, 0},
};

static int in_alphabet(char c, enum alphabet alphabet)
{
	int upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';

	if (alphabet == HEX)
		return digit || (c >= 'a' && c <= 'f');
	if (upper || digit || (lower && alphabet != UPPER))
		return 1;
	if (alphabet >= WORDY && c == '_')
		return 1;
	if (alphabet >= DASHED && c == '-')
		return 1;
	if (alphabet >= DOTTED && c == '.')
		return 1;
	return alphabet == SLASHED && c && strchr("+/=~", c) != NULL;
}

/* Three parts of base64url, the second an object too: eyJ....eyJ....signature */
static int is_jwt(const char *text, size_t len)
{
	const char *dot = memchr(text, '.', len), *second;
	size_t left = dot ? len - (size_t)(dot + 1 - text) : 0;

	if (left < 10 || memcmp(dot + 1, "eyJ", 3) != 0)
		return 0;
	second = memchr(dot + 1, '.', left);
	return second && (size_t)(text + len - second) > 8;
}

/* Long runs between dashes: sk-learn-contrib-0-8-2 has none. */
static int has_long_run(const char *text, size_t len)
{
	size_t run = 0;

	for (size_t i = 0; i < len; i++) {
		run = in_alphabet(text[i], ALNUM) ? run + 1 : 0;
		if (run >= 16)
			return 1;
	}
	return 0;
}

static int fits(const struct shape *shape, const char *text, size_t len)
{
	int digits = 0;

	if (len < shape->min || (shape->max && len > shape->max))
		return 0;
	for (size_t i = 0; i < len && digits < shape->digits; i++)
		digits += text[i] >= '0' && text[i] <= '9';
	if (digits < shape->digits)
		return 0;
	if (!strcmp(shape->prefix, "sk-"))
		return has_long_run(text, len);
	return strcmp(shape->prefix, "eyJ") != 0 || is_jwt(text, len);
}

static int matches(struct secret *out, const struct shape *shape, const char *text, size_t len, size_t at)
{
	size_t prefix = strlen(shape->prefix), start, end;

	if (at + 2 < prefix || memcmp(text + at + 2 - prefix, shape->prefix, prefix) != 0)
		return 0;
	start = at + 2 - prefix;
	if (start && in_alphabet(text[start - 1], WORDY))
		return 0;
	for (end = at + 2; end < len && in_alphabet(text[end], shape->alphabet);)
		end++;
	while (end > at + 2 && text[end - 1] == '.') /* of the sentence */
		end--;
	if (!fits(shape, text + at + 2, end - at - 2))
		return 0;
	/* where the prefix is words, they stay and the value goes */
	*out = (struct secret){start, text[at + 1] == ' ' ? at + 2 : start, end, end == len};
	return 1;
}

/* -----BEGIN ... PRIVATE KEY----- to its end, or as far as it looks like one. */
static int key_block(struct secret *out, const char *text, size_t len, size_t at)
{
	static const char begin[] = "-----BEGIN ", end_mark[] = "-----END ", dashes[] = "-----";
	size_t start, head, end;
	const char *stop;

	if (at < 4 || len - (at - 4) < sizeof(begin) - 1 || memcmp(text + at - 4, begin, sizeof(begin) - 1) != 0)
		return 0;
	start = at - 4;
	for (head = start + sizeof(begin) - 1; head < len && (in_alphabet(text[head], UPPER) || text[head] == ' ');)
		head++;
	stop = memmem(text + start, head - start, "PRIVATE KEY", strlen("PRIVATE KEY"));
	if (!stop)
		return 0;
	for (end = head; end < len && (in_alphabet(text[end], SLASHED) || strchr(" \t\r\n\\:,", text[end]));) {
		if (!text[end] || (text[end] == '-' && len - end >= sizeof(end_mark) - 1 &&
				   !memcmp(text + end, end_mark, sizeof(end_mark) - 1)))
			break;
		end++;
	}
	if (end < len && text[end] == '-') {
		const char *closing = memmem(text + end + 5, len - end - 5, dashes, sizeof(dashes) - 1);

		end = closing ? (size_t)(closing - text) + sizeof(dashes) - 1 : len;
		*out = (struct secret){start, start, end, !closing};
		return 1;
	}
	*out = (struct secret){start, start, end, end == len};
	return 1;
}

int secret_shape(struct secret *out, const char *text, size_t len, size_t at)
{
	if (text[at] == '-' && text[at + 1] == 'B')
		return key_block(out, text, len, at);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(*shapes); i++) {
		const char *prefix = shapes[i].prefix;
		size_t n = strlen(prefix);

		if (prefix[n - 1] == text[at + 1] && prefix[n - 2] == text[at] &&
		    matches(out, &shapes[i], text, len, at))
			return 1;
	}
	return 0;
}
