/* See file_copy.h. */
#include "track/file_copy.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

int file_copy_to(int fd, const char *path, struct error *err)
{
	int from = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), rc = 0;
	char block[1 << 16];
	ssize_t got = 0;

	if (from < 0)
		return error_errno(err, "cannot read %s", path);
	if (lseek(fd, 0, SEEK_END) == 0 && ioctl(fd, FICLONE, from) == 0)
		goto out;
	while (!rc && ((got = read(from, block, sizeof(block))) > 0 || (got < 0 && errno == EINTR)))
		if (got > 0)
			rc = fd_write(fd, block, (size_t)got, path, err);
	if (!rc && got < 0)
		rc = error_errno(err, "cannot read %s", path);
out:
	close(from);
	return rc;
}
