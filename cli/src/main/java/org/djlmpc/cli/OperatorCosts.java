package org.djlmpc.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.djlmpc.protocol.Cost;
import org.djlmpc.session.Statistics;

/**
 * AriaNN's Table 1 row by row: the online cost of each operator by the paper, as the protocol
 * declares it, and as channels measured it.
 *
 * <p>The paper's column is derived from the paper's algorithms; see {@link TableRow}. Values count
 * ring elements that both parties send together, so that they compare with the paper's; masked bits
 * count as the fraction of an element that they take.
 *
 * @param spec what was run
 */
record OperatorCosts(JobSpec spec) {
  private static final String SOURCE =
      "Online cost by AriaNN (PoPETs 2022, Table 1; derived from the paper's algorithms), as"
          + " declared and as measured.";

  /** Prints the table or JSON; 1 if anything was not as declared, or wrong. */
  int print(PrintWriter out, boolean json, JobRunner.Outcome outcome)
      throws JsonProcessingException {
    List<TableRow> rows = TableRow.all(spec.ring());
    TextTable table =
        new TextTable()
            .text("operator")
            .text("size")
            .number("rounds: paper")
            .number("declared")
            .number("measured")
            .number("values: paper")
            .number("declared")
            .number("measured")
            .number("bytes P0 / P1: declared")
            .number("measured")
            .text("note");
    boolean kept = true;
    for (int i = 0; i < rows.size(); i++) {
      TableRow row = rows.get(i);
      Cost declared = OperatorJob.declared(spec, row);
      JobResult p0 = outcome.p0().get(i);
      JobResult p1 = outcome.p1().get(i);
      kept &= keeps(declared, p0, p1);
      if (json) {
        out.println(BenchCommand.JSON.writeValueAsString(object(row, declared, p0, p1)));
      } else {
        add(table, row, declared, p0.total(), p1.total());
      }
    }
    if (!json) {
      out.println(SOURCE);
      out.printf(
          "Values are ring elements (%d bytes) that both parties send together.%n",
          spec.ring().bytes());
      out.print(table);
      out.println(
          kept
              ? "Every operator costs what it declares, and gives the right result."
              : "FAILED: an operator costs something else than it declares, or is wrong.");
    }
    out.flush();
    return kept ? 0 : 1;
  }

  /** Rounds, bytes and keys are what was declared, and results are right. */
  static boolean keeps(Cost declared, JobResult p0, JobResult p1) {
    return declared.rounds() == rounds(p0.total(), p1.total())
        && declared.onlineBytesP0() == p0.total().onlineBytesSent()
        && declared.onlineBytesP1() == p1.total().onlineBytesSent()
        && declared.keyBytesP0() == p0.keyBytes()
        && declared.keyBytesP1() == p1.keyBytes()
        && p1.errors() == 0;
  }

  private void add(TextTable table, TableRow row, Cost declared, Statistics p0, Statistics p1) {
    table.row(
        row.operator(),
        row.size(),
        row.paperRounds(),
        declared.rounds(),
        rounds(p0, p1),
        row.paperValues(),
        values(declared.onlineBytesP0(), declared.onlineBytesP1()).toPlainString(),
        values(p0.onlineBytesSent(), p1.onlineBytesSent()).toPlainString(),
        declared.onlineBytesP0() + " / " + declared.onlineBytesP1(),
        p0.onlineBytesSent() + " / " + p1.onlineBytesSent(),
        row.note());
  }

  private Map<String, Object> object(TableRow row, Cost declared, JobResult p0, JobResult p1) {
    Statistics a = p0.total();
    Statistics b = p1.total();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("bench", spec.kind().label());
    line.put("protocol", spec.protocol());
    line.put("operator", row.operator());
    line.put("size", row.size());
    line.put("ring", spec.ringBits());
    line.put("fraction_bits", spec.fractionBits());
    line.put("paper", cost(row.paperRounds(), row.paperValues()));
    Map<String, Object> promised =
        cost(declared.rounds(), values(declared.onlineBytesP0(), declared.onlineBytesP1()));
    promised.put(
        "online_bytes", Figures.byParty(declared.onlineBytesP0(), declared.onlineBytesP1()));
    promised.put("key_bytes", Figures.byParty(declared.keyBytesP0(), declared.keyBytesP1()));
    line.put("declared", promised);
    Map<String, Object> measured =
        cost(rounds(a, b), values(a.onlineBytesSent(), b.onlineBytesSent()));
    measured.put("online_bytes", Figures.byParty(a.onlineBytesSent(), b.onlineBytesSent()));
    measured.put("key_bytes", Figures.byParty(p0.keyBytes(), p1.keyBytes()));
    line.put("measured", measured);
    line.put("errors", p1.errors());
    line.put("note", row.note());
    line.put("paper_source", "derived from the paper's algorithms");
    return line;
  }

  private static Map<String, Object> cost(int rounds, Object values) {
    Map<String, Object> cost = new LinkedHashMap<>();
    cost.put("rounds", rounds);
    cost.put("values", values);
    return cost;
  }

  private static int rounds(Statistics p0, Statistics p1) {
    return Math.max(p0.rounds(), p1.rounds());
  }

  /** Exact: bytes divided by a power of two. */
  private BigDecimal values(long bytesP0, long bytesP1) {
    return Figures.plain(
        BigDecimal.valueOf(bytesP0 + bytesP1).divide(BigDecimal.valueOf(spec.ring().bytes())));
  }
}
