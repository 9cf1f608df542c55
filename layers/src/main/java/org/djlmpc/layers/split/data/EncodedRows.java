package org.djlmpc.layers.split.data;

import java.util.ArrayList;
import java.util.List;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.layers.split.FeatureSchema;
import org.djlmpc.layers.split.LabelLoss;
import org.djlmpc.layers.split.RowBatch;
import org.djlmpc.layers.split.RowSource;
import org.jspecify.annotations.Nullable;

/** Features of a {@link Table}, computed a batch at a time. */
final class EncodedRows implements RowSource {
  private final Encoder encoder;
  private final Table table;
  private final int[] numericCells;
  private final int[] categoricalCells;
  private final int[][] indices;

  /** The number of each class of the table; empty where the table has the loss's numbers. */
  private final int[] classes;

  private final FeatureSchema schema;

  EncodedRows(Encoder encoder, Table table) {
    this.encoder = encoder;
    this.table = table;
    schema = encoder.schema();
    numericCells =
        encoder.numeric().stream()
            .mapToInt(column -> find(column.name(), ColumnKind.NUMERIC).cell())
            .toArray();
    List<Table.Column> categorical =
        encoder.categorical().stream()
            .map(column -> find(column.name(), ColumnKind.CATEGORICAL))
            .toList();
    categoricalCells = categorical.stream().mapToInt(Table.Column::cell).toArray();
    List<int[]> maps = new ArrayList<>();
    for (int i = 0; i < categoricalCells.length; i++) {
      maps.add(encoder.categorical().get(i).indices(categorical.get(i).values()));
    }
    indices = maps.toArray(int[][]::new);
    classes = classes(encoder.label(), table.labelValues());
  }

  private static int[] classes(@Nullable LabelColumn label, @Nullable LabelValues values) {
    if (label == null && values != null && values.loss() == LabelLoss.SOFTMAX) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "The encoder was fitted on rows without labels, and knows no classes.",
          "Fit it on rows with labels.");
    }
    return label == null || values == null ? new int[0] : label.numbers(values);
  }

  private Table.Column find(String name, ColumnKind kind) {
    return table.columns(kind).stream()
        .filter(column -> column.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new MpcException(
                    ErrorCode.ARGUMENT,
                    "The table has no " + kind + " column " + name + ".",
                    "Read the file with the schema that the model was trained with."));
  }

  @Override
  public FeatureSchema schema() {
    return schema;
  }

  @Override
  public long rows() {
    return table.rows();
  }

  @Override
  public RowBatch read(long[] wanted) {
    int[] numbers = new int[wanted.length];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Math.toIntExact(wanted[i]);
    }
    return new RowBatch(
        schema, numbers.length, dense(numbers), categories(numbers), labels(numbers));
  }

  private float[] dense(int[] numbers) {
    float[] dense = new float[numbers.length * numericCells.length];
    int at = 0;
    for (int row : numbers) {
      for (int i = 0; i < numericCells.length; i++) {
        dense[at++] = encoder.numeric().get(i).encode(table.number(row, numericCells[i]));
      }
    }
    return dense;
  }

  private int[][] categories(int[] numbers) {
    int[][] categories = new int[schema.cardinalities().size()][numbers.length];
    for (int c = 0; c < categoricalCells.length; c++) {
      for (int i = 0; i < numbers.length; i++) {
        categories[c][i] = indices[c][table.category(numbers[i], categoricalCells[c])];
      }
    }
    int next = categoricalCells.length;
    for (int n = 0; n < numericCells.length; n++) {
      if (encoder.numeric().get(n).indicator()) {
        for (int i = 0; i < numbers.length; i++) {
          boolean missing = Float.isNaN(table.number(numbers[i], numericCells[n]));
          categories[next][i] = missing ? 0 : RowBatch.NO_CATEGORY;
        }
        next++;
      }
    }
    return categories;
  }

  private float @Nullable [] labels(int[] numbers) {
    int cell = table.labelCell();
    if (cell < 0) {
      return null;
    }
    float[] labels = new float[numbers.length];
    for (int i = 0; i < labels.length; i++) {
      float label = table.number(numbers[i], cell);
      labels[i] = classes.length == 0 ? label : classes[(int) label];
    }
    return labels;
  }
}
