package org.djlmpc.graph;

/** Layouts in an encoded graph: a tag, then the record's components in order. */
final class LayoutEncoding {
  private LayoutEncoding() {}

  static void write(Layout layout, EncodingWriter out) {
    out.text(layout.getClass().getSimpleName());
    if (layout instanceof Layout.Reshape reshape) {
      out.shape(reshape.shape());
    } else if (layout instanceof Layout.Permute permute) {
      out.integers(permute.axes());
    } else if (layout instanceof Layout.Slice slice) {
      out.longs(slice.begin());
      out.longs(slice.end());
      out.longs(slice.step());
    } else if (layout instanceof Layout.Broadcast broadcast) {
      out.shape(broadcast.shape());
    } else if (layout instanceof Layout.Pad pad) {
      out.longs(pad.before());
      out.longs(pad.after());
      out.real(pad.value());
    } else if (layout instanceof Layout.Flip flip) {
      out.integers(flip.axes());
    } else if (layout instanceof Layout.Repeat repeat) {
      out.int32(repeat.axis());
      out.int32(repeat.count());
    } else if (layout instanceof Layout.Tile tile) {
      out.longs(tile.counts());
    } else if (layout instanceof Layout.Gather gather) {
      out.int32(gather.axis());
      out.tensor(gather.indices());
    } else if (layout instanceof Layout.Take take) {
      out.tensor(take.positions());
    }
  }

  static Layout read(EncodingReader in) {
    return switch (in.text()) {
      case "Reshape" -> new Layout.Reshape(in.shape());
      case "Permute" -> new Layout.Permute(in.integers());
      case "Slice" -> new Layout.Slice(in.longs(), in.longs(), in.longs());
      case "Broadcast" -> new Layout.Broadcast(in.shape());
      case "Pad" -> new Layout.Pad(in.longs(), in.longs(), in.real());
      case "Flip" -> new Layout.Flip(in.integers());
      case "Repeat" -> new Layout.Repeat(in.int32(), in.int32());
      case "Tile" -> new Layout.Tile(in.longs());
      case "Gather" -> new Layout.Gather(in.int32(), in.tensor());
      case "Take" -> new Layout.Take(in.tensor());
      default -> throw new IllegalArgumentException("unknown layout");
    };
  }
}
