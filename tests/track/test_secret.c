/* Secrets are masked in arguments, texts and streams; what only looks like one stays. */
#include "check.h"

#include "base/clock.h"
#include "base/mem.h"
#include "track/secret.h"

static void check_names(const char *const *names, int want)
{
	for (; *names; names++)
		if (secret_name(*names) != want)
			fail_msg("secret_name(\"%s\") is %d", *names, !want);
}

static void names_that_say_secret_are_known(void **state)
{
	static const char *const names[] = {"token",         "TOKEN",
					    "API_KEY",       "apiKey",
					    "apikey",        "db.password",
					    "dbPassword",    "dbpassword",
					    "DB_PASS",       "MYSQL_PWD",
					    "passwd",        "client-secret",
					    "secret",        "key",
					    "auth-token",    "AWS_SECRET_ACCESS_KEY",
					    "HF_TOKEN",      "WANDB_API_KEY",
					    "credentials",   "OPENAI_API_KEY",
					    "GITHUB_PAT",    "ssh_key",
					    "accessToken",   "github_token",
					    "passphrase",    "private_key",
					    "X-Api-Key",     "my_token",
					    "APIKey",        "userPassword",
					    "refresh_token", "credential",
					    "azure_secret",  NULL};

	(void)state;
	check_names(names, 1);
}

static void names_that_only_sound_like_it_are_not(void **state)
{
	static const char *const names[] = {
		"monkey",    "keyboard",      "key_column", "tokenizer",     "max_tokens", "pad_token",
		"eos_token", "turkey",        "keys",       "tokens",        "n_tokens",   "primary_key",
		"sort_key",  "PWD",           "pass",       "passes",        "compass",    "secretary",
		"rng_key",   "public_key",    "hotkeys",    "tokenized",     "",           "-",
		"_",         "learning_rate", "bos_token",  "password_file", NULL};

	(void)state;
	check_names(names, 0);
}

/* What secret_mask() makes of a text; the caller's. */
static char *masked(const char *text, size_t *count)
{
	struct buf out = BUF_INIT;

	*count = secret_mask(&out, text, strlen(text));
	return buf_detach(&out);
}

static void check_mask(const char *text, const char *want)
{
	size_t count;
	char *got = masked(text, &count);

	assert_string_equal(got, want);
	assert_int_equal(count > 0, strcmp(text, want) != 0);
	free(got);
}

#define A20 "a1B2c3D4e5F6g7H8i9J0"
#define HEX40 "da39a3ee5e6b4b0d3255bfef95601890afd80709"

static void tokens_are_known_by_their_shape(void **state)
{
	/* split, so that no scanner takes this file for a leak */
	static const char *const tokens[] = {
		"AKIA"
		"IOSFODNN7EXAMPLE",
		"ghp_" A20 A20,
		"gho_" A20 A20,
		"github_pat_" A20 "_" A20,
		"glpat-" A20,
		"xoxb-"
		"123456789012-abcdefABCDEF",
		"sk-" A20 A20,
		"sk-proj-" A20 "_" A20,
		"sk-ant-api03-" A20 "-" A20,
		"hf_"
		"abcdefghijABCDEFGHIJabcdefghijABCD",
		"AIza"
		"SyA1234567890abcdefghijklmnopqrstuv",
		"ya29." A20 A20,
		"eyJhbGciOiJIUzI1NiJ9"
		".eyJzdWIiOiIxMjM0In0"
		".SflKxwRJSMeKKF2QT4fwpM",
		"npm_"
		"abcdefghij1234567890abcdefghij123456",
		"sk_live_" A20,
		"dapi"
		"0123456789abcdef0123456789abcdef",
		NULL,
	};

	(void)state;
	for (const char *const *token = tokens; *token; token++) {
		char *text = mem_printf("using %s, ok", *token), *alone = mem_printf("(%s)", *token),
		     *line = mem_printf("%s\n", *token), *in_word = mem_printf("x%s", *token);

		check_mask(text, "using ***, ok");
		check_mask(alone, "(***)");
		check_mask(line, "***\n");
		check_mask(*token, "***");
		check_mask(in_word, in_word);
		free(text);
		free(alone);
		free(line);
		free(in_word);
	}
}

