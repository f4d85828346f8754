package org.tiedbert;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the order of the packages and a few other rules of the house. */
class ArchitectureTest {
  /** Data flows down this list; a package imports only packages above it. */
  private static final List<String> PACKAGES =
      List.of(
          "text",
          "corpus",
          "batch",
          "noise",
          "model",
          "loss",
          "optim",
          "stage",
          "engine",
          "checkpoint",
          "interop",
          "cluster",
          "train",
          "eval",
          "chart",
          "analysis",
          "export",
          "report",
          "cli");

  private static final String ROOT = "org.tiedbert";

  private static JavaClasses main;

  @BeforeAll
  static void readMainCode() {
    main =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);
  }

  @Test
  void everyPackageHasItsPlaceInTheOrder() {
    assertThat(main.getPackage(ROOT).getSubpackages())
        .extracting(JavaPackage::getRelativeName)
        .isNotEmpty()
        .isSubsetOf(PACKAGES);
    assertThat(main.getPackage(ROOT).getClasses()).isEmpty();
  }

  @Test
  void packagesImportOnlyPackagesAboveThem() {
    for (int i = 0; i < PACKAGES.size(); i++) {
      String[] below =
          PACKAGES.subList(i + 1, PACKAGES.size()).stream()
              .map(name -> "%s.%s..".formatted(ROOT, name))
              .toArray(String[]::new);
      if (below.length > 0) {
        noClasses()
            .that()
            .resideInAPackage("%s.%s..".formatted(ROOT, PACKAGES.get(i)))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(below)
            .allowEmptyShould(true)
            .check(main);
      }
    }
  }

  @Test
  void noPackageDependsOnItselfThroughAnother() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(main);
  }

  @Test
  void nothingIsCalledUtilityHelperOrManager() {
    noClasses()
        .should()
        .haveNameMatching(".*(Util|Utils|Utilities|Helper|Helpers|Manager|Common)(\\$.*)?")
        .check(main);
  }

  @Test
  void onlyTheProgramExits() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("org.tiedbert.cli.Main")
        .should()
        .callMethod(System.class, "exit", int.class)
        .orShould()
        .callMethod(Runtime.class, "exit", int.class)
        .check(main);
  }

  @Test
  void onlyTheCommandLineWritesToTheTerminal() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.tiedbert.cli..")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(main);
  }
}
