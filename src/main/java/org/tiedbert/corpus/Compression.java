package org.tiedbert.corpus;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/**
 * How a file's bytes are compressed, told by its name; concatenated streams are read to the end.
 */
enum Compression {
  NONE("") {
    @Override
    InputStream decompress(InputStream in) {
      return in;
    }
  },
  GZIP(".gz") {
    @Override
    InputStream decompress(InputStream in) throws IOException {
      return GzipCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .get();
    }
  },
  BZIP2(".bz2") {
    @Override
    InputStream decompress(InputStream in) throws IOException {
      return new BZip2CompressorInputStream(in, true);
    }
  },
  XZ(".xz") {
    @Override
    InputStream decompress(InputStream in) throws IOException {
      return XZCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .get();
    }
  },
  ZSTANDARD(".zst") {
    @Override
    InputStream decompress(InputStream in) throws IOException {
      return new ZstdCompressorInputStream(in);
    }
  };

  private final String suffix;

  Compression(String suffix) {
    this.suffix = suffix;
  }

  abstract InputStream decompress(InputStream in) throws IOException;

  static Compression of(Path file) {
    for (Compression compression : values()) {
      if (compression != NONE && file.toString().endsWith(compression.suffix)) {
        return compression;
      }
    }
    return NONE;
  }

  /** The file's name without this compression's suffix. */
  String plainName(Path file) {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - suffix.length());
  }
}
