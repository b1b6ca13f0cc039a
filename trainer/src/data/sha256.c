/* SHA-256 as in FIPS 180-4, Secure Hash Standard (2015): sections 4.1.2 (functions), 4.2.2
 * (constants), 5.1.1 (padding), 5.3.3 (initial value) and 6.2.2 (computation). */
#include "sha256.h"

#include <stdint.h>
#include <string.h>

enum { BLOCK = 64, ROUNDS = 64 };

/* Fractional parts of the cube roots of the first 64 primes. */
static const uint32_t constants[ROUNDS] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
    0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
    0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
    0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
    0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
    0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
    0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
    0xc67178f2};

static uint32_t rotate_right(uint32_t x, int bits)
{
    return x >> bits | x << (32 - bits);
}

static void schedule(const unsigned char *block, uint32_t w[ROUNDS])
{
    for (int t = 0; t < 16; t++)
        w[t] = (uint32_t)block[4 * t] << 24 | (uint32_t)block[4 * t + 1] << 16 |
               (uint32_t)block[4 * t + 2] << 8 | block[4 * t + 3];
    for (int t = 16; t < ROUNDS; t++) {
        uint32_t x = w[t - 15], y = w[t - 2];
        uint32_t sigma0 = rotate_right(x, 7) ^ rotate_right(x, 18) ^ x >> 3;
        uint32_t sigma1 = rotate_right(y, 17) ^ rotate_right(y, 19) ^ y >> 10;
        w[t] = sigma1 + w[t - 7] + sigma0 + w[t - 16];
    }
}

/* h: a b c d e f g h of the standard, in this order. */
static void compress(uint32_t hash[8], const unsigned char *block)
{
    uint32_t w[ROUNDS], h[8];
    schedule(block, w);
    memcpy(h, hash, sizeof h);
    for (int t = 0; t < ROUNDS; t++) {
        uint32_t a = h[0], e = h[4];
        uint32_t sum1 = rotate_right(e, 6) ^ rotate_right(e, 11) ^ rotate_right(e, 25);
        uint32_t choice = (e & h[5]) ^ (~e & h[6]);
        uint32_t t1 = h[7] + sum1 + choice + constants[t] + w[t];
        uint32_t sum0 = rotate_right(a, 2) ^ rotate_right(a, 13) ^ rotate_right(a, 22);
        uint32_t majority = (a & h[1]) ^ (a & h[2]) ^ (h[1] & h[2]);
        memmove(h + 1, h, 7 * sizeof h[0]);
        h[4] += t1;
        h[0] = t1 + sum0 + majority;
    }
    for (int k = 0; k < 8; k++)
        hash[k] += h[k];
}

/* The last bytes, a bit 1, zeros, and the number of bits in 64 bits, in one or two blocks. */
static void compress_end(uint32_t hash[8], const unsigned char *bytes, size_t n,
                         uint64_t length)
{
    unsigned char blocks[2 * BLOCK] = {0};
    size_t size = n < BLOCK - 8 ? BLOCK : 2 * BLOCK;
    if (bytes)
        memcpy(blocks, bytes, n);
    blocks[n] = 0x80;
    for (int k = 0; k < 8; k++)
        blocks[size - 1 - (size_t)k] = (unsigned char)(length * 8 >> 8 * k);
    for (size_t at = 0; at < size; at += BLOCK)
        compress(hash, blocks + at);
}

void nnp_sha256(const void *data, size_t length, char digest[65])
{
    static const char digits[] = "0123456789abcdef";
    const unsigned char *bytes = data;
    uint32_t hash[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    size_t whole = length - length % BLOCK;
    for (size_t at = 0; at < whole; at += BLOCK)
        compress(hash, bytes + at);
    compress_end(hash, whole < length ? bytes + whole : NULL, length - whole, length);
    for (int k = 0; k < 64; k++)
        digest[k] = digits[hash[k / 8] >> (28 - 4 * (k % 8)) & 15];
    digest[64] = '\0';
}
