/**
 * A built graph into one that runs fast. A graph is taken as a GraphDef, passed through a few small
 * named passes ({@link org.tiedbert.engine.GraphPass}) and imported into the graph that runs, so
 * that model code need not know of number formats, kernels or compilers.
 */
package org.tiedbert.engine;
