/**
 * Row alignment: private set intersection between data holders that know different customers.
 *
 * <p>The holders learn which rows they have in common, in one order, and how many rows some of them
 * have; {@link org.djlmpc.layers.split.align.RowAlignment} says exactly who learns what. The
 * protocol is the star of Kolesnikov, Matania, Pinkas, Rosulek and Trieu, "Practical Multi-party
 * Private Set Intersection from Symmetric-Key Techniques" (CCS 2017), with
 *
 * <ul>
 *   <li>an oblivious pseudo-random function from elliptic curves, 2HashDH of Jarecki, Kiayias and
 *       Krawczyk (ASIACRYPT 2014): {@code F_k(x) = H'(x, k·H(x))};
 *   <li>H the suite {@code curve25519_XMD:SHA-512_ELL2_RO_} of RFC 9380. Never a known multiple of
 *       the base point: of {@code h(x)·G} anybody could try all x from one value;
 *   <li>an oblivious key-value store, the band matrix of Bienstock, Patel, Seo and Yeo,
 *       "Near-Optimal Oblivious Key-Value Stores for Efficient PSI, PSU and Volume-Hiding
 *       Multi-Maps" (USENIX Security 2023).
 * </ul>
 *
 * <p>Knows identifiers and row numbers, and no feature, label or model.
 */
@NullMarked
package org.djlmpc.layers.split.align;

import org.jspecify.annotations.NullMarked;
