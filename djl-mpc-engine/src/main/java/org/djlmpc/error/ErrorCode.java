package org.djlmpc.error;

/** Stable codes of everything that can go wrong; docs/errors.md is generated from this list. */
public enum ErrorCode {
  /** Two shapes, or a shape and an operator, do not fit. */
  SHAPE(
      "MPC-101",
      "Wrong shape",
      "Compare the shape in the message with the one the operator or model expects."),
  /** A data type that the operator does not take. */
  DATA_TYPE(
      "MPC-102", "Wrong data type", "Convert the array with toType before it becomes secret."),
  /** NaN or infinite value. */
  NOT_FINITE("MPC-103", "NaN or infinite value", "Clean the data; secret sharing has no NaN."),
  /** Value outside the range of the fixed-point encoding. */
  OUT_OF_RANGE(
      "MPC-104", "Value out of range", "Scale the data down or choose fewer fraction bits."),
  /** An implicit reveal of a secret was attempted. */
  IMPLICIT_REVEAL(
      "MPC-105", "A secret cannot be read", "Open it explicitly and say who learns it and why."),
  /** A public argument does not make sense. */
  ARGUMENT("MPC-106", "Wrong argument", "Correct the argument named in the message."),
  /** An operator that does not exist on shares. */
  UNSUPPORTED_OPERATOR(
      "MPC-201",
      "Unsupported operator",
      "Use the nearest supported operator named in the message."),
  /** Model weights are missing. */
  WEIGHTS_MISSING(
      "MPC-202", "Weights missing", "Load or initialize the model before it is encrypted."),
  /** A model file cannot be read. */
  MALFORMED_MODEL(
      "MPC-203", "Malformed model", "Export the model again; the message says what is wrong."),
  /** A needed library is not on the class path. */
  MISSING_DEPENDENCY("MPC-204", "Missing dependency", "Add the dependency named in the message."),
  /** A file with data is missing, cut off or of another kind. */
  DATA_FILE("MPC-205", "Data file cannot be read", "Check the file named in the message."),
  /** A calibration that does not belong to the model, or cannot be read. */
  CALIBRATION(
      "MPC-206",
      "Calibration does not fit",
      "Calibrate the model again, or ignore the calibration."),
  /** A key or correlation was asked for twice. */
  KEY_REUSED("MPC-301", "Key used twice", "Start a new request; keys are used once."),
  /** Preprocessing does not match what the parties announced. */
  ANNOUNCEMENT_MISMATCH(
      "MPC-302",
      "Parties announced different work",
      "Run the same program with the same shapes at all parties."),
  /** Parties have different configurations. */
  CONFIGURATION_MISMATCH(
      "MPC-303", "Parties are configured differently", "Give every party the same configuration."),
  /** More work at once than an assistant has room for. */
  LIMIT(
      "MPC-304",
      "An assistant's limit is reached",
      "Use smaller batches or fewer requests at once, or give the assistant's JVM more memory."),
  /** A party's Java heap is full. */
  MEMORY(
      "MPC-305",
      "Not enough memory",
      "Give that JVM more memory (-Xmx, or DJL_MPC_JAVA_OPTS=-Xmx8g for bin/djl-mpc), or use smaller"
          + " batches or images."),
  /** A peer did not answer in time. */
  TIMEOUT(
      "MPC-401",
      "Timeout",
      "Check that all parties run and can reach each other, or raise the timeout."),
  /** A peer closed its connection. */
  PEER_GONE(
      "MPC-402", "Peer gone", "Restart the party named in the message and start a new request."),
  /** A peer stopped the computation and told us why. */
  ABORTED(
      "MPC-403",
      "Aborted by a party",
      "Resolve the reason in the message and start a new request."),
  /** A frame that the wire format does not allow. */
  BAD_FRAME(
      "MPC-404",
      "Malformed, replayed or foreign frame",
      "Check that the peer runs the same version."),
  /** A party speaks another version. */
  VERSION_MISMATCH("MPC-405", "Other version", "Run the same version of djl-mpc at all parties."),
  /** No connection could be made. */
  CONNECT(
      "MPC-406",
      "No connection",
      "Check address, port and firewall of the party named in the message."),
  /** The request was cancelled by its caller. */
  CANCELLED("MPC-407", "Cancelled", "Nothing to do; the request was cancelled."),
  /** The engine or a session is already closed. */
  CLOSED("MPC-408", "Already closed", "Start new parties."),
  /** No session is bound to this thread. */
  NO_SESSION("MPC-409", "No session", "Run the code inside parties.run(...)."),
  /** A program that a party ran threw a checked exception. */
  PROGRAM("MPC-410", "A party's program failed", "See the cause of the exception."),
  /** A certificate that has expired, or is not valid yet. */
  CERTIFICATE_DATE(
      "MPC-421",
      "Certificate not valid today",
      "Compare the clocks of both machines; issue a new certificate if it has expired."),
  /** A certificate that names another party, or is not the one that was pinned. */
  CERTIFICATE_NAME(
      "MPC-422",
      "Certificate of another party",
      "Give each party its own certificate, and the others its address."),
  /** A certificate that no trusted authority has issued for this use. */
  CERTIFICATE_AUTHORITY(
      "MPC-423",
      "Certificate of an unknown authority",
      "Give all parties certificates of one authority, and its certificate to trust."),
  /** The other side showed no certificate. */
  CERTIFICATE_MISSING("MPC-424", "No certificate", "Give the other side a certificate of a party."),
  /** The other side refused this party's certificate. */
  CERTIFICATE_REFUSED(
      "MPC-425",
      "Own certificate refused",
      "See what the other side says; check validity and authority with djl-mpc certs show."),
  /** The other side speaks plain TCP, an older TLS, or something else. */
  NOT_TLS(
      "MPC-426",
      "Other side does not speak TLS 1.3",
      "Use TLS at all parties, or plain TCP on loopback at all."),
  /** A key store or file of certificates that cannot be used. */
  KEY_STORE(
      "MPC-427",
      "Key store cannot be used",
      "Check the file and the password named in the message."),
  /** A self-test failed. */
  SELF_TEST("MPC-501", "Self-test failed", "Report this with the processor and Java version."),
  /** A bug in djl-mpc. */
  INTERNAL("MPC-502", "Internal error", "Report this with the stack trace.");

  private final String id;
  private final String title;
  private final String nextStep;

  ErrorCode(String id, String title, String nextStep) {
    this.id = id;
    this.title = title;
    this.nextStep = nextStep;
  }

  /** The stable identifier, such as {@code MPC-101}. */
  public String id() {
    return id;
  }

  /** A few words for tables. */
  public String title() {
    return title;
  }

  /** What a user usually does next. */
  public String nextStep() {
    return nextStep;
  }
}
