package org.djlmpc.examples;

import ai.djl.inference.Predictor;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.modality.cv.transform.CenterCrop;
import ai.djl.modality.cv.transform.Normalize;
import ai.djl.modality.cv.transform.Resize;
import ai.djl.modality.cv.transform.ToTensor;
import ai.djl.modality.cv.translator.ImageClassificationTranslator;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Classifies a photograph with a ResNet18 that PyTorch exported; who computes sees neither.
 *
 * <p>README.md, "Convert a PyTorch model", has the line of Python that makes the two files.
 */
public final class EncryptedResNet {
  private EncryptedResNet() {}

  /**
   * Runs the program.
   *
   * @param args the path of {@code traced_resnet18.pt}, which has a {@code synset.txt} beside it
   */
  public static void main(String[] args) throws Exception {
    float[] mean = {0.485f, 0.456f, 0.406f};
    float[] deviation = {0.229f, 0.224f, 0.225f};
    Criteria<Image, Classifications> criteria =
        Criteria.builder()
            .setTypes(Image.class, Classifications.class)
            .optModelPath(Path.of(args[0]))
            .optTranslator(
                ImageClassificationTranslator.builder()
                    .addTransform(new Resize(341, 256))
                    .addTransform(new CenterCrop(224, 224))
                    .addTransform(new ToTensor())
                    .addTransform(new Normalize(mean, deviation))
                    .optApplySoftmax(true)
                    .build())
            .optEngine("MPC") // in plaintext: PyTorch
            .build();
    try (ZooModel<Image, Classifications> model = criteria.loadModel();
        Predictor<Image, Classifications> predictor = model.newPredictor();
        InputStream photograph = EncryptedResNet.class.getResourceAsStream("chelsea.png")) {
      Image image = ImageFactory.getInstance().fromInputStream(photograph);
      System.out.println(predictor.predict(image));
    }
  }
}