static void values_of_secret_names_are_masked(void **state)
{
	(void)state;
	check_mask("DB_PASSWORD=hunter2", "DB_PASSWORD=***");
	check_mask("export API_KEY='a b c'; ls", "export API_KEY='***'; ls");
	check_mask("{\"api_key\": \"abc\", \"n\": 1}", "{\"api_key\": \"***\", \"n\": 1}");
	check_mask("{\\\"api_key\\\": \\\"abc\\\"}", "{\\\"api_key\\\": \\\"***\\\"}");
	check_mask("password: hunter2\nnext", "password: ***\nnext");
	check_mask("os.environ[\"HF_TOKEN\"] = 'abc'", "os.environ[\"HF_TOKEN\"] = '***'");
	check_mask("token=" A20, "token=***");
	check_mask("https://h/x?access_token=abc&page=2", "https://h/x?access_token=***&page=2");
	check_mask("+ mysql --password hunter2 -e x", "+ mysql --password *** -e x");
	check_mask("['train', '--api-key', 'abc', '-n']", "['train', '--api-key', '***', '-n']");
	check_mask("client_secret = abc", "client_secret = ***");
	check_mask("X-Api-Key: abc\r\n", "X-Api-Key: ***\r\n");
	check_mask("Authorization: Bearer " A20, "Authorization: Bearer ***");
	check_mask("Authorization: Basic dXNlcjpwYXNz\n", "Authorization: Basic ***\n");
}

static void passwords_in_urls_are_masked(void **state)
{
	(void)state;
	check_mask("postgres://ada:s3cr3t!x@db:5432/m", "postgres://ada:***@db:5432/m");
	check_mask("git clone https://x-access-token:abc@github.com/a/b.git",
		   "git clone https://x-access-token:***@github.com/a/b.git");
	check_mask("redis://:pw@h", "redis://:***@h");
	check_mask("http://localhost:8888/lab?x=a@b", "http://localhost:8888/lab?x=a@b");
	check_mask("git@github.com:a/b.git ssh://git@h/x", "git@github.com:a/b.git ssh://git@h/x");
}

static void private_keys_are_masked_whole(void **state)
{
	(void)state;
	check_mask("a\n-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIEow+/=\nAbc\n-----END RSA PRIVATE "
		   "KEY-----\nb\n",
		   "a\n***\nb\n");
	check_mask("{\"k\": \"-----BEGIN PRIVATE KEY-----\\nMIIE\\n-----END PRIVATE KEY-----\\n\"}",
		   "{\"k\": \"***\\n\"}");
	check_mask("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n",
		   "-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n");
	check_mask("-----BEGIN CERTIFICATE-----\nMIIB\n", "-----BEGIN CERTIFICATE-----\nMIIB\n");
}

static void what_ordinary_logs_say_stays(void **state)
{
	static const char *const lines[] = {
		"Epoch 3/10:  45%|####5     | 90/200 [00:12<00:15,  7.21it/s, loss=0.412, lr=1e-3]\r",
		"commit " HEX40,
		"HEAD is now at da39a3e fix key handling",
		"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"cache key: " HEX40,
		"key=" HEX40,
		"loaded tokenizer from bert-base-uncased; pad_token=[PAD] eos_token=</s> max_tokens=512",
		"sorted(rows, key=lambda row: row.score)",
		"KeyError: 'age'",
		"key: loss, token: the, secret: ",
		"tokens/s: 1234.5  token: 17",
		"password: None, api_key=null token=$TOKEN PASSWORD=<your password>",
		"pip install scikit-learn sk-learn-contrib-hdbscan-toolkit-0.8.33",
		"disk-usage 20 risk-adjusted-return-of-the-portfolio-2024-01-01",
		"from hf_hub_download import hf_transfer_this_is_a_long_identifier_name",
		"if token == other_token: pass",
		"The secretary typed on a keyboard. Bearer of good news; basic authentication is off.",
		"bearer of a very_long_name_without_figures_in_it",
		"data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/"
		"w38GIAXDIBKE0DHxgljNBAAO9TXL0Y4OHwAAAABJRU5ErkJggg==",
		"2026-11-24T10:30:15Z INFO train.py:42 step=100 loss=0.31 grad_norm=1.2 key_padding_mask=None",
		"550e8400-e29b-41d4-a716-446655440000",
		"model saved to runs/2026-11-24/key_points/epoch12.pt (md5 d41d8cd98f00b204e9800998ecf8427e)",
		"-------------------------------------------------- | ---- | --",
		"x::key::y std::map<key, value> a ? b : c",
		"See https://docs.python.org:443/3/library/ssl.html and http://user@host/",
		NULL,
	};

	(void)state;
	for (const char *const *line = lines; *line; line++)
		check_mask(*line, *line);
}

