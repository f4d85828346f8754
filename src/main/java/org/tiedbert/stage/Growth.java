package org.tiedbert.stage;

import java.util.Optional;

/** How a stage's parameters and moments start. */
public sealed interface Growth {

  /**
   * The parameter of the stage before whose value this stage's parameter starts as; empty where it
   * is freshly initialised.
   */
  Optional<String> sourceOf(String parameterName);

  /** What the moments start from. */
  MomentPolicy moments();

  /** The first stage: every parameter is freshly initialised. */
  record FromScratch() implements Growth {
    @Override
    public Optional<String> sourceOf(String parameterName) {
      return Optional.empty();
    }

    @Override
    public MomentPolicy moments() {
      return MomentPolicy.RESET;
    }
  }

  /**
   * What exists stays; the new layers on top are copies of as many topmost layers of the stage
   * before. With n of them, layer i is a copy of layer i − n: in multi-stage layerwise training of
   * the top N/k layers, in progressive stacking, where the depth doubles, of the whole encoder.
   *
   * @param numLayersBefore depth of the stage before
   * @param numNewLayers n, at most the depth before; 0 where the stage does not grow
   */
  record FromStageBefore(int numLayersBefore, int numNewLayers, MomentPolicy moments)
      implements Growth {
    public FromStageBefore {
      if (numNewLayers < 0 || numNewLayers > numLayersBefore) {
        throw new IllegalArgumentException(
            "new layers are copies of layers before, so 0 <= numNewLayers <= numLayersBefore;"
                + " got %d and %d".formatted(numNewLayers, numLayersBefore));
      }
    }

    @Override
    public Optional<String> sourceOf(String parameterName) {
      return Optional.of(
          LayerName.of(parameterName)
              .filter(name -> name.layer() >= numLayersBefore)
              .map(name -> name.inLayer(sourceLayer(name.layer())).toString())
              .orElse(parameterName));
    }

    private int sourceLayer(int newLayer) {
      if (newLayer >= numLayersBefore + numNewLayers) {
        throw new IllegalArgumentException(
            "the stage has %d layers, it has no layer_%d"
                .formatted(numLayersBefore + numNewLayers, newLayer));
      }
      return newLayer - numNewLayers;
    }
  }
}
