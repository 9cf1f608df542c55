package org.djlmpc.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * A folder with a page on what split learning gives away, and its charts. Everything in it is a
 * mean over rows, or the name of a column.
 */
final class LeakageReport implements AutoCloseable {
  private static final String ATTACKS = "attacks.png";
  private static final String CORRELATIONS = "correlations.png";

  private final OutputFile page;
  private final OutputFile attacks;
  private final OutputFile correlations;

  /**
   * Takes the places of the files, before a long computation.
   *
   * @throws MpcException DATA_FILE if nothing can be written there
   */
  LeakageReport(Path folder) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new MpcException(
          ErrorCode.DATA_FILE,
          "The folder " + folder + " cannot be made: " + e.getMessage() + ".",
          "Choose another place.",
          e);
    }
    page = new OutputFile(folder.resolve("leakage.md"));
    attacks = new OutputFile(folder.resolve(ATTACKS));
    correlations = new OutputFile(folder.resolve(CORRELATIONS));
  }

  /**
   * Writes all files.
   *
   * @param about what was run
   */
  void write(String about, LeakageRuns runs) {
    attacks.write(out -> LeakageChart.attacks(runs, out));
    correlations.write(out -> LeakageChart.correlations(runs, out));
    page.write(out -> out.write(text(about, runs).getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(String about, LeakageRuns runs) {
    return """
        # What split learning gives away on these rows

        Made by `djl-mpc split leakage`, which trained the network with all parties as threads of one
        process, recorded what each party sees, and attacked it. All numbers are over many rows; no value
        or label of a row is in this folder.

        %s
        ## Attacks

        ![Areas under the curve](%s)

        %s
        Areas under the ROC curve: **0.5 is a guess, 1 is certainty.** Take two rows, one with the property
        (or label) and one without: that is how often the attacker says which is which.

        - *task AUC*: how good the network is on rows that it was not trained on. What a defence costs.
        - *shadow attack*: the server learns the property from h1, the sums of the first layer, with a copy
          of the network that it trained on rows of its own.
        - *known rows*: the same, if it knows the property of half of the rows instead.
        - *norm*: the label, told by the length of a row's gradient, at the server and at a holder without
          labels.

        ## What each party sees

        ![Distance correlations](%s)

        %s
        Distance correlations of what a party sees with what it does not have: 0 if the two are
        unrelated, 1 if one is the other, turned and scaled. On few rows it is above 0 for unrelated columns too:
        the last row has what it is when the columns come from other rows. What lies clearly above that is given away.

        - *server*: the inputs of all holders and h1; the labels and the gradient that the label holder sends.
        - *holder*: the inputs of the other holders, or the labels, and the gradient that the server sends to
          a holder without labels; of several such holders, the one that learns most.
        - *label holder*: the inputs of the other holders and hL, the server's result.
        - The coordinator is not listed: it sees numbers of rows, times and bytes only.

        `splitnn`, where it is listed, is no defence but the baseline, in which each holder sends its part of h1 openly.

        ## Reading

        %s
        That these attacks fail does not mean that others do. A server that does not follow the protocol can
        do more (feature-space hijacking, SECURITY.md). `docs/leakage.md` has examples.
        """
        .formatted(
            about,
            ATTACKS,
            runs.attacks().markdown(),
            CORRELATIONS,
            runs.correlations().markdown(),
            new LeakageReading(runs));
  }

  /** Removes what was not finished. */
  @Override
  public void close() {
    page.close();
    attacks.close();
    correlations.close();
  }
}
