package org.tiedbert.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
import java.util.Optional;

/** What the run was told: first what it was told otherwise than by default. */
final class SettingsSection implements SectionSource {
  private final DefaultSettings defaults;

  SettingsSection(DefaultSettings defaults) {
    this.defaults = defaults;
  }

  /**
   * @param byDefault the default, or empty where there is none
   */
  record Setting(String path, String value, String byDefault) {}

  /**
   * @param different settings that differ from the default, or have none
   * @param all every setting
   */
  record Model(List<Setting> different, List<Setting> all, int numSettings) {}

  @Override
  public Optional<Section> of(RunContents run) {
    if (run.settings().isEmpty()) {
      return Optional.empty();
    }
    Settings byDefault = parse(defaults.yaml(run.kind()));
    List<Setting> different =
        run.settings().byPath().keySet().stream()
            .filter(path -> !run.settings().isDefault(path, byDefault))
            .map(path -> setting(path, run.settings(), byDefault))
            .toList();
    List<Setting> all =
        run.settings().byPath().keySet().stream()
            .map(path -> setting(path, run.settings(), byDefault))
            .toList();
    return Optional.of(
        new Section("settings", "Settings", "settings", new Model(different, all, all.size())));
  }

  private static Setting setting(String path, Settings settings, Settings byDefault) {
    String value = settings.byPath().get(path);
    return new Setting(path, value.isEmpty() ? "not set" : value, byDefault.text(path).orElse(""));
  }

  private static Settings parse(String yaml) {
    try {
      return Settings.parse(yaml);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the defaults are YAML", e);
    }
  }
}