/* Bytes that repeat for every machine: xorshift. */
static unsigned next_random(unsigned *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void pictures_in_base64_hold_no_token(void **state)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const size_t len = 8 << 20;
	char *text = mem_array(len, 1);
	struct buf out = BUF_INIT;
	unsigned seed = 7;

	(void)state;
	for (size_t i = 0; i < len; i++)
		text[i] = digits[next_random(&seed) % 64];
	assert_int_equal(secret_mask(&out, text, len), 0);
	for (size_t i = 0; i < len; i++)
		text[i] = (char)next_random(&seed);
	assert_int_equal(secret_mask(&out, text, len), 0);
	buf_release(&out);
	free(text);
}

static const char stream_text[] = "start\nDB_PASSWORD=hunter2 go on\ntoken: ghp_" A20 A20
				  "\n-----BEGIN PRIVATE KEY-----\nMIIE\nabc\n-----END PRIVATE KEY-----\nurl "
				  "https://a:pass@h/ end\n\r 10%\r 20%\rAuthorization: Bearer " A20 "\nlast half line";

/* The stream's text in pieces of one length each. */
static char *streamed(const char *text, size_t len, size_t piece, size_t *count)
{
	struct secret_stream *stream = secret_stream_new(NULL);
	struct buf out = BUF_INIT;

	*count = 0;
	for (size_t i = 0; i < len; i += piece)
		*count += secret_stream_add(stream, &out, text + i, len - i < piece ? len - i : piece);
	*count += secret_stream_end(stream, &out);
	return buf_detach(&out);
}

static void no_seam_of_a_stream_hides_a_token(void **state)
{
	size_t want_count, count;
	char *want = masked(stream_text, &want_count);

	(void)state;
	assert_int_equal(want_count, 5);
	assert_null(strstr(want, "hunter2"));
	for (size_t piece = 1; piece < sizeof(stream_text); piece++) {
		char *got = streamed(stream_text, sizeof(stream_text) - 1, piece, &count);

		assert_string_equal(got, want);
		assert_int_equal(count, want_count);
		free(got);
	}
	free(want);
}

static void a_stream_without_lines_is_passed_on_in_small_memory(void **state)
{
	struct secret_stream *stream = secret_stream_new(NULL);
	struct buf out = BUF_INIT;
	char block[4096];
	size_t in = 0, count = 0;

	(void)state;
	memset(block, '.', sizeof(block));
	for (int i = 0; i < 500; i++) {
		buf_clear(&out);
		count += secret_stream_add(stream, &out, block, sizeof(block));
		in += sizeof(block) - out.len;
		assert_true(in <= 8192); /* held back */
	}
	/* a value that never ends is not kept for ever */
	buf_clear(&out);
	count += secret_stream_add(stream, &out, " password=", strlen(" password="));
	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 64; i++)
		count += secret_stream_add(stream, &out, block, sizeof(block));
	assert_int_equal(count, 1);
	count += secret_stream_end(stream, &out);
	assert_non_null(strstr(out.text, " password=***"));
	buf_release(&out);
}

static void a_pause_brings_out_what_was_held_back(void **state)
{
	struct secret_stream *stream = secret_stream_new(NULL);
	struct buf out = BUF_INIT;

	(void)state;
	assert_int_equal(secret_stream_add(stream, &out, "Go on? [y/n] token", 18), 0);
	assert_string_equal(out.text, "");
	secret_stream_words(stream, &out);
	assert_string_equal(out.text, "Go on? [y/n] ");
	secret_stream_rest(stream, &out);
	assert_string_equal(out.text, "Go on? [y/n] token");
	assert_int_equal(secret_stream_add(stream, &out, "s are fine\n", 11), 0);
	assert_string_equal(out.text, "Go on? [y/n] tokens are fine\n");
	assert_int_equal(secret_stream_end(stream, &out), 0);
	assert_int_equal(secret_stream_end(NULL, &out), 0);
	buf_release(&out);
}

static void values_of_secret_variables_are_masked_wherever_they_stand(void **state)
{
	static const char *const variables[] = {
		"WANDB_API_KEY=" HEX40,  "HOME=/home/ada",          "DB_PASSWORD=short",
		"APP_PASSWORD=password", "API_KEY=1234567890.5",    "AUTH_TOKEN=Horse-staple",
		"SECRET=$OTHER_SECRET",  "PUBLIC_KEY=abcd1234efgh", NULL};
	static const char text[] = "wandb: " HEX40 "\nHorse-staple" HEX40
				   "Horse-staple\npassword Horse-stable ada\nHorse-staple";
	struct names known = {0};
	struct error err = {0};

	(void)state;
	check_ok(secret_known(&known, variables, &err), err);
	assert_int_equal(known.n, 2);
	assert_string_equal(known.name[1], "Horse-staple");
	for (size_t piece = 1; piece < sizeof(text); piece += 3) {
		struct secret_stream *stream = secret_stream_new(&known);
		struct buf out = BUF_INIT;
		size_t count = 0;

		for (size_t i = 0; i < sizeof(text) - 1; i += piece)
			count += secret_stream_add(stream, &out, text + i,
						   sizeof(text) - 1 - i < piece ? sizeof(text) - 1 - i : piece);
		count += secret_stream_end(stream, &out);
		assert_string_equal(out.text, "wandb: ***\n*********\npassword Horse-stable ada\n***");
		assert_int_equal(count, 5);
		buf_release(&out);
	}
	names_free(&known);
}

