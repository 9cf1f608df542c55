package org.djlmpc.layers.split;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.djlmpc.error.ErrorCode;
import org.djlmpc.error.MpcException;
import org.djlmpc.transport.PartyId;

/**
 * Who is who: P0 is the coordinator, P1 the server, and P2, P3, ... are the holders.
 *
 * @param holders number of holders, at least 2
 * @param labelHolder which of them has the labels, from 0
 */
public record Roles(int holders, int labelHolder) {
  /** Starts and stops jobs; sees no data. */
  public static final PartyId COORDINATOR = PartyId.P0;

  /** Runs the hidden layers. */
  public static final PartyId SERVER = PartyId.P1;

  /** Holder 0; the others follow. */
  public static final PartyId FIRST_HOLDER = PartyId.P2;

  /** Checks the numbers. */
  @SuppressWarnings("EnumOrdinal") // a party's place in the list is its number
  public Roles {
    int most = PartyId.values().length - FIRST_HOLDER.ordinal();
    if (holders < 2 || holders > most || labelHolder < 0 || labelHolder >= holders) {
      throw new MpcException(
          ErrorCode.ARGUMENT,
          "Holder " + labelHolder + " of " + holders + " has the labels.",
          "Use 2 to "
              + most
              + " holders, numbered from 0. With one holder, a sum hides nothing from the server.");
    }
  }

  /** The party of a holder, from 0. */
  @SuppressWarnings("EnumOrdinal") // a party's place in the list is its number
  public PartyId holder(int number) {
    return PartyId.values()[FIRST_HOLDER.ordinal() + number];
  }

  /** The parties of all holders. */
  public List<PartyId> holderIds() {
    List<PartyId> ids = new ArrayList<>();
    for (int i = 0; i < holders; i++) {
      ids.add(holder(i));
    }
    return ids;
  }

  /** The party with the labels. */
  public PartyId labelParty() {
    return holder(labelHolder);
  }

  /** Everybody. */
  public Set<PartyId> parties() {
    Set<PartyId> parties = EnumSet.of(COORDINATOR, SERVER);
    parties.addAll(holderIds());
    return parties;
  }
}
