#include "base/random.h"

#include <errno.h>
#include <sys/random.h>

void random_shuffle(struct random *random, size_t *items, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = random_below(random, i), kept = items[i - 1];

		items[i - 1] = items[j];
		items[j] = kept;
	}
}

int random_bytes(void *out, size_t len, struct error *err)
{
	char *at = out;

	while (len) {
		ssize_t got = getrandom(at, len, 0);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return error_errno(err, "the kernel gives no random bytes");
		at += got;
		len -= (size_t)got;
	}
	return 0;
}
