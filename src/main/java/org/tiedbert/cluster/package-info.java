/**
 * One worker into one of several: who the workers of a run are, the server that each of them runs,
 * and the sums and messages that go between them. All else is computed by each for itself.
 */
package org.tiedbert.cluster;
