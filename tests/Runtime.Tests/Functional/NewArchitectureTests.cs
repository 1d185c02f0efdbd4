using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.ChipModel.Files;
using TaalasSim.Compiler.Import;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>An architecture is one row, which states what differs from Llama; this assembly adds some that nobody has.</summary>
[TestFixture]
[Category("Validation")]
[NonParallelizable]
public sealed class NewArchitectureTests
{
    private const string Name = "made_up";

    // Drawn for Qwen 3, which differs from Llama in the norms of queries and keys: a made-up family with these norms is the same function.
    private const string Drawn = "qwen3-yarn";

    private static SeededModel Model => SeededModels.All[Drawn] with { Architecture = Name };

    [Test]
    public void A_new_architecture_needs_only_its_row()
    {
        using var registration = Architectures.Register(new Architecture { Name = Name, QkNorm = QkNorm.Head });
        using var kernels = new SimdKernels(Numerics.Reference, null, 1);
        var logits = GoldenModels.Evaluate(SeededLogitsTests.Image(Model), kernels, SeededModel.Tokens, batch: 64);
        Assert.Multiple(() =>
        {
            Assert.That(LogitsDigest.Of(logits), Is.EqualTo(LogitsDigest.Hex(SeededDigests.Of[Drawn])), "logits of llama.cpp");
            Assert.That(Architectures.All.Select(a => a.Name), Does.Contain(Name).And.Contain("llama"));
        });
    }

    [Test]
    public void A_row_without_a_trait_that_the_file_has_refuses_the_file()
    {
        using var registration = Architectures.Register(new Architecture { Name = Name });
        Assert.That(
            () => SeededLogitsTests.Image(Model),
            Throws.TypeOf<InputException>().With.Message.Contains("blk.0.attn_q_norm.weight")
        );
    }

    [Test]
    public void Names_are_unique_and_a_registration_ends()
    {
        using (Architectures.Register(new Architecture { Name = Name }))
            Assert.That(() => Architectures.Register(new Architecture { Name = Name }), Throws.ArgumentException);
        Assert.Multiple(() =>
        {
            Assert.That(() => Architectures.Register(new Architecture { Name = "llama" }), Throws.ArgumentException);
            Assert.That(
                () => SeededLogitsTests.Image(Model),
                Throws.TypeOf<InputException>().With.Message.Contains($"architecture '{Name}' is not supported")
            );
        });
    }
}
