package org.djlmpc.cli;

import java.util.Locale;
import org.djlmpc.layers.split.Roles;
import org.djlmpc.transport.PartyId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What a user calls a party: its number, or its role in split learning. */
final class PartyNames implements ITypeConverter<PartyId> {
  static final String HELP = "P0 to P15; in split learning also coordinator and server.";

  @Override
  public PartyId convert(String name) {
    String upper = name.toUpperCase(Locale.ROOT);
    if (upper.equals("COORDINATOR")) {
      return Roles.COORDINATOR;
    }
    if (upper.equals("SERVER")) {
      return Roles.SERVER;
    }
    for (PartyId party : PartyId.values()) {
      if (party.name().equals(upper)) {
        return party;
      }
    }
    throw new TypeConversionException("There is no party " + name + "; give one of " + HELP);
  }
}
