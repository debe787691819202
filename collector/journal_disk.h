/* What the journal does to the disk, as a table of functions: what fails on a disk can be made to
 * fail in a test, at any call. All return what the system's functions of that name return, and set
 * errno; names are relative to the journal's directory. */
#ifndef HEATLEDGER_JOURNAL_DISK_H
#define HEATLEDGER_JOURNAL_DISK_H

#include <stddef.h>
#include <sys/types.h>

struct journal_disk {
    int (*open)(int directory_fd, const char *name, int flags);
    int (*allocate)(int fd, off_t size); /* all room of a new file; 0, or -1 and errno */
    void *(*map)(int fd, size_t size, int protection);
    int (*sync_data)(int fd);
    int (*sync)(int fd); /* of a new file, and of the directory */
    int (*rename)(int directory_fd, const char *from, const char *to);
    int (*unlink)(int directory_fd, const char *name);
    ssize_t (*write)(int fd, const void *bytes, size_t length);
};

/* The system's own. */
const struct journal_disk *journal_disk_system(void);

/* Writes all of it; 0, or -1 and errno. */
int journal_disk_write_all(const struct journal_disk *disk, int fd, const void *bytes,
                           size_t length);

#endif
