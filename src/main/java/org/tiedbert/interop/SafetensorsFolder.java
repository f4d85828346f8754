package org.tiedbert.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.tensorflow.ndarray.Shape;

/**
 * The tensors of a folder that Hugging Face's programs wrote: of {@code model.safetensors}, or of
 * the files that {@code model.safetensors.index.json} lists. Not for several threads at once; close
 * it.
 */
final class SafetensorsFolder implements AutoCloseable {
  static final String SINGLE = "model.safetensors";
  static final String INDEX = "model.safetensors.index.json";

  private static final long MAX_INDEX_BYTES = 4L << 20;
  private static final int MAX_SHARDS = 100;
  private static final int CHUNK = 1 << 20;

  private final List<Safetensors> files = new ArrayList<>();
  private final TreeMap<String, Safetensors> tensors = new TreeMap<>();

  private SafetensorsFolder() {}

  /**
   * @throws InteropException if there are no such files, one of them is damaged, or the index and
   *     the files disagree
   */
  static SafetensorsFolder open(Path folder) {
    Path single = folder.resolve(SINGLE);
    Path index = folder.resolve(INDEX);
    if (Files.exists(single) && Files.exists(index)) {
      throw new InteropException(
          "%s holds %s and %s, which may be two models; delete one of them"
              .formatted(folder, SINGLE, INDEX));
    }
    SafetensorsFolder opened = new SafetensorsFolder();
    try {
      if (Files.exists(index)) {
        opened.addShards(folder, JsonFile.read(index, MAX_INDEX_BYTES));
      } else if (Files.exists(single)) {
        opened.add(single);
      } else {
        throw none(folder);
      }
      return opened;
    } catch (RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private static InteropException none(Path folder) {
    for (String pickled : List.of("pytorch_model.bin", "pytorch_model.bin.index.json")) {
      if (Files.exists(folder.resolve(pickled))) {
        return new InteropException(
            """
            %s holds its weights as %s, a Python pickle: to read one is to run a program, so it is \
            not read. Write them as %s beside it, in Python:
              import glob, torch, safetensors.torch
              w = {}
              for f in glob.glob("pytorch_model*.bin"): w.update(torch.load(f, weights_only=True))
              w = {k: v.clone().contiguous() for k, v in w.items()}
              safetensors.torch.save_file(w, "%s")"""
                .formatted(folder, pickled, SINGLE, SINGLE));
      }
    }
    return new InteropException(
        "%s must hold %s or %s; in Python, model.save_pretrained(folder) writes it"
            .formatted(folder, SINGLE, INDEX));
  }

  /** Adds the tensors of a further file, which may hold none that is there already. */
  void add(Path path) {
    Safetensors file = openFile(path);
    for (String name : file.names()) {
      Safetensors other = tensors.putIfAbsent(name, file);
      if (other != null) {
        throw new InteropException(
            "tensor %s is in %s and in %s; delete one of the files"
                .formatted(JsonFile.quoted(name), other.file(), file.file()));
      }
    }
  }

  private Safetensors openFile(Path path) {
    Safetensors file = Safetensors.open(path);
    files.add(file);
    return file;
  }

  private void addShards(Path folder, JsonFile index) {
    JsonFile weightMap = index.required("weight_map", index.child("weight_map"));
    Map<String, SortedSet<String>> namesByShard = new TreeMap<>();
    for (Map.Entry<String, JsonNode> listed : weightMap.object().properties()) {
      String shard = requirePlain(weightMap, listed.getKey(), listed.getValue());
      namesByShard.computeIfAbsent(shard, unseen -> new TreeSet<>()).add(listed.getKey());
    }
    if (namesByShard.isEmpty() || namesByShard.size() > MAX_SHARDS) {
      throw new InteropException(
          "%s must list 1 to %d files, it lists %d"
              .formatted(index.name(), MAX_SHARDS, namesByShard.size()));
    }
    namesByShard.forEach(
        (shard, names) -> {
          Safetensors file = openFile(folder.resolve(shard));
          requireLists(index, file, names);
          names.forEach(name -> tensors.put(name, file));
        });
  }

  /** A name that leads to no file but one of the folder itself. */
  private static String requirePlain(JsonFile weightMap, String tensor, JsonNode shard) {
    if (!shard.isTextual() || !shard.textValue().matches("[\\w-][\\w.-]*\\.safetensors")) {
      throw weightMap.wrong(
          JsonFile.quoted(tensor), "the plain name of a .safetensors file in the folder", shard);
    }
    return shard.textValue();
  }

  private static void requireLists(JsonFile index, Safetensors file, SortedSet<String> names) {
    SortedSet<String> missing = new TreeSet<>(names);
    missing.removeAll(file.names());
    SortedSet<String> unlisted = new TreeSet<>(file.names());
    unlisted.removeAll(names);
    if (!missing.isEmpty() || !unlisted.isEmpty()) {
      throw new InteropException(
          "%s and %s disagree: listed but not in the file %s, in the file but not listed %s;"
                  .formatted(index.name(), file.file(), some(missing), some(unlisted))
              + " download the folder again");
    }
  }

  /** The first few names, for a message. */
  static List<String> some(Collection<String> names) {
    List<String> first = new ArrayList<>(names.stream().limit(5).map(JsonFile::quoted).toList());
    if (names.size() > first.size()) {
      first.add("… %d in all".formatted(names.size()));
    }
    return first;
  }

  /** In order. */
  SortedSet<String> names() {
    return Collections.unmodifiableSortedSet(tensors.navigableKeySet());
  }

  Shape shape(String name) {
    return tensors.get(name).shape(name);
  }

  /** The values of a tensor as float32; throws as {@link Safetensors#floats(String)} does. */
  float[] floats(String name) {
    return tensors.get(name).floats(name);
  }

  /** Whether two tensors have the same shape and the same values; compared part by part. */
  boolean areEqual(String name, String other) {
    if (!shape(name).equals(shape(other))) {
      return false;
    }
    long size = tensors.get(name).numElements(name);
    for (long from = 0; from < size; from += CHUNK) {
      int count = (int) Math.min(CHUNK, size - from);
      float[] values = tensors.get(name).floats(name, from, count);
      if (!Arrays.equals(values, tensors.get(other).floats(other, from, count))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    files.forEach(Safetensors::close);
  }
}
