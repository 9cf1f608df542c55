package org.djlmpc.layers.split.paillier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PaillierTest {
  private static final PaillierPrivateKey KEY = PaillierPrivateKey.generate(2048);
  private static final PaillierPublicKey OPEN = KEY.publicKey();
  private static final Encryptor HOLDER = Encryptor.of(OPEN);
  private static final BigInteger N = OPEN.n();
  private static final BigInteger SQUARE = N.multiply(N);

  /** n = 77. */
  private static final PaillierPrivateKey TINY = PaillierPrivateKey.ofPrimes(7, 11);

  @AfterAll
  static void close() {
    HOLDER.close();
    KEY.close();
  }

  /**
   * n = 7·11, x = 2: h = -4 = 73 modulo 77, h^77 = 215 modulo 5929, and 5 under s = 3 is (1 +
   * 5·77)·215^3 = 1525 modulo 5929; computed apart.
   */
  @Test
  void knownAnswers() {
    BigInteger base = BigInteger.valueOf(73).modPow(BigInteger.valueOf(77), number(5929));
    assertThat(base).isEqualTo(215);
    FixedBase table = new FixedBase(TINY.publicKey().modulus(), base, 2);
    PowerTable crt = TINY.crt().table(base, 2);
    for (PowerTable powers : new PowerTable[] {table, crt}) {
      assertThat(powers.times(BigInteger.ONE, new byte[] {9, 3, 0}, 1, number(5))).isEqualTo(1525);
      assertThat(powers.times(BigInteger.ONE, new byte[] {-1, 0}, 0, number(76))).isEqualTo(76);
      assertThat(powers.times(BigInteger.ONE, new byte[] {2, 1}, 0, number(0))).isEqualTo(4558);
    }
    assertThat(TINY.decrypt(tiny(1525, 76, 4558)))
        .containsExactly(number(5), number(76), number(0));
  }

  /** All 77·60 ciphertexts (1 + M·77)·r^77 modulo 77^2. */
  @Test
  void decryptsEveryTinyCiphertext() {
    for (int r = 1; r < 77; r++) {
      if (r % 7 == 0 || r % 11 == 0) {
        continue;
      }
      BigInteger mask = number(r).modPow(number(77), number(5929));
      for (int m = 0; m < 77; m++) {
        long c = (1 + 77L * m) * mask.longValue() % 5929;
        assertThat(TINY.decrypt(tiny(c))).containsExactly(number(m));
      }
    }
  }

  /** Every element of a tiny group to every exponent of one byte, with every plaintext. */
  @Test
  void tinyTablesEqualPowers() {
    for (int h = 1; h < 77; h++) {
      if (h % 7 == 0 || h % 11 == 0) {
        continue;
      }
      BigInteger base = number(h).modPow(number(77), number(5929));
      FixedBase table = new FixedBase(TINY.publicKey().modulus(), base, 1);
      PowerTable crt = TINY.crt().table(base, 1);
      BigInteger start = number(h + 77L * (h % 5));
      for (int s = 0; s < 256; s++) {
        BigInteger m = number((h + s) % 77);
        BigInteger power = base.modPow(number(s), number(5929));
        BigInteger expected =
            m.multiply(number(77)).add(BigInteger.ONE).multiply(power).multiply(start);
        byte[] exponent = {(byte) s};
        assertThat(table.times(start, exponent, 0, m)).isEqualTo(expected.mod(number(5929)));
        assertThat(crt.times(start, exponent, 0, m)).isEqualTo(expected.mod(number(5929)));
      }
    }
  }

  @Test
  void tablesEqualPowersAt2048Bits() {
    Random random = new Random(3);
    BigInteger base = new BigInteger(4000, random);
    FixedBase table = new FixedBase(OPEN.modulus(), base, 56);
    PowerTable crt = KEY.crt().table(base, 56);
    for (int i = 0; i < 12; i++) {
      byte[] exponent = new byte[56];
      random.nextBytes(exponent);
      if (i < 2) {
        Arrays.fill(exponent, (byte) -i);
      }
      BigInteger s = BigInteger.ZERO;
      for (int b = 55; b >= 0; b--) {
        s = s.shiftLeft(8).add(number(exponent[b] & 0xff));
      }
      BigInteger m = i == 2 ? N.subtract(BigInteger.ONE) : new BigInteger(2040, random);
      BigInteger start = i == 3 ? SQUARE.subtract(BigInteger.ONE) : new BigInteger(4090, random);
      BigInteger expected =
          m.multiply(N)
              .add(BigInteger.ONE)
              .multiply(base.modPow(s, SQUARE))
              .multiply(start)
              .mod(SQUARE);
      assertThat(table.times(start, exponent, 0, m)).isEqualTo(expected);
      assertThat(crt.times(start, exponent, 0, m)).isEqualTo(expected);
    }
  }

  @Test
  void decryptsWhatAnybodyEncrypts() {
    BigInteger[] plaintexts = plaintexts(40, 1);
    plaintexts[0] = BigInteger.ZERO;
    plaintexts[1] = N.subtract(BigInteger.ONE);
    try (Encryptor owner = Encryptor.of(KEY);
        Encryptor long0 = Encryptor.of(OPEN, 1024)) {
      for (Encryptor encryptor : new Encryptor[] {HOLDER, owner, long0}) {
        assertThat(KEY.decrypt(encryptor.encrypt(plaintexts))).containsExactly(plaintexts);
      }
      assertThat(long0.exponentBits()).isEqualTo(1024);
      assertThat(owner.exponentBits()).isEqualTo(448);
    }
  }

  @Test
  void addsUnderEncryption() {
    BigInteger[] x = plaintexts(20, 2);
    BigInteger[] y = plaintexts(20, 3);
    BigInteger[] sums =
        IntStream.range(0, 20).mapToObj(i -> x[i].add(y[i]).mod(N)).toArray(BigInteger[]::new);
    Ciphertexts ofX = HOLDER.encrypt(x);
    assertThat(KEY.decrypt(ofX.plus(HOLDER.encrypt(y)))).containsExactly(sums);
    assertThat(KEY.decrypt(HOLDER.encryptOnto(ofX, y))).containsExactly(sums);
    try (Encryptor owner = Encryptor.of(KEY)) {
      assertThat(KEY.decrypt(owner.encryptOnto(ofX, y))).containsExactly(sums);
    }
  }

  @Test
  void equalPlaintextsHaveDifferentCiphertexts() {
    BigInteger[] zeros = new BigInteger[30];
    Arrays.fill(zeros, BigInteger.ZERO);
    Ciphertexts first = HOLDER.encrypt(zeros);
    Ciphertexts second = HOLDER.encrypt(zeros);
    Ciphertexts again = HOLDER.rerandomize(first);
    assertThat(KEY.decrypt(again)).containsExactly(zeros);
    assertThat(
            Stream.of(first, second, again)
                .flatMap(c -> IntStream.range(0, 30).mapToObj(c::get))
                .distinct())
        .hasSize(90);
  }

  /** Each encryptor's base is its own: one table's powers are not another's. */
  @Test
  void encryptorsDrawDifferentBases() {
    byte[] one = new byte[56];
    one[0] = 1;
    try (Encryptor other = Encryptor.of(OPEN)) {
      assertThat(other.table().times(BigInteger.ONE, one, 0, BigInteger.ZERO))
          .isNotEqualTo(HOLDER.table().times(BigInteger.ONE, one, 0, BigInteger.ZERO));
    }
  }

  @Test
  void ciphertextsTravelAsBytes() {
    Ciphertexts sent = HOLDER.encrypt(plaintexts(5, 4));
    byte[] bytes = sent.toBytes();
    assertThat(bytes).hasSize(5 * 512);
    assertThat(Ciphertexts.of(OPEN, 5, bytes)).isEqualTo(sent);
    assertThat(PaillierPublicKey.of(OPEN.toBytes())).isEqualTo(OPEN);
  }

  /** A small number has leading zeros on the wire. */
  @Test
  void shortCiphertextsKeepTheirPlace() {
    Ciphertexts sent = new Ciphertexts(OPEN, new BigInteger[] {number(5), BigInteger.ONE});
    assertThat(Ciphertexts.of(OPEN, 2, sent.toBytes())).isEqualTo(sent);
  }

  @Test
  void refusesMalformedCiphertexts() {
    BigInteger good = HOLDER.encrypt(plaintexts(1, 5)).get(0);
    BigInteger p = KEY.crt().prime();
    for (BigInteger bad :
        new BigInteger[] {
          BigInteger.ZERO,
          N,
          N.multiply(number(12345)),
          p,
          p.multiply(number(77)),
          SQUARE,
          SQUARE.add(BigInteger.ONE),
          BigInteger.ONE.shiftLeft(4096).subtract(BigInteger.ONE)
        }) {
      byte[] bytes = new Ciphertexts(OPEN, new BigInteger[] {good, bad, good}).toBytes();
      assertFails(ErrorCode.BAD_FRAME, () -> Ciphertexts.of(OPEN, 3, bytes));
    }
    byte[] bytes = new Ciphertexts(OPEN, new BigInteger[] {good}).toBytes();
    assertFails(ErrorCode.BAD_FRAME, () -> Ciphertexts.of(OPEN, 2, bytes));
    assertFails(ErrorCode.BAD_FRAME, () -> Ciphertexts.of(OPEN, 0, bytes));
    assertFails(ErrorCode.BAD_FRAME, () -> Ciphertexts.of(OPEN, 1, Arrays.copyOf(bytes, 511)));
    assertFails(ErrorCode.BAD_FRAME, () -> Ciphertexts.of(OPEN, 1, Arrays.copyOf(bytes, 513)));
  }

  @Test
  void refusesAnotherKey() {
    PaillierPrivateKey other = PaillierPrivateKey.generate(2048);
    Ciphertexts foreign =
        Encryptor.of(other.publicKey()).encrypt(new BigInteger[] {BigInteger.TWO.pow(2040)});
    assertFails(ErrorCode.CONFIGURATION_MISMATCH, () -> KEY.decrypt(foreign));
    assertFails(
        ErrorCode.CONFIGURATION_MISMATCH, () -> foreign.plus(HOLDER.encrypt(plaintexts(1, 6))));
    assertFails(ErrorCode.CONFIGURATION_MISMATCH, () -> HOLDER.rerandomize(foreign));
    // On the wire a ciphertext does not say its key; unpacking notices.
    BigInteger c = foreign.get(0).mod(SQUARE);
    BigInteger[] garbage = KEY.decrypt(new Ciphertexts(OPEN, new BigInteger[] {c}));
    assertFails(ErrorCode.CONFIGURATION_MISMATCH, () -> Packing.of(OPEN, 2).unpack(garbage, 46));
  }

  @Test
  void refusesPlaintextsOutOfRange() {
    for (BigInteger m : new BigInteger[] {N, BigInteger.ONE.negate()}) {
      assertFails(ErrorCode.OUT_OF_RANGE, () -> HOLDER.encrypt(new BigInteger[] {m}));
    }
    Ciphertexts two = HOLDER.encrypt(plaintexts(2, 7));
    assertFails(ErrorCode.SHAPE, () -> HOLDER.encryptOnto(two, plaintexts(3, 7)));
    assertFails(ErrorCode.SHAPE, () -> two.plus(HOLDER.encrypt(plaintexts(1, 7))));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 512, 1024, 2046, 2047, 2049, 8194, Integer.MAX_VALUE})
  void refusesKeysOfWrongLength(int bits) {
    assertFails(ErrorCode.ARGUMENT, () -> PaillierPrivateKey.generate(bits));
  }

  @Test
  void refusesPublicKeysOfWrongLength() {
    for (int bits : new int[] {0, 1, 1024, 2047, 8193, 1 << 20}) {
      byte[] modulus = BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE).toByteArray();
      assertFails(ErrorCode.BAD_FRAME, () -> PaillierPublicKey.of(modulus));
    }
    byte[] even = N.add(BigInteger.ONE).toByteArray();
    assertFails(ErrorCode.BAD_FRAME, () -> PaillierPublicKey.of(even));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 440, 449, 2056, 1 << 30})
  void refusesExponentsOfWrongLength(int bits) {
    assertFails(ErrorCode.ARGUMENT, () -> Encryptor.of(OPEN, bits));
  }

  @Test
  void exponentsGrowWithKeys() {
    assertThat(IntStream.of(2048, 3071, 3072, 4096, 7680, 8192).map(Encryptor::shortExponentBits))
        .containsExactly(448, 448, 512, 512, 768, 768);
  }

  @Test
  void makesPrimesAsTheVariantNeeds() {
    BigInteger p = KEY.crt().prime();
    BigInteger q = N.divide(p);
    assertThat(p.multiply(q)).isEqualTo(N);
    assertThat(N.bitLength()).isEqualTo(2048);
    assertThat(p.mod(number(4))).isEqualTo(3);
    assertThat(q.mod(number(4))).isEqualTo(3);
    assertThat(p.subtract(number(1)).gcd(q.subtract(number(1)))).isEqualTo(2);
    assertThat(p.isProbablePrime(50)).isTrue();
    assertThat(q.isProbablePrime(50)).isTrue();
  }

  @Test
  void closedKeysAndEncryptorsFail() {
    PaillierPrivateKey key = PaillierPrivateKey.ofPrimes(7, 11);
    Encryptor owner = new Encryptor(key.publicKey(), 8, key.crt().table(number(215), 1));
    Ciphertexts five = owner.encrypt(new BigInteger[] {number(5)});
    key.close();
    assertFails(ErrorCode.CLOSED, () -> key.decrypt(five));
    assertFails(ErrorCode.CLOSED, () -> Encryptor.of(key));
    owner.close();
    owner.close();
    assertFails(ErrorCode.CLOSED, () -> owner.encrypt(new BigInteger[] {number(5)}));
  }

  @Test
  void interruptionEndsEverything() {
    BigInteger[] many = plaintexts(64, 8);
    Ciphertexts some = HOLDER.encrypt(many);
    assertCancelled(() -> HOLDER.encrypt(many));
    assertCancelled(() -> KEY.decrypt(some));
    assertCancelled(() -> some.plus(some));
    assertCancelled(() -> PaillierPrivateKey.generate(2048));
  }

  /** An interrupted call does no work: every piece finds the flag. */
  @Test
  void interruptedPiecesAreNotRun() {
    boolean[] ran = new boolean[50];
    assertCancelled(() -> Pieces.run(50, i -> ran[i] = true));
    assertThat(ran).containsOnly(false);
  }

  @Test
  void nothingSecretIsPrinted() {
    String primes = KEY.crt().prime().toString();
    for (Object secret : new Object[] {KEY, KEY.crt(), HOLDER, HOLDER.table(), OPEN}) {
      assertThat(secret.toString()).doesNotContain(primes).hasSizeLessThan(80);
    }
    assertThat(OPEN.modulus().one().toString()).isEqualTo("Unit[hidden]");
  }

  private static void assertCancelled(ThrowingCallable call) {
    Thread.currentThread().interrupt();
    try {
      assertFails(ErrorCode.CANCELLED, call);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  private static void assertFails(ErrorCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(MpcException.class, e -> assertThat(e.code()).isEqualTo(code));
  }

  private static BigInteger[] plaintexts(int count, long seed) {
    Random random = new Random(seed);
    return IntStream.range(0, count)
        .mapToObj(i -> new BigInteger(2060, random).mod(N))
        .toArray(BigInteger[]::new);
  }

  private static Ciphertexts tiny(long... values) {
    return new Ciphertexts(
        TINY.publicKey(),
        Arrays.stream(values).mapToObj(PaillierTest::number).toArray(BigInteger[]::new));
  }

  private static BigInteger number(long value) {
    return BigInteger.valueOf(value);
  }
}
