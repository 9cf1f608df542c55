/**
 * The recorded graph of operators: the operators as an algebra, tracing, rewrites, and the plan of
 * execution.
 *
 * <p>{@link org.djlmpc.graph.Operators} is what can be computed; {@link org.djlmpc.graph.Op} is one
 * such operator as data; {@link org.djlmpc.graph.Graph} is a model. Nothing here may know how a DJL
 * engine is built.
 */
@NullMarked
package org.djlmpc.graph;

import org.jspecify.annotations.NullMarked;
