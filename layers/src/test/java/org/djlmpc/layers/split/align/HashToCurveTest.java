package org.djlmpc.layers.split.align;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HashToCurveTest {
  private static final String DST = "QUUX-V01-CS02-with-curve25519_XMD:SHA-512_ELL2_RO_";

  /** A test vector; numbers are printed with their most significant digit first. */
  record Vector(String message, String u, String q0u, String q0v, String q1u, String q1v) {}

  /** RFC 9380, appendix J.4.1: curve25519_XMD:SHA-512_ELL2_RO_. */
  static Stream<Vector> vectors() {
    return Stream.of(
        new Vector(
            "",
            "2de3780abb67e861289f5749d16d3e217ffa722192d16bbd9d1bfb9d112b98c0",
            "36b4df0c864c64707cbf6cf36e9ee2c09a6cb93b28313c169be29561bb904f98",
            "6cd59d664fb58c66c892883cd0eb792e52055284dac3907dd756b45d15c3983d",
            "3fa114783a505c0b2b2fbeef0102853c0b494e7757f2a089d0daae7ed9a0db2b",
            "76c0fe7fec932aaafb8eefb42d9cbb32eb931158f469ff3050af15cfdbbeff94"),
        new Vector(
            "abc",
            "2b4419f1f2d48f5872de692b0aca72cc7b0a60915dd70bde432e826b6abc526d",
            "16b3d86e056b7970fa00165f6f48d90b619ad618791661b7b5e1ec78be10eac1",
            "4ab256422d84c5120b278cbdfc4e1facc5baadffeccecf8ee9bf3946106d50ca",
            "7ec29ddbf34539c40adfa98fcb39ec36368f47f30e8f888cc7e86f4d46e0c264",
            "10d1abc1cae2d34c06e247f2141ba897657fb39f1080d54f09ce0af128067c74"),
        new Vector(
            "abcdef0123456789",
            "68ca1ea5a6acf4e9956daa101709b1eee6c1bb0df1de3b90d4602382a104c036",
            "71de3dadfe268872326c35ac512164850860567aea0e7325e6b91a98f86533ad",
            "26a08b6e9a18084c56f2147bf515414b9b63f1522e1b6c5649f7d4b0324296ec",
            "5704069021f61e41779e2ba6b932268316d6d2a6f064f997a22fef16d1eaeaca",
            "50483c7540f64fb4497619c050f2c7fe55454ec0f0e79870bb44302e34232210"),
        new Vector(
            "q128_" + "q".repeat(128),
            "096e9c8bae6c06b554c1ee69383bb0e82267e064236b3a30608d4ed20b73ac5a",
            "7a94d45a198fb5daa381f45f2619ab279744efdd8bd8ed587fc5b65d6cea1df0",
            "67d44f85d376e64bb7d713585230cdbfafc8e2676f7568e0b6ee59361116a6e1",
            "30506fb7a32136694abd61b6113770270debe593027a968a01f271e146e60c18",
            "7eeee0e706b40c6b5174e551426a67f975ad5a977ee2f01e8e20a6d612458c3b"),
        new Vector(
            "a512_" + "a".repeat(512),
            "1bc61845a138e912f047b5e70ba9606ba2a447a4dade024c8ef3dd42b7bbc5fe",
            "02d606e2699b918ee36f2818f2bc5013e437e673c9f9b9cdc15fd0c5ee913970",
            "29e9dc92297231ef211245db9e31767996c5625dfbf92e1c8107ef887365de1e",
            "38920e9b988d1ab7449c0fa9a6058192c0c797bb3d42ac345724341a1aa98745",
            "24dcc1be7c4d591d307e89049fd2ed30aae8911245a9d8554bf6032e5aa40d3d"));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void givesThePublishedPoints(Vector vector) {
    HashToCurve hash = new HashToCurve(DST);
    byte[] point = new byte[HashToCurve.BYTES + 1];
    hash.hash("another message".getBytes(StandardCharsets.US_ASCII), point, 0);

    hash.hash(vector.message().getBytes(StandardCharsets.US_ASCII), point, 1);

    assertThat(hex(hash.q0().encodeU(), 0)).isEqualTo(vector.q0u());
    assertThat(hex(hash.q0().encodeV(), 0)).isEqualTo(vector.q0v());
    assertThat(hex(hash.q1().encodeU(), 0)).isEqualTo(vector.q1u());
    assertThat(hex(hash.q1().encodeV(), 0)).isEqualTo(vector.q1v());
    assertThat(hex(point, 1)).isEqualTo(vector.u());
    assertThat(Curve25519.isPoint(point, 1)).isTrue();
  }

  @Test
  void keepsPurposesApart() {
    byte[] one = new byte[HashToCurve.BYTES];
    byte[] other = new byte[HashToCurve.BYTES];
    byte[] message = {1, 2, 3};
    new HashToCurve("one").hash(message, one, 0);
    new HashToCurve("two").hash(message, other, 0);
    assertThat(one).isNotEqualTo(other);
  }

  private static String hex(byte[] littleEndian, int offset) {
    byte[] reversed = new byte[32];
    for (int i = 0; i < 32; i++) {
      reversed[i] = littleEndian[offset + 31 - i];
    }
    return HexFormat.of().formatHex(reversed);
  }
}
