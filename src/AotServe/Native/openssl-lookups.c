/*
 * OpenSSL 3.0 looks up by name, again and again, what does not change. The linker's --wrap puts these in the places of its functions, and what
 * was found once is kept. Any thread may call. What is called is declared here: for another machine, its headers may not be installed.
 */
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/*
 * Algorithms (EVP_MD_fetch(3), EVP_KDF_fetch(3), EVP_MAC_fetch(3)): dozens of times in a handshake, with several locks each. The same name always
 * means the same: there is one library context, no provider is added once OpenSSL serves, and no configuration is read. As there, the
 * caller gets a reference and frees it.
 */
enum { MOST = 16 }; /* More names of a kind than libssl and its providers ask for; further ones are looked up as before. */

struct kept {
    const void *context; /* The library context: NULL and the default one are the same, and asked for by both. */
    char *name;
    void *algorithm; /* With a reference that is never given back. */
};

struct kind {
    struct kept kept[MOST];
    int count; /* How many are set: written last, under the lock. */
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* What is kept under that name, without a reference for the caller; NULL: nothing. */
static void *find(struct kind *kind, const void *context, const char *name)
{
    int count = __atomic_load_n(&kind->count, __ATOMIC_ACQUIRE);
    for (int i = 0; i < count; i++) {
        const struct kept *kept = &kind->kept[i];
        if (kept->context == context && strcmp(kept->name, name) == 0) {
            return kept->algorithm;
        }
    }
    return NULL;
}

static void keep(struct kind *kind, const void *context, const char *name, void *algorithm, int (*add_reference)(void *))
{
    if (__atomic_load_n(&kind->count, __ATOMIC_RELAXED) == MOST) {
        return;
    }
    pthread_mutex_lock(&lock);
    /* Another thread may have been here in between: each name is to take one place. */
    if (kind->count < MOST && find(kind, context, name) == NULL) {
        char *copy = strdup(name);
        if (copy != NULL && add_reference(algorithm)) {
            kind->kept[kind->count] = (struct kept) { context, copy, algorithm };
            __atomic_store_n(&kind->count, kind->count + 1, __ATOMIC_RELEASE);
        } else {
            free(copy);
        }
    }
    pthread_mutex_unlock(&lock);
}

static void *fetch(struct kind *kind, void *context, const char *name, const char *properties,
    void *(*look_up)(void *, const char *, const char *), int (*add_reference)(void *))
{
    if (name == NULL || (properties != NULL && *properties != '\0')) {
        return look_up(context, name, properties);
    }
    void *algorithm = find(kind, context, name);
    if (algorithm != NULL) {
        return add_reference(algorithm) ? algorithm : NULL;
    }
    algorithm = look_up(context, name, properties);
    if (algorithm != NULL) {
        keep(kind, context, name, algorithm, add_reference);
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

/*
 * The length of a cipher's nonce (EVP_CIPHER_CTX_get_iv_length(3)): twice for each record, by a parameter of the provider's; later
 * versions keep it. Who uses GCM in TLS sets no other than the cipher's own, 12 bytes (RFC 5288, section 3; RFC 8446, section 5.3).
 */
enum { GCM = 6 }; /* EVP_CIPH_GCM_MODE */

const void *EVP_CIPHER_CTX_get0_cipher(const void *);
int EVP_CIPHER_get_mode(const void *);
int EVP_CIPHER_get_iv_length(const void *);
int __real_EVP_CIPHER_CTX_get_iv_length(const void *);
int __wrap_EVP_CIPHER_CTX_get_iv_length(const void *);

int __wrap_EVP_CIPHER_CTX_get_iv_length(const void *context)
{
    const void *cipher = EVP_CIPHER_CTX_get0_cipher(context);
    return cipher != NULL && EVP_CIPHER_get_mode(cipher) == GCM
        ? EVP_CIPHER_get_iv_length(cipher)
        : __real_EVP_CIPHER_CTX_get_iv_length(context);
}
