package org.tiedbert.train;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.tiedbert.batch.BatchCursor;
import org.tiedbert.checkpoint.BertConfig;
import org.tiedbert.checkpoint.Checkpoint;
import org.tiedbert.checkpoint.CheckpointStore;
import org.tiedbert.checkpoint.Recovery;
import org.tiedbert.checkpoint.RunDirectory;
import org.tiedbert.checkpoint.RunStart;
import org.tiedbert.checkpoint.Standing;
import org.tiedbert.checkpoint.TrainingState;
import org.tiedbert.corpus.ShardReader;
import org.tiedbert.engine.Environment;
import org.tiedbert.stage.Stage;
import org.tiedbert.stage.StagePlan;
import org.tiedbert.text.Vocabulary;

/** Keeps a run in its directory. */
final class ChiefKeeper implements RunKeeper {
  private final PreTrainingConfig config;
  private final String configYaml;
  private final RunDirectory directory;
  private final StageGraphs graphs;
  private final Vocabulary vocabulary;
  private final ShardReader shards;
  private final Optional<InitialModel> initial;
  private final Progress progress;
  private final CheckpointStore checkpoints;
  private final Rewinding rewinding;

  /**
   * @param configYaml the configuration as text, kept in every checkpoint
   * @param initial what a run without checkpoints starts from, empty for a fresh start
   */
  ChiefKeeper(
      PreTrainingConfig config,
      String configYaml,
      RunDirectory directory,
      StageGraphs graphs,
      Vocabulary vocabulary,
      ShardReader shards,
      Optional<InitialModel> initial,
      Progress progress) {
    this.config = config;
    this.configYaml = configYaml;
    this.directory = directory;
    this.graphs = graphs;
    this.vocabulary = vocabulary;
    this.shards = shards;
    this.initial = initial;
    this.progress = progress;
    this.checkpoints = new CheckpointStore(directory.checkpoints(), config.checkpoint().keepLast());
    this.rewinding = new Rewinding(config, directory, checkpoints, progress);
  }

  @Override
  public Standing standing() {
    return rewinding.standing();
  }

  @Override
  public void begun(long step) {
    RunStart.now(step, Environment.of(config.engine())).append(directory);
  }

  @Override
  public RunLogs openLogs(long step) {
    RunLogs logs = RunLogFiles.open(directory, step, config.loss().nextSentence());
    for (Recovery recovery : rewinding.to(step)) {
      logs.recovery(recovery, rewinding.records(recovery, shards));
    }
    return logs;
  }

  @Override
  public void setVariables(StageSession session, StagePlan plan, TrainingState state) {
    Stage stage = plan.at(state.step());
    Optional<Checkpoint> newest = rewinding.newest();
    if (newest.isPresent()) {
      StageGraphs.setVariables(session, plan, stage, newest.get());
      return;
    }
    StageGraphs.setInitial(session, initial);
    if (initial.isPresent()) { // from here on the run needs that model no more
      progress.note(initial.get().description());
      save(state, session, stage, false);
    }
  }

  @Override
  public void save(TrainingState state, StageSession session, Stage stage, boolean stageEnd) {
    progress.checkpoint(
        checkpoints.save(
            state,
            prefix -> {
              session.save(prefix);
              return session.graph().variables().keySet();
            },
            files(stage),
            stageEnd));
  }

  /** What makes a checkpoint a model by itself. */
  private Map<String, byte[]> files(Stage stage) {
    BertConfig bert = new BertConfig(graphs.encoder(stage), shards.manifest().lowerCase());
    return Map.of(
        BertConfig.FILE_NAME,
        bert.bytes(),
        Vocabulary.FILE_NAME,
        vocabulary.bytes(),
        "config.yaml",
        configYaml.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void goBack(Divergence divergence, BatchCursor behind) {
    rewinding.goBack(divergence, behind);
  }
}
