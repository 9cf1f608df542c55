package org.djlmpc;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.dependOnClassesThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;

/** Holds the engine's layers and habits; the direction between modules is Maven's to hold. */
@AnalyzeClasses(packages = "org.djlmpc", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

  @ArchTest
  static final ArchRule LAYERS_LOOK_DOWN =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .withOptionalLayers(true)
          .layer("engine")
          .definedBy("org.djlmpc.engine..")
          .layer("graph")
          .definedBy("org.djlmpc.graph..")
          .layer("protocol")
          .definedBy("org.djlmpc.protocol..")
          .layer("session")
          .definedBy("org.djlmpc.session..")
          .layer("preprocessing")
          .definedBy("org.djlmpc.preprocessing..")
          .layer("transport")
          .definedBy("org.djlmpc.transport..")
          .layer("fss")
          .definedBy("org.djlmpc.fss..")
          .layer("crypto")
          .definedBy("org.djlmpc.crypto..")
          .layer("fixedpoint")
          .definedBy("org.djlmpc.fixedpoint..")
          .layer("ring")
          .definedBy("org.djlmpc.ring..")
          .layer("error")
          .definedBy("org.djlmpc.error..")
          .whereLayer("engine")
          .mayOnlyAccessLayers(
              "graph",
              "protocol",
              "session",
              "preprocessing",
              "transport",
              "fss",
              "crypto",
              "fixedpoint",
              "ring",
              "error")
          .whereLayer("graph")
          .mayOnlyAccessLayers(
              "protocol",
              "session",
              "preprocessing",
              "transport",
              "fss",
              "crypto",
              "fixedpoint",
              "ring",
              "error")
          .whereLayer("protocol")
          .mayOnlyAccessLayers(
              "session",
              "preprocessing",
              "transport",
              "fss",
              "crypto",
              "fixedpoint",
              "ring",
              "error")
          .whereLayer("session")
          .mayOnlyAccessLayers(
              "preprocessing", "transport", "fss", "crypto", "fixedpoint", "ring", "error")
          .whereLayer("preprocessing")
          .mayOnlyAccessLayers("transport", "fss", "crypto", "fixedpoint", "ring", "error")
          .whereLayer("transport")
          .mayOnlyAccessLayers("crypto", "fixedpoint", "ring", "error")
          .whereLayer("fss")
          .mayOnlyAccessLayers("crypto", "fixedpoint", "ring", "error")
          .whereLayer("crypto")
          .mayOnlyAccessLayers("ring", "error")
          .whereLayer("fixedpoint")
          .mayOnlyAccessLayers("ring", "error")
          .whereLayer("ring")
          .mayOnlyAccessLayers("error")
          .whereLayer("error")
          .mayNotAccessAnyLayer();

  @ArchTest
  static final ArchRule VECTOR_KERNELS_ARE_FOUND_BY_NAME =
      noClasses()
          .that(resideOutsideOfPackage("org.djlmpc.ring.vector.."))
          .should(dependOnClassesThat(resideInAPackage("org.djlmpc.ring.vector..")))
          .because("the incubating module that they need may be absent");

  @ArchTest
  static final ArchRule NETTY_STAYS_IN_ITS_PACKAGE =
      noClasses()
          .that(resideOutsideOfPackage("org.djlmpc.transport.netty.."))
          .should(dependOnClassesThat(resideInAPackage("io.netty..")));

  @ArchTest
  static final ArchRule NAMES_SAY_WHAT_A_CLASS_IS =
      classes().should().haveNameNotMatching(".*(Impl|Utils?|Helper)");

  @ArchTest
  static final ArchRule NO_JAVA_SERIALIZATION =
      noClasses()
          .should(dependOnClassesThat(assignableTo(ObjectInputStream.class)))
          .orShould(dependOnClassesThat(assignableTo(ObjectOutputStream.class)))
          .because("bytes from a peer never become objects on their own terms");

  @ArchTest
  static final ArchRule NOTHING_IS_SERIALIZABLE =
      classes()
          .that()
          .areNotAssignableTo(Throwable.class)
          .and()
          .areNotEnums()
          .and()
          .areNotAssignableTo(Enum.class)
          .and()
          // of a JDK collection, for instance
          .areNotAnonymousClasses()
          .should()
          .notBeAssignableTo(Serializable.class);

  /** Covers System.out, System.err and Throwable.printStackTrace. */
  @ArchTest
  static final ArchRule LOGGING_GOES_THROUGH_SLF4J = NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

  private ArchitectureTest() {}
}
