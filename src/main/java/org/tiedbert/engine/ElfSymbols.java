package org.tiedbert.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * Where a shared library keeps what its symbol table names, its own private symbols included (ELF,
 * 64 bits, little endian: the System V ABI's chapters "Object Files" and "Symbol Table").
 */
final class ElfSymbols {
  private static final int MAGIC = 0x464c457f; // 7f 'E' 'L' 'F'
  private static final int SYMBOL_TABLE = 2; // SHT_SYMTAB
  private static final int SYMBOL_BYTES = 24;

  private ElfSymbols() {}

  /**
   * @return the symbol's address, counted from where the library is loaded; empty where it has no
   *     such symbol or was stripped of its table
   */
  static OptionalLong address(Path library, String symbol) throws IOException {
    try (FileChannel file = FileChannel.open(library)) {
      ByteBuffer header = read(file, 0, 64);
      if (header.getInt(0) != MAGIC) {
        return OptionalLong.empty();
      }
      long sections = header.getLong(0x28);
      int sectionBytes = Short.toUnsignedInt(header.getShort(0x3a));
      int numSections = Short.toUnsignedInt(header.getShort(0x3c));
      for (int i = 0; i < numSections; i++) {
        ByteBuffer section = read(file, sections + (long) i * sectionBytes, sectionBytes);
        if (section.getInt(4) == SYMBOL_TABLE) {
          long strings = sections + (long) section.getInt(0x28) * sectionBytes;
          return find(
              contents(file, section), contents(file, read(file, strings, sectionBytes)), symbol);
        }
      }
      return OptionalLong.empty();
    }
  }

  private static OptionalLong find(ByteBuffer symbols, ByteBuffer names, String symbol) {
    byte[] wanted = (symbol + '\0').getBytes(StandardCharsets.US_ASCII);
    for (int at = 0; at + SYMBOL_BYTES <= symbols.limit(); at += SYMBOL_BYTES) {
      if (isAt(names, symbols.getInt(at), wanted)) {
        return OptionalLong.of(symbols.getLong(at + 8));
      }
    }
    return OptionalLong.empty();
  }

  private static boolean isAt(ByteBuffer names, int start, byte[] wanted) {
    if (start < 0 || start + wanted.length > names.limit()) {
      return false;
    }
    // From the end, where the names of a namespace differ.
    for (int i = wanted.length - 1; i >= 0; i--) {
      if (names.get(start + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  private static ByteBuffer contents(FileChannel file, ByteBuffer section) throws IOException {
    return read(file, section.getLong(0x18), section.getLong(0x20));
  }

  private static ByteBuffer read(FileChannel file, long start, long size) throws IOException {
    return file.map(MapMode.READ_ONLY, start, size).order(ByteOrder.LITTLE_ENDIAN);
  }
}