static void check_argv(const char *const *argv, const char *want, size_t want_masked)
{
	size_t count;
	json_t *array = secret_argv(argv, &count);
	char *got = json_dumps(array, JSON_COMPACT | JSON_ENSURE_ASCII);

	assert_string_equal(got, want);
	assert_int_equal(count, want_masked);
	free(got);
	json_decref(array);
}

#define ARGV(...) ((const char *const[]){__VA_ARGS__, NULL})

static void arguments_are_masked_by_name_and_by_shape(void **state)
{
	(void)state;
	check_argv(ARGV("python", "train.py", "--auth-token", "abc", "--depth", "3"),
		   "[\"python\",\"train.py\",\"--auth-token\",\"***\",\"--depth\",\"3\"]", 1);
	check_argv(ARGV("x", "--password=a b", "API_KEY=k", "db.password=p", "--lr=0.1"),
		   "[\"x\",\"--password=***\",\"API_KEY=***\",\"db.password=***\",\"--lr=0.1\"]", 3);
	check_argv(ARGV("x", "--token", "--verbose", "--key", "$KEY", "--max-tokens", "10"),
		   "[\"x\",\"--token\",\"--verbose\",\"--key\",\"$KEY\",\"--max-tokens\",\"10\"]", 0);
	check_argv(ARGV("sh", "-c", "export TOKEN=" A20 "; curl https://a:b@h/"),
		   "[\"sh\",\"-c\",\"export TOKEN=***; curl https://a:***@h/\"]", 2);
	check_argv(ARGV("x", "ghp_" A20 A20, "caf\xe9"), "[\"x\",\"***\",\"caf\\uFFFD\"]", 1);
}

/* A log as training prints it, 64 MB: the scan must not be what a command waits for. */
static void ordinary_logs_go_through_fast(void **state)
{
	struct buf log = BUF_INIT, out = BUF_INIT;
	struct secret_stream *stream = secret_stream_new(NULL);
	const size_t block = 1 << 17;
	size_t count = 0;
	double start, seconds;

	(void)state;
	for (int i = 0; log.len < (16 << 20); i++)
		buf_printf(&log,
			   "2026-11-24 10:%02d:15,123 - INFO - train.py:42 - Epoch %d step %d: train_loss=0.%04d, "
			   "val_acc: 0.91 lr=1e-4 (tokens/s: 51234)\n",
			   i % 60, i / 100, i, i % 9999);
	start = clock_seconds();
	for (int round = 0; round < 4; round++)
		for (size_t i = 0; i < log.len; i += block) {
			buf_clear(&out);
			count += secret_stream_add(stream, &out, log.text + i,
						   log.len - i < block ? log.len - i : block);
		}
	seconds = clock_seconds() - start;
	print_message("%.0f MB/s\n", 4e-6 * (double)log.len / seconds);
	assert_int_equal(count, 0);
#ifndef __SANITIZE_ADDRESS__
	assert_true(4e-6 * (double)log.len / seconds > 60); /* 5 times that on an idle machine */
#endif
	secret_stream_end(stream, &out);
	buf_release(&log);
	buf_release(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_that_say_secret_are_known),
		cmocka_unit_test(names_that_only_sound_like_it_are_not),
		cmocka_unit_test(tokens_are_known_by_their_shape),
		cmocka_unit_test(values_of_secret_names_are_masked),
		cmocka_unit_test(passwords_in_urls_are_masked),
		cmocka_unit_test(private_keys_are_masked_whole),
		cmocka_unit_test(what_ordinary_logs_say_stays),
		cmocka_unit_test(pictures_in_base64_hold_no_token),
		cmocka_unit_test(no_seam_of_a_stream_hides_a_token),
		cmocka_unit_test(a_stream_without_lines_is_passed_on_in_small_memory),
		cmocka_unit_test(a_pause_brings_out_what_was_held_back),
		cmocka_unit_test(values_of_secret_variables_are_masked_wherever_they_stand),
		cmocka_unit_test(arguments_are_masked_by_name_and_by_shape),
		cmocka_unit_test(ordinary_logs_go_through_fast),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
