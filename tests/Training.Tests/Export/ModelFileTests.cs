using NUnit.Framework;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Gguf;
using TaalasSim.Support;
using TaalasSim.Training.Corpus;
using TaalasSim.Training.Export;
using TaalasSim.Training.Model;
using TaalasSim.Training.Tokenizer;

namespace TaalasSim.Training.Tests.Export;

[TestFixture]
[Category("Compiler")]
public class ModelFileTests
{
    private static readonly BpeVocabulary s_vocabulary = BpeTrainer.Train(["the cat and the dog and the cat"], 262);

    private static readonly ParameterLayout s_layout = new(
        new ModelShape
        {
            Vocabulary = s_vocabulary.Size,
            Width = 32,
            Layers = 2,
            Heads = 4,
            KeyHeads = 2,
            FeedForward = 64,
            Context = 48,
            RopeBase = 5000,
            NormEpsilon = 1e-6f,
        }
    );

    [Test]
    public void A_saved_model_comes_back_rounded_to_f16()
    {
        using var folder = new TemporaryFolder();
        var parameters = s_layout.Initialise(new SeededRandom(1));
        s_layout.OutputNorm.Of(parameters)[3] = 0.1f; // not an F16 number: norms must keep all their bits
        ModelFile.Save(folder.File("m.gguf"), s_layout, parameters, s_vocabulary);
        var loaded = ModelFile.Load(folder.File("m.gguf"));
        Assert.Multiple(() =>
        {
            Assert.That(loaded.Layout.Shape, Is.EqualTo(s_layout.Shape));
            Assert.That(loaded.Parameters, Is.EqualTo(ModelFile.RoundAsStored(s_layout, parameters)));
            Assert.That(loaded.Parameters, Is.Not.EqualTo(parameters));
            Assert.That(s_layout.OutputNorm.Of(loaded.Parameters)[3], Is.EqualTo(0.1f));
            Assert.That(loaded.Vocabulary.Merges, Is.EqualTo(s_vocabulary.Merges));
        });
    }

    [Test]
    public void Matrices_are_stored_with_inputs_first_and_one_row_for_each_output()
    {
        using var folder = new TemporaryFolder();
        var parameters = s_layout.Initialise(new SeededRandom(1));
        ModelFile.Save(folder.File("m.gguf"), s_layout, parameters, s_vocabulary);
        using var file = GgufFile.Open(folder.File("m.gguf"));
        var key = file.Tensor("blk.1.attn_k.weight", 32, 16);
        var row = new float[32];
        key.DecodeRow(5, row);
        var expected = s_layout.Layers[1].Key.Of(parameters).Slice(5 * 32, 32).ToArray().Select(p => (float)(Half)p);
        Assert.That(row, Is.EqualTo(expected));
    }

    [Test]
    public void A_file_that_is_no_model_is_refused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("m.gguf"), "not a model, but long enough to hold a header");
        Assert.That(() => ModelFile.Load(folder.File("m.gguf")), Throws.TypeOf<InputException>());
    }
}
