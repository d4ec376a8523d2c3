/*
 * A command's terminal for stdout and stderr. Its stdin is the user's own terminal, so nothing is typed here; but programs that
 * draw on the whole screen set the modes of the keyboard (no echo, no waiting for a line) on stdout: those go on to the user's
 * terminal. EXTPROC and packet mode are how a pty tells of such a change (tty_ioctl(4)).
 */
#include "track/launch_work.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

int terminal_size(int from, int to)
{
	struct winsize now, before;

	if (ioctl(from, TIOCGWINSZ, &now) < 0 || ioctl(to, TIOCGWINSZ, &before) < 0)
		return 0;
	return memcmp(&now, &before, sizeof(now)) != 0 && ioctl(to, TIOCSWINSZ, &now) == 0;
}

int terminal_open(struct output *output)
{
	char name[128];
	struct termios modes;

	output->from = fd_above(posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
	if (output->from < 0)
		return 0;
	if (tcgetattr(output->to, &output->modes) < 0 || grantpt(output->from) < 0 || unlockpt(output->from) < 0 ||
	    ptsname_r(output->from, name, sizeof(name)) != 0 || fcntl(output->from, F_SETFL, O_RDWR | O_NONBLOCK) < 0)
		goto fail;
	output->child = fd_above(open(name, O_RDWR | O_NOCTTY | O_CLOEXEC));
	if (output->child < 0)
		goto fail;
	modes = output->modes;
	modes.c_oflag &= ~(tcflag_t)OPOST; /* the user's terminal does that; the log has what was printed */
	modes.c_lflag |= EXTPROC;
	if (tcsetattr(output->child, TCSANOW, &modes) < 0 || ioctl(output->from, TIOCPKT, &(int){1}) < 0) {
		close(output->child);
		output->child = -1;
		goto fail;
	}
	terminal_size(output->to, output->child);
	output->is_terminal = 1;
	return 1;
fail:
	close(output->from);
	output->from = -1;
	return 0;
}

/* Only where this process may: a job in the background that sets modes is stopped. */
static int may_set(const struct output *output)
{
	return output->to >= 0 && tcgetpgrp(output->to) == getpgrp();
}

static void follow(struct output *output)
{
	struct termios theirs, ours;

	if (!may_set(output) || tcgetattr(output->child, &theirs) < 0 || tcgetattr(output->to, &ours) < 0)
		return;
	ours.c_iflag = theirs.c_iflag;
	ours.c_lflag = theirs.c_lflag & ~(tcflag_t)EXTPROC;
	ours.c_oflag = (theirs.c_oflag & ~(tcflag_t)OPOST) | (ours.c_oflag & OPOST);
	memcpy(ours.c_cc, theirs.c_cc, sizeof(ours.c_cc));
	output->is_changed = 1;
	tcsetattr(output->to, TCSANOW, &ours);
}

ssize_t terminal_read(struct output *output, char *bytes, size_t len)
{
	unsigned char kind = TIOCPKT_DATA;
	struct iovec parts[2] = {{&kind, 1}, {bytes, len}};
	ssize_t n = readv(output->from, parts, 2);

	if (n < 1)
		return n < 0 ? n : (errno = EIO, -1);
	if (kind & TIOCPKT_IOCTL)
		follow(output);
	return kind == TIOCPKT_DATA ? n - 1 : 0;
}

void terminal_restore(struct output *output)
{
	if (output->is_changed && may_set(output))
		tcsetattr(output->to, TCSADRAIN, &output->modes);
	output->is_changed = 0;
}
