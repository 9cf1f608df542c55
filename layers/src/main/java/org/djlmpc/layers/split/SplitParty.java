package org.djlmpc.layers.split;

import org.djlmpc.error.MpcException;
import org.djlmpc.session.Session;
import org.djlmpc.transport.Network;

/** The server and the holders, over a network that connects them with all parties of the plan. */
public final class SplitParty {
  private SplitParty() {}

  /**
   * Serves as the server until the coordinator closes.
   *
   * @param network P1's connections; closed at the end
   * @param plan the same at all parties
   * @throws MpcException why a party stopped, the same reason at all
   */
  public static void serve(Network network, SplitPlan plan, ServerSetup setup) {
    run(
        network,
        plan,
        () -> new ServerRole(plan, setup),
        new Checkpoints(setup.folder(), plan, network.self()));
  }

  /**
   * Serves as a holder until the coordinator closes.
   *
   * @param network the connections of P2, P3, ...; closed at the end
   * @param plan the same at all parties
   * @throws MpcException why a party stopped, the same reason at all
   */
  public static void hold(Network network, SplitPlan plan, HolderSetup setup) {
    run(
        network,
        plan,
        () -> new HolderRole(plan, network.self(), setup),
        new Checkpoints(setup.folder(), plan, network.self()));
  }

  private interface NewRole {
    Role make();
  }

  private static void run(
      Network network, SplitPlan plan, NewRole newRole, Checkpoints checkpoints) {
    try (Session session = Session.open(network, plan.session())) {
      try (Role role = newRole.make()) {
        new PartyLoop(session, plan, role, checkpoints).run();
      } catch (RuntimeException | Error e) {
        network.abort(MpcException.forPeers(network.self().toString(), e));
        throw e;
      }
    }
  }
}
