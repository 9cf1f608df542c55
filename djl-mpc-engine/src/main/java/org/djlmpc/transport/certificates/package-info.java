/**
 * Who is who between machines: X.509 certificates that name a party, the authority of a project
 * that issues them, the files they lie in, and the check that a certificate passes before it is
 * believed. Knows no connections; Bouncy Castle's classes for certificates are used here only.
 */
@NullMarked
package org.djlmpc.transport.certificates;

import org.jspecify.annotations.NullMarked;
