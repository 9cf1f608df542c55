package org.djlmpc.layers.split.data;

import java.util.List;
import java.util.stream.IntStream;

/**
 * Made-up companies in distress, of the size of the data in SPNN's section 6: 3,672 rows that
 * become 556 features, namely 83 numbers, 422 companies, 14 periods and 37 sectors. One row in
 * eight is positive, more than in the original, so that a part of the rows is enough to measure on.
 *
 * <p>Five hidden factors, of which each number shows one with noise; numbers have scales from 1 to
 * 1,000. The risk is a product and an absolute value of factors, plus a company's and a sector's
 * own share.
 */
final class SyntheticDistress implements RowGenerator {
  static final int ROWS = 3_672;
  private static final int NUMBERS = 83;
  private static final int COMPANIES = 422;
  private static final int PERIODS = 14;
  private static final int SECTORS = 37;
  private static final int FACTORS = 5;
  private static final int SCALES = 4;
  private static final double NOISE = 0.7;
  private static final double BIAS = -5.3;
  private static final double STEEPNESS = 1.5;

  private final GaussianStream random;
  private final double[] companyRisk = new double[COMPANIES];
  private final double[] sectorRisk = new double[SECTORS];
  private int row;

  SyntheticDistress(long seed) {
    random = new GaussianStream(seed);
    for (int i = 0; i < COMPANIES; i++) {
      companyRisk[i] = random.gaussian();
    }
    for (int i = 0; i < SECTORS; i++) {
      sectorRisk[i] = random.gaussian();
    }
  }

  @Override
  public List<String> numericColumns() {
    return IntStream.rangeClosed(1, NUMBERS).mapToObj(i -> "x" + i).toList();
  }

  @Override
  public List<String> categoricalColumns() {
    return List.of("company", "period", "sector");
  }

  @Override
  public boolean next(double[] numbers, String[] categories) {
    // In turn, so that every company and period is there, whatever the seed.
    int company = row % COMPANIES;
    int period = row % PERIODS;
    int sector = company % SECTORS;
    row++;
    double[] factors = new double[FACTORS];
    for (int i = 0; i < FACTORS; i++) {
      factors[i] = random.gaussian();
    }
    for (int i = 0; i < NUMBERS; i++) {
      double scale = StrictMath.pow(10, i % SCALES);
      numbers[i] = scale * (factors[i % FACTORS] + NOISE * random.gaussian());
    }
    categories[0] = "C" + company;
    categories[1] = "T" + period;
    categories[2] = "S" + sector;
    double risk =
        factors[0] * factors[1]
            + Math.abs(factors[2])
            + factors[3]
            + companyRisk[company]
            + sectorRisk[sector];
    double probability = 1 / (1 + StrictMath.exp(-(BIAS + STEEPNESS * risk)));
    return random.uniform() < probability;
  }
}
