package org.tiedbert.cli;

/** The command line, {@code tiedbert COMMAND}. */
public final class Main {
  private Main() {}

  /** Runs one command and exits with its status. */
  public static void main(String[] args) {
    System.out.println("tiedbert");
  }
}
