package org.djlmpc.engine;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.util.PairList;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UTFDataFormatException;
import java.nio.BufferUnderflowException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.djlmpc.error.MpcException;

/**
 * What stands in a file of DJL's parameters before the parameters. Files come from anybody: a
 * broken one is refused with a reason, before more than what it holds is asked of the memory.
 *
 * @param dataType data type of the model
 * @param inputs names and shapes of the model's inputs
 * @param properties of the model
 */
record ParameterFile(
    DataType dataType, PairList<String, Shape> inputs, Map<String, String> properties) {
  private static final String MAGIC = "DJL@";
  private static final int VERSION = 1;
  private static final int MAX_ENTRIES = 10_000;
  private static final int MAX_DIMENSIONS = 64;

  /**
   * Reads a whole file into a block.
   *
   * @throws MalformedModelException saying what is wrong with the file
   */
  static ParameterFile read(InputStream file, Block block, NDManager manager)
      throws IOException, MalformedModelException {
    try (DataInputStream in = new DataInputStream(new BufferedInputStream(file))) {
      ParameterFile header = header(in);
      block.loadParameters(manager, in);
      if (in.read() >= 0) {
        throw new MalformedModelException(
            "Bytes follow the last parameter: the file belongs to another block.");
      }
      return header;
    } catch (EOFException e) {
      throw malformed("it ends too early", e);
    } catch (UTFDataFormatException
        | IllegalArgumentException
        | IndexOutOfBoundsException
        | NegativeArraySizeException
        | ArithmeticException
        | BufferUnderflowException
        | MpcException
        | UnsupportedOperationException e) {
      throw malformed(String.valueOf(e.getMessage()), e);
    } catch (OutOfMemoryError e) {
      // DJL allocates what a length in the file says before it reads so much
      throw malformed("a length in it is beyond this JVM's memory", e);
    }
  }

  private static MalformedModelException malformed(String reason, Throwable cause) {
    return new MalformedModelException("The file of parameters is broken: " + reason, cause);
  }

  private static ParameterFile header(DataInputStream in)
      throws IOException, MalformedModelException {
    if (!MAGIC.equals(new String(in.readNBytes(MAGIC.length()), StandardCharsets.US_ASCII))) {
      throw new MalformedModelException("The file does not hold DJL parameters.");
    }
    int version = in.readInt();
    if (version != VERSION) {
      throw new MalformedModelException("Parameters of version " + version + " are not known.");
    }
    in.readUTF(); // the name under which the model was saved
    DataType dataType = DataType.valueOf(in.readUTF());
    PairList<String, Shape> inputs = new PairList<>();
    for (int i = count(in, MAX_ENTRIES); i > 0; i--) {
      inputs.add(in.readUTF(), shape(in));
    }
    Map<String, String> properties = new LinkedHashMap<>();
    for (int i = count(in, MAX_ENTRIES); i > 0; i--) {
      properties.put(in.readUTF(), in.readUTF());
    }
    return new ParameterFile(dataType, inputs, properties);
  }

  private static Shape shape(DataInputStream in) throws IOException, MalformedModelException {
    long[] lengths = new long[count(in, MAX_DIMENSIONS)];
    for (int i = 0; i < lengths.length; i++) {
      lengths[i] = in.readLong();
    }
    StringBuilder layout = new StringBuilder();
    for (int i = count(in, MAX_DIMENSIONS); i > 0; i--) {
      layout.append(in.readChar());
    }
    return new Shape(lengths, layout.toString());
  }

  private static int count(DataInputStream in, int most)
      throws IOException, MalformedModelException {
    int count = in.readInt();
    if (count < 0 || count > most) {
      throw new MalformedModelException(
          "The file of parameters is broken: it counts " + count + " where " + most + " are many.");
    }
    return count;
  }
}
