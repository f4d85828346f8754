package org.tiedbert.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.tiedbert.text.InputException;

/**
 * CUDA's and cuDNN's libraries out of a jar, where the build has them (Maven profile {@code cuda}).
 * TensorFlow's GPU library opens each of them by its bare name, which the system finds where a
 * library of that name is loaded already. The first use unpacks them into JavaCPP's cache, some 2
 * GB.
 */
public final class CudaLibraries {
  private static final String FOLDER = "/org/bytedeco/cuda/linux-x86_64/";
  private static final Path DRIVER = Path.of("/proc/driver/nvidia/version");

  /** What TensorFlow opens, and before each what that needs. */
  private static final List<String> LOADED =
      List.of(
          "libcudart.so.12",
          "libcublasLt.so.12",
          "libcublas.so.12",
          "libcufft.so.11",
          "libnvJitLink.so.12",
          "libcusparse.so.12",
          "libcusolver.so.11",
          "libcudnn.so.9",
          "libcupti.so.12");

  /** What cuDNN opens itself, from the folder that it lies in. */
  private static final List<String> BESIDE_CUDNN =
      List.of(
          "libcudnn_graph.so.9",
          "libcudnn_ops.so.9",
          "libcudnn_cnn.so.9",
          "libcudnn_adv.so.9",
          "libcudnn_heuristic.so.9",
          "libcudnn_engines_precompiled.so.9",
          "libcudnn_engines_runtime_compiled.so.9",
          "libnvrtc.so.12",
          "libnvrtc-builtins.so.12.6");

  private CudaLibraries() {}

  /**
   * Loads them where the build has them and the machine NVIDIA's driver; else does nothing. To be
   * called before anything of TensorFlow: its library looks for them as soon as it is loaded.
   *
   * @throws InputException if they cannot be unpacked
   */
  public static void load() {
    if (Files.exists(DRIVER) && CudaLibraries.class.getResource(FOLDER + LOADED.get(0)) != null) {
      unpackAndLoad();
    }
  }

  static void unpackAndLoad() {
    BESIDE_CUDNN.forEach(CudaLibraries::unpack);
    LOADED.forEach(name -> System.load(unpack(name).getAbsolutePath()));
  }

  private static File unpack(String name) {
    try {
      File file = Loader.cacheResource(CudaLibraries.class, FOLDER + name);
      if (file == null) {
        throw new IllegalStateException("the build has no " + FOLDER + name);
      }
      return file;
    } catch (IOException e) {
      throw new InputException(
          ("%s of the build cannot be unpacked, %s: some 4 GB must be free in JavaCPP's cache, which is"
                  + " the folder ~/.javacpp/cache unless TIEDBERT_JAVA_OPTS has"
                  + " -Dorg.bytedeco.javacpp.cachedir=FOLDER")
              .formatted(name, e.getMessage()),
          e);
    }
  }
}
