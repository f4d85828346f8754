package org.tiedbert.cli;

import java.nio.file.Path;
import org.tiedbert.checkpoint.ModelDirectory;
import org.tiedbert.interop.ForeignModel;
import org.tiedbert.interop.GoogleBert;
import org.tiedbert.interop.HuggingFace;

/** Whose files models come from and go to. */
enum ForeignFormat {
  GOOGLE("google-research/bert") {
    @Override
    ForeignModel open(Path folder) {
      return GoogleBert.open(folder);
    }

    @Override
    void write(ModelDirectory model, Path folder) {
      GoogleBert.write(model, folder);
    }
  },
  HUGGINGFACE("Hugging Face") {
    @Override
    ForeignModel open(Path folder) {
      return HuggingFace.open(folder);
    }

    @Override
    void write(ModelDirectory model, Path folder) {
      HuggingFace.write(model, folder);
    }
  };

  private final String owner;

  ForeignFormat(String owner) {
    this.owner = owner;
  }

  abstract ForeignModel open(Path folder);

  abstract void write(ModelDirectory model, Path folder);

  /** As people call it. */
  String owner() {
    return owner;
  }
}
