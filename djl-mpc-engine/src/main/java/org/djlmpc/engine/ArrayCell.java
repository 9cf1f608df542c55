package org.djlmpc.engine;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.internal.NDFormat;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.graph.Operand;
import org.djlmpc.graph.PublicTensor;
import org.jspecify.annotations.Nullable;

/**
 * An array as a mutable cell around an immutable {@link Value}: its life, and who may look inside.
 *
 * <p>Everything in DJL that shows elements, from {@code toFloatArray} to {@code encode} and {@code
 * equals}, passes through the few methods here that ask for a readable value. A secret is not.
 */
abstract class ArrayCell extends UnsupportedNDArray {
  private final String uid = NDManager.nextUid();
  private final AtomicReference<@Nullable Value> cell;
  private MpcNDManager manager;
  private @Nullable String name;
  private boolean requiresGradient;
  private @Nullable MpcNDArray gradient;

  @SuppressWarnings("this-escape")
  ArrayCell(MpcNDManager manager, Value value) {
    this.manager = manager;
    this.cell = new AtomicReference<>(value);
    manager.attachInternal(uid, this);
    NDScope.register(this);
  }

  abstract MpcNDArray self();

  final ArrayOperators operators() {
    return manager.operators();
  }

  // ---- the cell

  final Value value() {
    Value value = cell.get();
    if (value == null) {
      manager.context().requireCurrent();
      throw new IllegalStateException("This array has been closed already.");
    }
    return value;
  }

  /** Puts another value of the same shape into the cell, which holds it from now on. */
  final void replace(Value next) {
    Value before = value();
    if (!next.shape().equals(before.shape())) {
      next.release();
      throw new MpcException(
          ErrorCode.SHAPE,
          "An array of shape "
              + before.shape()
              + " cannot take values of shape "
              + next.shape()
              + ".",
          "Use the operator that makes a new array.");
    }
    swap(next);
  }

  private void swap(Value next) {
    Value before = cell.getAndSet(next);
    if (before != null) {
      before.release();
    }
  }

  /** Puts a result into the cell; a public one in the cell's data type, as DJL's engines do. */
  final NDArray assign(MpcNDArray result) {
    DataType type = getDataType();
    MpcNDArray source = result;
    if (value() instanceof Value.Public
        && result.value() instanceof Value.Public
        && result.getDataType() != type) {
      if (result.getDataType().isFloating() && !type.isFloating()) {
        throw new MpcException(
            ErrorCode.DATA_TYPE,
            "A result of type "
                + result.getDataType()
                + " does not fit an array of type "
                + type
                + ".",
            "Convert the array with toType first.");
      }
      source = operators().cast(result, type);
      result.close();
    }
    operators().assign(self(), source);
    return this;
  }

  /**
   * The public elements.
   *
   * @param attempt what is attempted, as in "A secret array cannot be ..."
   */
  final PublicTensor readable(String attempt) {
    Value value = value();
    if (value instanceof Value.Public known) {
      return known.tensor();
    }
    throw value instanceof Value.Secret ? Reveals.refused(attempt) : Reveals.unknown(attempt);
  }

  /** Whether the elements are known to one party only in shares. */
  public final boolean isSecret() {
    return value() instanceof Value.Secret;
  }

  /**
   * The array as operand of a protocol; of a secret, this party's share.
   *
   * <p>The share stays the array's: whoever opens it must not close it.
   */
  public final Operand operand() {
    Value value = value();
    return value instanceof Value.Secret secret
        ? secret.operand()
        : new Operand.Public(readable("an operand"));
  }

  // ---- what is public about every array

  @Override
  public final MpcNDManager getManager() {
    return manager;
  }

  @Override
  public final @Nullable String getName() {
    return name;
  }

  @Override
  public final void setName(@Nullable String name) {
    this.name = name;
  }

  @Override
  public final String getUid() {
    return uid;
  }

  @Override
  public final DataType getDataType() {
    return value().dataType();
  }

  @Override
  public final Shape getShape() {
    return value().shape();
  }

  @Override
  public final Device getDevice() {
    return manager.getDevice();
  }

  @Override
  public final SparseFormat getSparseFormat() {
    return SparseFormat.DENSE;
  }

  @Override
  public final NDArray toDense() {
    return duplicate();
  }

  // ---- life

  @Override
  public final void attach(NDManager other) {
    detach();
    manager = MpcNDManager.of(other);
    manager.attachInternal(uid, this);
  }

  @Override
  public final void returnResource(NDManager other) {
    detach();
    manager = MpcNDManager.of(other);
    manager.attachUncappedInternal(uid, this);
  }

  @Override
  public final void tempAttach(NDManager other) {
    NDManager original = manager;
    detach();
    manager = MpcNDManager.of(other);
    manager.tempAttachInternal(original, uid, this);
  }

  @Override
  public final void detach() {
    manager.detachInternal(uid);
    manager = MpcNDManager.system();
  }

