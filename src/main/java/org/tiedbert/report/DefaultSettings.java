package org.tiedbert.report;

/** What a configuration has where it does not say otherwise; known to whoever reads them. */
@FunctionalInterface
public interface DefaultSettings {
  /** No setting has a default. */
  DefaultSettings NONE = kind -> "";

  /** The defaults of one kind of run as YAML, without those that must be given. */
  String yaml(RunKind kind);
}
