package org.djlmpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ModifiersTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every public type and method of the libraries has a comment.
 *
 * <p>The compiler's own doclint asks for a tag per parameter as well or for nothing at all; what it
 * does check, that the comments are well formed, is left to it. Lives in the module above the
 * libraries, so that one copy reads them all.
 */
final class PublicCodeIsDocumentedTest {

  @ParameterizedTest
  @ValueSource(strings = {"autograd", "djl-mpc-engine", "layers", "model-zoo-adapters"})
  void everyPublicTypeAndMethodHasAComment(String module) throws IOException {
    assertThat(undocumented(Path.of("..", module, "src", "main", "java"))).isEmpty();
  }

  private static List<String> undocumented(Path sourceRoot) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8);
        Stream<Path> walk = Files.walk(sourceRoot)) {
      List<Path> sources = walk.filter(path -> path.toString().endsWith(".java")).toList();
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  diagnostic -> {},
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources));
      PublicDeclarations declarations = new PublicDeclarations(DocTrees.instance(task));
      declarations.scan(task.parse(), null);
      return declarations.undocumented;
    }
  }

  /** Visits what other modules can see, and notes what has no comment. */
  private static final class PublicDeclarations
      extends TreePathScanner<@Nullable Void, @Nullable Void> {

    private final List<String> undocumented = new ArrayList<>();
    private final DocTrees docs;
    private boolean inInterface;
    private String type = "";

    PublicDeclarations(DocTrees docs) {
      this.docs = docs;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void unused) {
      // an anonymous class has no name that others could use
      if (!isPublic(tree.getModifiers()) || tree.getSimpleName().isEmpty()) {
        return null;
      }
      boolean outerInInterface = inInterface;
      String outerType = type;
      inInterface =
          tree.getKind() == Tree.Kind.INTERFACE || tree.getKind() == Tree.Kind.ANNOTATION_TYPE;
      type = type.isEmpty() ? tree.getSimpleName().toString() : type + "." + tree.getSimpleName();
      note(type);
      super.visitClass(tree, null);
      inInterface = outerInInterface;
      type = outerType;
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void unused) {
      if (isPublic(tree.getModifiers()) && !overrides(tree)) {
        note(type + "." + tree.getName());
      }
      return null;
    }

    private boolean isPublic(ModifiersTree modifiers) {
      Set<Modifier> flags = modifiers.getFlags();
      return flags.contains(Modifier.PUBLIC) || (inInterface && !flags.contains(Modifier.PRIVATE));
    }

    private static boolean overrides(MethodTree tree) {
      return tree.getModifiers().getAnnotations().stream()
          .anyMatch(annotation -> annotation.getAnnotationType().toString().equals("Override"));
    }

    private void note(String name) {
      if (docs.getDocComment(getCurrentPath()) == null) {
        undocumented.add(name);
      }
    }
  }
}
