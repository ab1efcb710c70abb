// SPDX-License-Identifier: GPL-2.0-or-later
/* main() of a fuzz target in ordinary builds: feeds it every file of the folders named on
 * the command line, each in a heap block of its exact size. */
#include <dirent.h>
#include <err.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fuzz.h"

static void replay_file(int dir_fd, const char *name)
{
    int fd = openat(dir_fd, name, O_RDONLY | O_CLOEXEC);
    struct stat st;
    uint8_t *data;
    size_t size;

    if (fd < 0 || fstat(fd, &st) < 0)
        err(1, "%s", name);
    size = (size_t)st.st_size;
    data = malloc(size ? size : 1);
    if (!data || read(fd, data, size) != (ssize_t)size)
        err(1, "%s", name);
    close(fd);
    printf("%s\n", name);
    fflush(stdout);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
}

static unsigned replay_folder(const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    unsigned n_files = 0;

    if (!dir)
        err(1, "%s", path);
    while ((entry = readdir(dir))) {
        if (entry->d_name[0] == '.')
            continue;
        replay_file(dirfd(dir), entry->d_name);
        n_files++;
    }
    closedir(dir);
    return n_files;
}

int main(int argc, char **argv)
{
    unsigned n_files = 0;

    for (int i = 1; i < argc; i++)
        n_files += replay_folder(argv[i]);
    if (!n_files)
        errx(1, "usage: %s FOLDER...  (there is nothing in them)", argv[0]);
    printf("%u inputs\n", n_files);
    return 0;
}