  @Override
  public final boolean isReleased() {
    return cell.get() == null;
  }

  /** {@inheritDoc} The last array that holds a share erases it. */
  @Override
  public final void close() {
    Value last = cell.getAndSet(null);
    if (last != null) {
      last.release();
      manager.detachInternal(uid);
      if (gradient != null) {
        gradient.close();
      }
    }
  }

  @Override
  public final void intern(NDArray replaced) {
    MpcNDArray source = manager.from(replaced);
    swap(source.value().retain());
    operators().assigned(self(), source);
  }

  @Override
  public final NDArray duplicate() {
    MpcNDArray copy = operators().copy(self());
    copy.setName(name);
    return copy;
  }

  /** {@inheritDoc} A secret goes into arrays of this engine only. */
  @Override
  public final void copyTo(NDArray array) {
    if (array instanceof MpcNDArray ours) {
      ours.assign((MpcNDArray) duplicate());
    } else {
      array.set(readable("copied to another engine").toByteBuffer());
    }
  }

  @Override
  public final NDArray toDevice(Device device, boolean copy) {
    if (device.equals(getDevice())) {
      return copy ? duplicate() : this;
    }
    MpcNDArray moved = manager.newSubManager(device).create(value().retain());
    moved.setName(name);
    return moved;
  }

  @Override
  public final NDArray toType(DataType type, boolean copy) {
    if (type == getDataType()) {
      return copy ? duplicate() : this;
    }
    MpcNDArray converted = operators().cast(self(), type);
    converted.setName(name);
    return converted;
  }

  /** {@inheritDoc} The new elements are public, whatever the old ones were. */
  @Override
  public final void set(Buffer data) {
    operators().assign(self(), manager.create(data, getShape(), getDataType()));
  }

  // ---- gradients; who computes them records the operators

  @Override
  public final void setRequiresGradient(boolean required) {
    requiresGradient = required;
  }

  @Override
  public final boolean hasGradient() {
    return requiresGradient;
  }

  /** {@inheritDoc} Zeros until someone has added to it. */
  @Override
  public final NDArray getGradient() {
    if (!requiresGradient) {
      throw new IllegalStateException(
          "This array has no gradient; call setRequiresGradient(true) before the forward pass.");
    }
    MpcNDArray current = gradient;
    if (current == null) {
      current = manager.zeros(getShape(), DataType.FLOAT32);
      gradient = current;
    }
    return current;
  }

  /** {@inheritDoc} A copy that no recorder learns of. */
  @Override
  public final NDArray stopGradient() {
    return manager.create(value().retain());
  }

  // ---- reading elements

  @Override
  public final ByteBuffer toByteBuffer(boolean tryDirect) {
    return readable("read or encoded").toByteBuffer();
  }

  @Override
  public final byte[] encode() {
    readable("encoded");
    return super.encode();
  }

  @Override
  public final boolean contentEquals(Number number) {
    return contentEquals(manager.create(number));
  }

  @Override
  public final boolean contentEquals(@Nullable NDArray other) {
    if (other == null) {
      return false;
    }
    PublicTensor mine = readable("compared for equality in plain");
    PublicTensor theirs = PublicTensors.copyOf(other);
    return mine.equals(theirs);
  }

  @Override
  public final boolean allClose(NDArray other, double rtol, double atol, boolean equalNan) {
    readable("compared in plain");
    PublicTensors.copyOf(other);
    return super.allClose(other, rtol, atol, equalNan);
  }

  /**
   * The same array is equal to itself; the elements of two are compared only if both are public.
   */
  @Override
  public final boolean equals(@Nullable Object other) {
    return this == other || other instanceof NDArray array && contentEquals(array);
  }

  /** Constant, because the elements that {@code equals} compares can change. */
  @Override
  public final int hashCode() {
    return 0;
  }

  // ---- strings

  @Override
  public final String toString() {
    return toDebugString();
  }

  @Override
  public final String toDebugString() {
    return describe(true, view -> NDFormat.format(view, 100, 10, 10, 20));
  }

  @Override
  public final String toDebugString(boolean withContent) {
    return toDebugString(1000, 10, 10, 20, withContent);
  }

  @Override
  public final String toDebugString(
      int maxSize, int maxDepth, int maxRows, int maxColumns, boolean withContent) {
    return describe(
        withContent, view -> NDFormat.format(view, maxSize, maxDepth, maxRows, maxColumns, true));
  }

  private String describe(boolean withContent, Function<NDArray, String> format) {
    Value value = cell.get();
    if (value == null) {
      return "ND: closed";
    }
    if (withContent && value instanceof Value.Public) {
      // DJL prints by slicing, which is nobody's business but the printer's
      try (MpcNDManager printer = MpcNDManager.base(getDevice(), ArrayContext.PUBLIC)) {
        return format.apply(printer.create(value));
      }
    }
    return "ND: " + value.shape() + " " + getDevice() + " " + value.dataType() + " " + value.kind();
  }
}
