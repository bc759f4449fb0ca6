/*
 * OpenSSL's constants that hold addresses, 370 KB, get theirs when the program asks for OpenSSL, not at each start: 90 page faults. For a
 * static-pie on x86-64, whose list of such places (DT_RELR) goes by address: late-openssl.ld puts these last, and the C library is shown the
 * list without them. Until aotserve_prepare_openssl() nothing may call OpenSSL.
 */
#include <elf.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#ifndef DT_RELR
#define DT_RELRSZ 35
#define DT_RELR 36
#endif

enum { BITS = 63 }; /* A word with its lowest bit set says which of the next 63 words are such places. */

/* The start of the program, its dynamic section, and the first and the end of the constants (late-openssl.ld). */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern Elf64_Dyn _DYNAMIC[] __attribute__((visibility("hidden")));
extern char aotserve_openssl_start[] __attribute__((visibility("hidden")));
extern char aotserve_openssl_end[] __attribute__((visibility("hidden")));

static const uint64_t *late; /* NULL: there are none, or they have their addresses. */
static size_t late_count;

void __real__dl_relocate_static_pie(void);
void __wrap__dl_relocate_static_pie(void);
int aotserve_prepare_openssl(void);

/* Where the list first names a place from `start` on, which has to be a word of its own; `count` if nowhere, or not in this way. */
static size_t find_first(const uint64_t *list, size_t count, uint64_t start)
{
    uint64_t next = 0;
    for (size_t i = 0; i < count; i++) {
        if ((list[i] & 1) != 0) {
            next += BITS * sizeof(uint64_t);
        } else if (list[i] >= start) {
            return next <= start ? i : count;
        } else {
            next = list[i] + sizeof(uint64_t);
        }
    }
    return count;
}

/* Whether all places from list[first] on lie before `end`. */
static int lie_before(const uint64_t *list, size_t first, size_t count, uint64_t end)
{
    uint64_t next = 0;
    for (size_t i = first; i < count; i++) {
        if ((list[i] & 1) == 0) {
            if (list[i] >= end) {
                return 0;
            }
            next = list[i] + sizeof(uint64_t);
            continue;
        }
        for (int bit = 0; bit < BITS; bit++) {
            if ((list[i] >> (bit + 1) & 1) != 0 && next + bit * sizeof(uint64_t) >= end) {
                return 0;
            }
        }
        next += BITS * sizeof(uint64_t);
    }
    return 1;
}

/*
 * What the linker puts in the place of the C library's function that gives all these places their addresses, by --wrap. It runs before
 * anything has one, so it uses nothing that would need it.
 */
void __wrap__dl_relocate_static_pie(void)
{
    uint64_t base = (uint64_t)__ehdr_start;
    Elf64_Dyn *size = NULL;
    const uint64_t *list = NULL;
    for (Elf64_Dyn *entry = _DYNAMIC; entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_RELR) {
            list = (const uint64_t *)(base + entry->d_un.d_ptr);
        } else if (entry->d_tag == DT_RELRSZ) {
            size = entry;
        }
    }
    if (list != NULL && size != NULL) {
        size_t count = size->d_un.d_val / sizeof *list;
        size_t first = find_first(list, count, (uint64_t)aotserve_openssl_start - base);
        if (first < count && lie_before(list, first, count, (uint64_t)aotserve_openssl_end - base)) {
            late = list + first;
            late_count = count - first;
            size->d_un.d_val = first * sizeof *list;
        }
    }
    __real__dl_relocate_static_pie();
}

/* Called before OpenSSL is, by one thread. The constants are read-only from then on. Returns 0, or errno where they cannot be made so. */
int aotserve_prepare_openssl(void)
{
    uint64_t base = (uint64_t)__ehdr_start;
    uint64_t *next = NULL;
    if (late == NULL) {
        return 0;
    }
    for (size_t i = 0; i < late_count; i++) {
        if ((late[i] & 1) == 0) {
            next = (uint64_t *)(base + late[i]);
            *next++ += base;
        } else {
            for (int bit = 0; bit < BITS; bit++) {
                if ((late[i] >> (bit + 1) & 1) != 0) {
                    next[bit] += base;
                }
            }
            next += BITS;
        }
    }
    late = NULL;
    return mprotect(aotserve_openssl_start, (size_t)(aotserve_openssl_end - aotserve_openssl_start), PROT_READ) == 0 ? 0 : errno;
}
