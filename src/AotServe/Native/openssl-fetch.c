/*
 * OpenSSL 3 looks an algorithm up by its name for each use: 61 times in a handshake that resumes a session, with ten locks each, a tenth of
 * its time. Here the same name always means the same: there is one library context, no provider is added once OpenSSL serves, and no
 * configuration is read. So the linker's --wrap puts these in the places of its functions (EVP_MD_fetch(3), EVP_KDF_fetch(3),
 * EVP_MAC_fetch(3)), and what was found once is kept. As there, the caller gets a reference and frees it. Any thread may call.
 */
#include <pthread.h>
#include <stddef.h>
#include <string.h>

enum { MOST = 16 }; /* More names of a kind than libssl and its providers ask for; further ones are looked up as before. */

struct kept {
    void *context; /* The library context: NULL and the default one are the same, and asked for by both. */
    char *name;
    void *algorithm; /* With a reference that is never given back. */
};

struct kind {
    struct kept kept[MOST];
    int count; /* How many are set: written last, under the lock. */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void keep(struct kind *kind, void *context, const char *name, void *algorithm, int (*add_reference)(void *))
{
    pthread_mutex_lock(&lock);
    int count = kind->count;
    char *copy = count < MOST && add_reference(algorithm) ? strdup(name) : NULL;
    if (copy != NULL) {
        kind->kept[count] = (struct kept) { context, copy, algorithm };
        __atomic_store_n(&kind->count, count + 1, __ATOMIC_RELEASE);
    }
    pthread_mutex_unlock(&lock);
}

static void *fetch(struct kind *kind, void *context, const char *name, const char *properties,
    void *(*look_up)(void *, const char *, const char *), int (*add_reference)(void *))
{
    if (name == NULL || (properties != NULL && *properties != '\0')) {
        return look_up(context, name, properties);
    }
    int count = __atomic_load_n(&kind->count, __ATOMIC_ACQUIRE);
    for (int i = 0; i < count; i++) {
        const struct kept *kept = &kind->kept[i];
        if (kept->context == context && strcmp(kept->name, name) == 0) {
            return add_reference(kept->algorithm) ? kept->algorithm : NULL;
        }
    }
    void *algorithm = look_up(context, name, properties);
    if (algorithm != NULL) {
        keep(kind, context, name, algorithm, add_reference); /* Two threads at once: twice, which does no harm. */
    }
    return algorithm;
}

#define KEPT(type) \
    void *__real_##type##_fetch(void *, const char *, const char *); \
    void *__wrap_##type##_fetch(void *, const char *, const char *); \
    int type##_up_ref(void *); \
    void *__wrap_##type##_fetch(void *context, const char *name, const char *properties) \
    { \
        static struct kind kind; \
        return fetch(&kind, context, name, properties, __real_##type##_fetch, type##_up_ref); \
    }
KEPT(EVP_MD)
KEPT(EVP_KDF)
KEPT(EVP_MAC)
