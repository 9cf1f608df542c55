package org.djlmpc.ring;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;

/**
 * A dense row-major tensor of integers modulo 2^n; see {@link Ring}.
 *
 * <p>Elements have no meaning here: they may be encoded reals, shares or masks. Operands of one
 * operation have the same ring; element-wise ones also have identical shapes ({@link
 * IndexMap#broadcast} comes first). Wrong shapes are an {@link MpcException} with code {@code
 * SHAPE}. An <em>absent</em> tensor has a ring and a shape only: whatever it takes part in is
 * absent too, and nothing is computed, so that planning can run the code that computes.
 *
 * <p>Instances are not synchronised. Identity is that of the object; neither {@link #toString} nor
 * any exception shows an element.
 */
public abstract sealed class RingTensor implements AutoCloseable
    permits LongTensor, IntTensor, SmallTensor, AbsentTensor {

  /** Elements that one thread handles at least in element-wise operations. */
  private static final int GRAIN = 1 << 16;

  /** Elements that are packed at once: a multiple of 64, so that no two pieces share a byte. */
  private static final int PACKED_PIECE = 1 << 12;

  private final Ring ring;
  private final Shape shape;
  private final int size;

  RingTensor(Ring ring, Shape shape) {
    this.ring = ring;
    this.shape = shape;
    this.size = Shapes.size(shape);
  }

  // ---- creation

  /** A tensor of zeros. */
  public static RingTensor zeros(Ring ring, Shape shape) {
    return switch (ring) {
      case Z64 -> LongTensor.zeros(shape);
      case Z32 -> IntTensor.zeros(shape);
      case Z4, Z8 -> SmallTensor.reduced(ring, IntTensor.zeros(shape));
    };
  }

  /** A tensor that stands for its ring and shape only. */
  public static RingTensor absent(Ring ring, Shape shape) {
    return new AbsentTensor(ring, shape);
  }

  /** A tensor whose elements are all {@code value} mod 2^n. */
  public static RingTensor full(Ring ring, Shape shape, long value) {
    return tabulate(ring, shape, i -> value);
  }

  /** A tensor whose element i, in row-major order, is {@code values(i)} mod 2^n. */
  public static RingTensor tabulate(Ring ring, Shape shape, IntToLongFunction values) {
    return switch (ring) {
      case Z64 -> LongTensor.tabulate(shape, values);
      case Z32 -> IntTensor.tabulate(shape, values);
      case Z4, Z8 -> SmallTensor.reduced(ring, IntTensor.tabulate(shape, values));
    };
  }

  /**
   * A tensor of the map's output shape: {@code value} where it names no element, zero elsewhere.
   */
  public static RingTensor outside(Ring ring, IndexMap map, long value) {
    return ring == Ring.Z64 ? LongTensor.outside(map, value) : IntTensor.outside(map, value);
  }

  /** The bits as elements 0 and 1; absent bits give an absent tensor. */
  public static RingTensor fromBits(Ring ring, Shape shape, BitTensor bits) {
    requireBits(shape, Shapes.size(shape), bits);
    if (bits.isAbsent()) {
      return absent(ring, shape);
    }
    return switch (ring) {
      case Z64 -> LongTensor.fromBits(shape, bits);
      case Z32 -> IntTensor.fromBits(shape, bits);
      case Z4, Z8 -> SmallTensor.reduced(ring, IntTensor.fromBits(shape, bits));
    };
  }

  /**
   * Joins tensors that agree in all axes but one.
   *
   * @param parts at least one tensor, all of one ring
   * @param axis the axis along which they follow each other; negative counts from the end
   */
  public static RingTensor concat(List<RingTensor> parts, int axis) {
    Shapes.requireArgument(
        !parts.isEmpty(), "Nothing to concatenate.", "Give at least one tensor.");
    RingTensor first = parts.get(0);
    int along = Shapes.axis(first.shape, axis);
    long length = 0;
    boolean absent = false;
    for (RingTensor part : parts) {
      first.requireRing(part);
      Shapes.require(
          part.shape.dimension() == first.shape.dimension()
              && Shapes.with(part.shape, along, 0).equals(Shapes.with(first.shape, along, 0)),
          "Concatenation of " + first.shape + " and " + part.shape + " along axis " + along + ".",
          "Use shapes that differ in that axis only.");
      length += part.shape.get(along);
      absent |= part.isAbsent();
    }
    Shape target = Shapes.with(first.shape, along, length);
    if (absent) {
      return absent(first.ring, target);
    }
    return switch (first.ring) {
      case Z64 -> LongTensor.concat(target, parts, along);
      case Z32 -> IntTensor.concat(target, parts, along);
      case Z4, Z8 -> SmallTensor.joined(first.ring, target, parts, along);
    };
  }

  // ---- what it is

  /** The ring of the elements. */
  public final Ring ring() {
    return ring;
  }

  /** The shape. */
  public final Shape shape() {
    return shape;
  }

  /** Number of elements. */
  public final int size() {
    return size;
  }

  /** Whether this tensor only stands for its ring and shape. */
  public abstract boolean isAbsent();

  /** Element {@code i} in row-major order, sign-extended; for public values and tests. */
  public abstract long getLong(int i);

  /** The same elements, in the same storage, under another shape of the same size. */
  public final RingTensor reshape(Shape target) {
    Shapes.require(
        Shapes.size(target) == size,
        "Reshape of " + shape + " to " + target + ".",
        "Use a shape with " + size + " elements.");
    return view(target);
  }

  /** An independent copy. */
  public abstract RingTensor copy();

  // ---- element by element

  /** this + other. */
  public final RingTensor add(RingTensor other) {
    return combine(Elementwise.Binary.ADD, other);
  }

  /** this - other. */
  public final RingTensor subtract(RingTensor other) {
    return combine(Elementwise.Binary.SUBTRACT, other);
  }

  /** The element-wise product. */
  public final RingTensor multiply(RingTensor other) {
    return combine(Elementwise.Binary.MULTIPLY, other);
  }

  /** -this. */
  public final RingTensor negate() {
    return scalar(Elementwise.Scalar.MULTIPLY, -1);
  }

  /** this + s. */
  public final RingTensor addScalar(long s) {
    return scalar(Elementwise.Scalar.ADD, s);
  }

  /** this * s. */
  public final RingTensor multiplyScalar(long s) {
    return scalar(Elementwise.Scalar.MULTIPLY, s);
  }

  /** this * 2^bits, 0 &lt;= bits &lt; n. */
  public final RingTensor shiftLeft(int bits) {
    return scalar(Elementwise.Scalar.SHIFT_LEFT, requireShift(bits));
  }

  /** floor(this / 2^bits) of the unsigned values, 0 &lt;= bits &lt; n. */
  public final RingTensor shiftRight(int bits) {
    return scalar(Elementwise.Scalar.SHIFT_RIGHT, requireShift(bits));
  }

  /** floor(this / 2^bits) of the signed values, 0 &lt;= bits &lt; n. */
  public final RingTensor shiftRightArithmetic(int bits) {
    return scalar(Elementwise.Scalar.SHIFT_RIGHT_ARITHMETIC, requireShift(bits));
  }

  /** this mod 2^k, 0 &lt;= k &lt;= n. */
  public final RingTensor low(int k) {
    Shapes.requireArgument(
        k >= 0 && k <= ring.bits(),
        "Low " + k + " bits of " + ring + ".",
        "Use 0 to " + ring.bits() + " bits.");
    return scalar(Elementwise.Scalar.AND, k == 0 ? 0 : -1L >>> (Long.SIZE - k));
  }

  /** Reduces each element modulo 2^k, k at least 1; returns this. */
  public final RingTensor lowInPlace(int k) {
    if (k < ring.bits()) {
      Shapes.requireArgument(k >= 1, "Low " + k + " bits of " + ring + ".", "Use 1 bit at least.");
      scalarInPlace(Elementwise.Scalar.AND, -1L >>> (Long.SIZE - k));
    }
    return this;
  }

  /** this += other; returns this. */
  public final RingTensor addInPlace(RingTensor other) {
    return combineInPlace(Elementwise.Binary.ADD, other);
  }

  /** this -= other; returns this. */
  public final RingTensor subtractInPlace(RingTensor other) {
    return combineInPlace(Elementwise.Binary.SUBTRACT, other);
  }

  /** this += a * b element by element; returns this. */
  public final RingTensor multiplyAddInPlace(RingTensor a, RingTensor b) {
    requireSame(a);
    requireSame(b);
    if (!isAbsent()) {
      requirePresent(a);
      requirePresent(b);
      addProduct(a, b);
    }
    return this;
  }

  /**
   * Adds {@code bias[c]} to every element whose coordinate along {@code axis} is c; returns this.
   *
   * @param bias shape (C), C the length of the axis
   * @param axis the channel axis; negative counts from the end
   */
  public final RingTensor addChannelInPlace(RingTensor bias, int axis) {
    requireRing(bias);
    int along = Shapes.axis(shape, axis);
    Shapes.require(
        bias.size == shape.get(along),
        "Bias " + bias.shape + " for axis " + along + " of " + shape + ".",
        "Use one bias element per channel.");
    if (!isAbsent() && size > 0) {
      requirePresent(bias);
      addChannels(bias, along);
    }
    return this;
  }

  // ---- bits

  /** Bit {@code k} of every element, 0 &lt;= k &lt; n. */
  public final BitTensor bit(int k) {
    return extract(requireShift(k));
  }

  /** The most significant bit of every element: 1 for negative signed values. */
  public final BitTensor msb() {
    return extract(ring.bits() - 1);
  }

  /** The element where its bit is 1, zero elsewhere; no branch depends on a bit. */
  public final RingTensor multiplyBits(BitTensor bits) {
    return mask(Elementwise.Masked.KEEP, bits);
  }

  /** (1 - 2 b) * this: negated where the bit is 1; no branch depends on a bit. */
  public final RingTensor negateWhere(BitTensor bits) {
    return mask(Elementwise.Masked.NEGATE, bits);
  }

  // ---- order of elements, sums

  /** The elements that {@code map} names, zero where it names none. */
  public final RingTensor rearrange(IndexMap map) {
    Shapes.require(
        map.inputShape().equals(shape),
        "A rearrangement of " + map.inputShape() + " applied to " + shape + ".",
        "Make the rearrangement for the tensor's shape.");
    return map.isIdentity() ? view(map.outputShape()).copy() : rearranged(map);
  }

  /**
   * Sums over axes.
   *
   * @param axes the axes, negative ones count from the end; none of them twice
   * @param keep whether the summed axes stay, with length 1
   */
  public final RingTensor sum(int[] axes, boolean keep) {
    boolean[] summed = new boolean[shape.dimension()];
    for (int axis : axes) {
      int along = Shapes.axis(shape, axis);
      Shapes.requireArgument(
          !summed[along], "Axis " + axis + " is summed twice.", "Name every axis once.");
      summed[along] = true;
    }
    RingTensor result = this;
    int inner = 1;
    for (int axis = summed.length - 1; axis >= 0; axis--) {
      int length = (int) shape.get(axis);
      if (summed[axis]) {
        result = result.summed(Shapes.product(shape, 0, axis), length, inner);
      } else {
        inner *= length;
      }
    }
    long[] lengths = new long[summed.length];
    int rank = 0;
    for (int axis = 0; axis < summed.length; axis++) {
      if (keep || !summed[axis]) {
        lengths[rank++] = summed[axis] ? 1 : shape.get(axis);
      }
    }
    Shape target = new Shape(Arrays.copyOf(lengths, rank));
    return result == this ? copy().reshape(target) : result.reshape(target);
  }

  // ---- products

  /**
   * The matrix product: (m, k) by (k, n) gives (m, n); (B, m, k) by (B, k, n) gives (B, m, n).
   *
   * @param other the right factor, of the same rank
   */
  public final RingTensor matmul(RingTensor other) {
    requireRing(other);
    int rank = shape.dimension();
    Shapes.require(
        (rank == 2 || rank == 3)
            && other.shape.dimension() == rank
            && shape.get(rank - 1) == other.shape.get(rank - 2)
            && (rank == 2 || shape.get(0) == other.shape.get(0)),
        "Matrix product of " + shape + " and " + other.shape + ".",
        "Use (m, k) by (k, n), or (B, m, k) by (B, k, n).");
    int batch = rank == 3 ? (int) shape.get(0) : 1;
    int m = (int) shape.get(rank - 2);
    int n = (int) other.shape.get(rank - 1);
    int k = (int) shape.get(rank - 1);
    Shape target = rank == 3 ? new Shape(batch, m, n) : new Shape(m, n);
    return other.isAbsent() ? absent(ring, target) : product(other, target, batch, m, n, k);
  }

  /**
   * The product with a transposed matrix, as in a linear layer: (m, k) by (n, k) gives (m, n).
   *
   * @param w the right factor, (n, k)
   */
  public final RingTensor matmulTransposed(RingTensor w) {
    requireRing(w);
    Shapes.require(
        shape.dimension() == 2 && w.shape.dimension() == 2 && shape.get(1) == w.shape.get(1),
        "Product of " + shape + " with transposed " + w.shape + ".",
        "Use (m, k) by (n, k).");
    int m = (int) shape.get(0);
    int n = (int) w.shape.get(0);
    Shape target = new Shape(m, n);
    return w.isAbsent()
        ? absent(ring, target)
        : productTransposed(w, target, m, n, (int) shape.get(1));
  }

  /**
   * The convolution of this (N, C, H, W) with a weight (K, C / groups, R, S), in the sense of
   * neural networks (the weight is not flipped).
   *
   * @param weight the filters
   * @param spec stride, padding, dilation, groups
   */
  public final RingTensor convolution(RingTensor weight, ConvolutionSpec spec) {
    requireRing(weight);
    Shape target = spec.outputShape(shape, weight.shape);
    return weight.isAbsent()
        ? absent(ring, target)
        : convolved(weight, target, ConvolutionGeometry.of(shape, weight.shape, spec));
  }

  // ---- bytes and words

  /** Bytes of all elements on the wire. */
  public final int byteLength() {
    return Math.multiplyExact(size, ring.bytes());
  }

  /**
   * Writes elements as little-endian bytes; nothing when absent.
   *
   * @param dst where to write
   * @param dstOffset position of the first byte
   * @param fromElement first element
   * @param count number of elements
   */
  public final void store(byte[] dst, int dstOffset, int fromElement, int count) {
    Shapes.requireRange(fromElement, count, size);
    storeElements(dst, dstOffset, fromElement, count);
  }

  /**
   * Reads elements from little-endian bytes; nothing when absent.
   *
   * @param src where to read
   * @param srcOffset position of the first byte
   * @param fromElement first element
   * @param count number of elements
   */
  public final void load(byte[] src, int srcOffset, int fromElement, int count) {
    Shapes.requireRange(fromElement, count, size);
    loadElements(src, srcOffset, fromElement, count);
  }

  /** Bytes of elements that are written with so many bits each, without gaps. */
  public static long packedBytes(long count, int bits) {
    return PackedBits.bytes(count, bits);
  }

  /**
   * Writes the low bits of elements without gaps, as {@link #packedBytes}; nothing when absent.
   *
   * @param bits bits of an element, fewer than 64
   */
  public final void storePacked(int bits, byte[] dst, int dstOffset, int from, int count) {
    packed(
        bits,
        dst.length - dstOffset,
        from,
        count,
        (words, first, some) -> {
          copyWordsFrom(words, 0, from + first, some);
          PackedBits.pack(words, some, bits, dst, dstOffset + first / Byte.SIZE * bits);
        });
  }

  /** Reads what {@link #storePacked} wrote; upper bits become zero. Nothing when absent. */
  public final void loadPacked(int bits, byte[] src, int srcOffset, int from, int count) {
    packed(
        bits,
        src.length - srcOffset,
        from,
        count,
        (words, first, some) -> {
          PackedBits.unpack(src, srcOffset + first / Byte.SIZE * bits, some, bits, words);
          setWordsTo(words, 0, from + first, some);
        });
  }

  private interface PackedPiece {
    void run(long[] words, int first, int count);
  }

  /** Pieces of whole bytes, on all cores. */
  private void packed(int bits, int room, int from, int count, PackedPiece piece) {
    Shapes.requireRange(from, count, size);
    Shapes.requireArgument(
        bits >= 1 && bits < Long.SIZE && packedBytes(count, bits) <= room,
        count + " elements of " + bits + " bits do not fit.",
        "Give 1 to 63 bits and enough bytes.");
    if (isAbsent()) {
      return;
    }
    int pieces = (count + PACKED_PIECE - 1) / PACKED_PIECE;
    Parallel.pieces(
        pieces,
        number -> {
          int first = number * PACKED_PIECE;
          long[] words = new long[Math.min(PACKED_PIECE, count - first)];
          piece.run(words, first, words.length);
          Arrays.fill(words, 0);
        });
  }

  /** Writes elements as zero-extended words; nothing when absent. */
  public final void copyWords(long[] dst, int dstOffset, int from, int count) {
    Shapes.requireRange(from, count, size);
    copyWordsFrom(dst, dstOffset, from, count);
  }

  /** Replaces elements by the low n bits of words; nothing when absent. */
  public final void setWords(long[] src, int srcOffset, int from, int count) {
    Shapes.requireRange(from, count, size);
    setWordsTo(src, srcOffset, from, count);
  }

  /** A copy of {@code count} elements from {@code from}, of shape (count). */
  public final RingTensor range(int from, int count) {
    Shapes.requireRange(from, count, size);
    return copyOfRange(from, count);
  }

  /** Replaces the elements from {@code from} by all those of {@code src}. */
  public final void setRange(int from, RingTensor src) {
    requireRing(src);
    Shapes.requireRange(from, src.size, size);
    if (!isAbsent()) {
      requirePresent(src);
      replaceRange(from, src);
    }
  }

  /** Overwrites the elements, also those seen through {@link #reshape}, with zeros. */
  @Override
  public abstract void close();

  /** Ring and shape only. */
  @Override
  public final String toString() {
    return "RingTensor(" + ring + ", " + shape + ")";
  }

  // ---- what the storages do, after all checks

  abstract RingTensor view(Shape target);

  abstract RingTensor binary(Elementwise.Binary op, RingTensor other);

  abstract void binaryInPlace(Elementwise.Binary op, RingTensor other);

  abstract void addProduct(RingTensor a, RingTensor b);

  abstract RingTensor scalar(Elementwise.Scalar op, long s);

  abstract void scalarInPlace(Elementwise.Scalar op, long s);

  abstract BitTensor extract(int k);

  abstract RingTensor masked(Elementwise.Masked op, BitTensor bits);

  abstract void addChannels(RingTensor bias, int axis);

  abstract RingTensor rearranged(IndexMap map);

  /** Sums the middle axis of the elements seen as (outer, length, inner). */
  abstract RingTensor summed(int outer, int length, int inner);

  abstract RingTensor product(RingTensor other, Shape target, int batch, int m, int n, int k);

  abstract RingTensor productTransposed(RingTensor other, Shape target, int m, int n, int k);

  abstract RingTensor convolved(RingTensor weight, Shape target, ConvolutionGeometry geometry);

  abstract void storeElements(byte[] dst, int dstOffset, int from, int count);

  abstract void loadElements(byte[] src, int srcOffset, int from, int count);

  abstract void copyWordsFrom(long[] dst, int dstOffset, int from, int count);

  abstract void setWordsTo(long[] src, int srcOffset, int from, int count);

  abstract RingTensor copyOfRange(int from, int count);

  abstract void replaceRange(int from, RingTensor src);

  /** Runs an element-wise loop, on several threads when it is long. */
  final void each(Parallel.Range range) {
    Parallel.ranges(size, GRAIN, range);
  }

  private RingTensor combine(Elementwise.Binary op, RingTensor other) {
    requireSame(other);
    return other.isAbsent() ? other : binary(op, other);
  }

  private RingTensor combineInPlace(Elementwise.Binary op, RingTensor other) {
    requireSame(other);
    if (!isAbsent()) {
      requirePresent(other);
      binaryInPlace(op, other);
    }
    return this;
  }

  private RingTensor mask(Elementwise.Masked op, BitTensor bits) {
    requireBits(shape, size, bits);
    return bits.isAbsent() ? absent(ring, shape) : masked(op, bits);
  }

  private static void requireBits(Shape shape, int size, BitTensor bits) {
    Shapes.require(
        bits.size() == size,
        bits.size() + " bits for shape " + shape + ".",
        "Use one bit per element.");
  }

  private void requireSame(RingTensor other) {
    requireRing(other);
    Shapes.require(
        shape.equals(other.shape),
        "An element-wise operation on " + shape + " and " + other.shape + ".",
        "Broadcast the operands to one shape first.");
  }

  private void requireRing(RingTensor other) {
    Shapes.requireArgument(
        ring == other.ring,
        "Operands in " + ring + " and " + other.ring + ".",
        "Use operands of one ring.");
  }

  private static void requirePresent(RingTensor operand) {
    if (operand.isAbsent()) {
      throw new MpcException(
          ErrorCode.INTERNAL,
          "An absent tensor of shape " + operand.shape + " was to change one with elements.",
          "Report this with the stack trace.");
    }
  }

  private int requireShift(int bits) {
    Shapes.requireArgument(
        bits >= 0 && bits < ring.bits(),
        "Bit position " + bits + " in " + ring + ".",
        "Use 0 to " + (ring.bits() - 1) + ".");
    return bits;
  }
}
