package org.tiedbert.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CudaLibrariesTest {
  @BeforeEach
  void requireABuildWithoutThem() {
    assumeTrue(getClass().getResource("/org/bytedeco/cuda/linux-x86_64") == null);
  }

  @Test
  void aBuildWithoutThemLoadsNothing() {
    assertThatCode(CudaLibraries::load).doesNotThrowAnyException();
  }

  @Test
  void whatTheBuildLacksIsNamed() {
    assertThatIllegalStateException()
        .isThrownBy(CudaLibraries::unpackAndLoad)
        .withMessage("the build has no /org/bytedeco/cuda/linux-x86_64/libcudnn_graph.so.9");
  }
}
