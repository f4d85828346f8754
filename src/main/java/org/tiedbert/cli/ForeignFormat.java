package org.tiedbert.cli;

import java.nio.file.Path;
import java.util.Locale;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.interop.ForeignModel;
import org.tiedbert.interop.GoogleBert;

/** Whose files models come from and go to. */
enum ForeignFormat {
  GOOGLE("google-research/bert", "as its files show") {
    @Override
    ForeignModel open(Path folder) {
      return GoogleBert.open(folder);
    }

    @Override
    void write(ModelDirectory model, Path folder) {
      GoogleBert.write(model, folder);
    }
  };

  private final String owner;
  private final String casingSource;

  ForeignFormat(String owner, String casingSource) {
    this.owner = owner;
    this.casingSource = casingSource;
  }

  abstract ForeignModel open(Path folder);

  abstract void write(ModelDirectory model, Path folder);

  String owner() {
    return owner;
  }

  /** What says whether text is lowered. */
  String casingSource() {
    return casingSource;
  }

  /** As it is written on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
