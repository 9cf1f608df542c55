package org.djlmpc.consumer;

import ai.djl.engine.Engine;

/** Lists the engines that DJL finds on this project's class path. */
public final class Consumer {

  private Consumer() {}

  /** Prints the name of each engine. */
  public static void main(String[] args) {
    for (String engine : Engine.getAllEngines()) {
      System.out.println(engine);
    }
  }
}
