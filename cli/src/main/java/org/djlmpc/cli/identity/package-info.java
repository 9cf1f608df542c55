/** Who a party is, and how it proves it, as users say it in options and configurations. */
@NullMarked
package org.djlmpc.cli.identity;

import org.jspecify.annotations.NullMarked;
