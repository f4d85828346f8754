package org.tiedbert.cli;

import org.tiedbert.engine.Build;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    Build build = Build.current();
    return new String[] {
      "tiedbert " + build.tiedBert(),
      "TensorFlow Java %s (%s)".formatted(build.tensorFlowJava(), build.platform()),
      "Java %s, %s %s"
          .formatted(
              Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch"))
    };
  }
}
