/**
 * A configuration file and a command into one of the other packages' jobs. {@link
 * org.tiedbert.cli.Main} is the program, with one class per command; {@link
 * org.tiedbert.cli.RunConfigReader} turns YAML into the record that decides on a run.
 *
 * <p>Configurations are read in three steps: YAML into a tree of {@code ConfigNode}s that know
 * their file and line, layers of such trees into one, and the tree into records by reflection, so
 * that a setting exists where a record component does and nowhere else.
 */
package org.tiedbert.cli;
