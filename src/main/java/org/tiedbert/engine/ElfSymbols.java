package org.tiedbert.engine;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Where a shared library keeps what its symbol table names, its own private symbols included (ELF,
 * 64 bits, little endian: the System V ABI's chapters "Object Files" and "Symbol Table"). Reads a
 * part at a time: the tables of a large library have hundreds of megabytes.
 */
final class ElfSymbols {
  private static final int MAGIC = 0x464c457f; // 7f 'E' 'L' 'F'
  private static final int SYMBOL_TABLE = 2; // SHT_SYMTAB
  private static final int SYMBOL_BYTES = 24;
  private static final int PART_BYTES = SYMBOL_BYTES << 16;

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
          long names = sections + (long) section.getInt(0x28) * sectionBytes;
          return find(file, section, places(file, read(file, names, sectionBytes), symbol));
        }
      }
      return OptionalLong.empty();
    }
  }

  /** Where in a section of names one stands: by itself, or as the end of another. */
  private static Set<Long> places(FileChannel file, ByteBuffer section, String name)
      throws IOException {
    String wanted = name + '\0';
    Set<Long> places = new HashSet<>();
    for (long at = 0; at < size(section); at += PART_BYTES) {
      long bytes = Math.min(PART_BYTES + wanted.length() - 1L, size(section) - at);
      ByteBuffer part = read(file, start(section) + at, (int) bytes);
      String names = new String(part.array(), StandardCharsets.ISO_8859_1);
      for (int i = names.indexOf(wanted); i >= 0; i = names.indexOf(wanted, i + 1)) {
        places.add(at + i);
      }
    }
    return places;
  }

  private static OptionalLong find(FileChannel file, ByteBuffer section, Set<Long> names)
      throws IOException {
    for (long at = 0; at < size(section); at += PART_BYTES) {
      ByteBuffer part =
          read(file, start(section) + at, (int) Math.min(PART_BYTES, size(section) - at));
      for (int i = 0; i < part.limit(); i += SYMBOL_BYTES) {
        if (names.contains(Integer.toUnsignedLong(part.getInt(i)))) {
          return OptionalLong.of(part.getLong(i + 8));
        }
      }
    }
    return OptionalLong.empty();
  }

  private static long start(ByteBuffer section) {
    return section.getLong(0x18);
  }

  private static long size(ByteBuffer section) {
    return section.getLong(0x20);
  }

  private static ByteBuffer read(FileChannel file, long start, int size) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, start + bytes.position()) < 0) {
        throw new EOFException("the file ends before byte " + (start + size));
      }
    }
    return bytes.flip();
  }
}
