/* heatledger on a disk that fails: while the file that SYNC_FAILS names is there, a sync of the
 * journal gives EIO (linked with --wrap=fdatasync). For tests alone. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

int __real_fdatasync(int fd);
int __wrap_fdatasync(int fd);

int __wrap_fdatasync(int fd)
{
    const char *sign = getenv("SYNC_FAILS");
    if (sign != NULL && access(sign, F_OK) == 0) {
        errno = EIO;
        return -1;
    }
    return __real_fdatasync(fd);
}
