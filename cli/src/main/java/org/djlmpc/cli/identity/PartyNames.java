package org.djlmpc.cli.identity;

import java.util.Optional;
import org.djlmpc.layers.split.Roles;
import org.djlmpc.transport.PartyId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What a user calls a party: its number, or its role in the training of split learning. */
public final class PartyNames implements ITypeConverter<PartyId> {
  /** What names there are. */
  public static final String HELP =
      "P0 to P15; in split learning also coordinator, server, holder0, holder1, ...";

  @Override
  public PartyId convert(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new TypeConversionException("There is no party " + name + "; give one of " + HELP));
  }

  /** The party of a name, in upper or lower case, if there is one. */
  public static Optional<PartyId> find(String name) {
    for (PartyId party : PartyId.values()) {
      if (party.name().equalsIgnoreCase(name) || role(party).equalsIgnoreCase(name)) {
        return Optional.of(party);
      }
    }
    return Optional.empty();
  }

  /** Its role in the training of split learning, such as {@code holder0}. */
  @SuppressWarnings("EnumOrdinal") // holders are numbered from that of the first one
  public static String role(PartyId party) {
    return switch (party) {
      case P0 -> "coordinator";
      case P1 -> "server";
      default -> "holder" + (party.ordinal() - Roles.FIRST_HOLDER.ordinal());
    };
  }
}
