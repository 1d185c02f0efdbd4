using NUnit.Framework;
using TaalasSim.ChipModel.Technology;
using TaalasSim.Compiler.Steps;
using TaalasSim.Runtime.Card.Core;
using TaalasSim.Runtime.Engine;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>The state of short convolutions goes from one pass to the next, and what is forgotten is computed again.</summary>
[Category("Validation")]
public sealed class RecurrentStateTests
{
    private static readonly string Plain = Image("mistral-f32");

    // Convolutions alone, a delta net, attention beside Mamba-2.
    private static readonly string[] Names = ["lfm2-long", "qwen35-tails", "falcon-h1-tails"];

    private static readonly Dictionary<string, string> Images = Names.ToDictionary(name => name, Image, StringComparer.Ordinal);

    [Test]
    public void A_state_continues_over_batches_of_any_size([ValueSource(nameof(Names))] string name, [Values(1, 5, 63)] int batch)
    {
        using var kernels = new SimdKernels(Numerics.Reference, null, 1);
        Assert.That(
            LogitsDigest.Of(GoldenModels.Evaluate(Images[name], kernels, SeededModel.Tokens, batch)),
            Is.EqualTo(LogitsDigest.Hex(SeededDigests.Of[name]))
        );
    }

    [TestCaseSource(nameof(Names))]
    public void A_state_knows_its_beginning_and_its_present_alone(string name)
    {
        using var kernels = new SimdKernels(Numerics.Reference, null, 1);
        using var chip = WiredChip.Open(Images[name]);
        using var pass = new ForwardPass(chip, kernels, 64, 64);
        using var sequence = pass.NewSequence(64);
        var (first, again) = (new float[pass.VocabularySize], new float[pass.VocabularySize]);
        pass.Evaluate(sequence, SeededModel.Tokens.AsSpan(0, 20), first);
        Assert.Multiple(() =>
        {
            Assert.That(sequence.CanTrim(20), Is.True);
            Assert.That(() => sequence.Trim(19), Throws.InvalidOperationException);
        });
        sequence.Trim(0);
        pass.Evaluate(sequence, SeededModel.Tokens.AsSpan(0, 20), again);
        Assert.That(again, Is.EqualTo(first));
    }

    [TestCase(9)]
    [TestCase(20)]
    [TestCase(0)]
    public void A_card_forgets_tokens_and_computes_those_before_them_again(int kept)
    {
        using var card = new Core(Images["falcon-h1-tails"]);
        var id = card.Chip.OpenContext(64);
        card.Chip.Prefill(id, SeededModel.Tokens.AsSpan(30, 20), 0, allLogits: false, default);
        int[] text = [.. SeededModel.Tokens.AsSpan(30, kept), .. SeededModel.Tokens.AsSpan(0, 6)];
        card.Chip.TrimKv(id, kept);
        var cost = card.Chip.Prefill(id, text.AsSpan(kept), kept, allLogits: false, default);
        var fresh = card.Chip.OpenContext(64);
        card.Chip.Prefill(fresh, text, 0, allLogits: false, default);
        Assert.Multiple(() =>
        {
            Assert.That(card.Chip.Logits(id, 0).ToArray(), Is.EqualTo(card.Chip.Logits(fresh, 0).ToArray()));
            // The whole text passes the layers again, but for what the state still knows.
            Assert.That(cost, Is.EqualTo(kept == 20 ? card.Timing.CostOf(20, 6) : card.Timing.CostOf(0, kept + 6)));
        });
    }

    [Test]
    public void A_card_that_forgets_twice_still_computes_the_rest_again()
    {
        using var card = new Core(Images["lfm2-long"]);
        var id = card.Chip.OpenContext(64);
        card.Chip.Prefill(id, SeededModel.Tokens.AsSpan(0, 20), 0, allLogits: false, default);
        card.Chip.TrimKv(id, 15);
        card.Chip.TrimKv(id, 7);
        card.Chip.Prefill(id, SeededModel.Tokens.AsSpan(7, 1), 7, allLogits: false, default);
        var fresh = card.Chip.OpenContext(64);
        card.Chip.Prefill(fresh, SeededModel.Tokens.AsSpan(0, 8), 0, allLogits: false, default);
        Assert.That(card.Chip.Logits(id, 0).ToArray(), Is.EqualTo(card.Chip.Logits(fresh, 0).ToArray()));
    }

    [Test]
    public void A_pass_that_is_cancelled_leaves_what_was_there()
    {
        using var card = new Core(Images["lfm2-long"]);
        var id = card.Chip.OpenContext(64);
        card.Chip.Prefill(id, SeededModel.Tokens.AsSpan(0, 10), 0, allLogits: false, default);
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.That(
            () => card.Chip.Prefill(id, SeededModel.Tokens.AsSpan(40, 9), 10, allLogits: false, cancelled.Token),
            Throws.InstanceOf<OperationCanceledException>()
        );
        card.Chip.Prefill(id, SeededModel.Tokens.AsSpan(10, 2), 10, allLogits: false, default);
        var fresh = card.Chip.OpenContext(64);
        card.Chip.Prefill(fresh, SeededModel.Tokens.AsSpan(0, 12), 0, allLogits: false, default);
        Assert.That(card.Chip.Logits(id, 0).ToArray(), Is.EqualTo(card.Chip.Logits(fresh, 0).ToArray()));
    }

    [Test]
    public void Keys_and_values_alone_are_forgotten_without_computing_anything_again()
    {
        using var card = new Core(Plain);
        var id = card.Chip.OpenContext(64);
        card.Chip.Prefill(id, SeededModel.Tokens.AsSpan(0, 20), 0, allLogits: false, default);
        card.Chip.TrimKv(id, 9);
        Assert.That(card.Chip.Prefill(id, [1, 2], 9, allLogits: false, default), Is.EqualTo(card.Timing.CostOf(9, 2)));
    }

    private static string Image(string name)
    {
        var folder = TemporaryFolder.New();
        SeededModels.All[name].Write(folder + ".gguf");
        CompileModel.ToImage(
            folder + ".gguf",
            folder,
            new CompileOptions
            {
                Fabric = GoldenModels.Fabric,
                Weights = "preserve",
                Compiler = "test",
            }
        );
        return folder;
    }

    /// <summary>A chip behind a card's registers, in closed-form time.</summary>
    private sealed class Core : IDisposable
    {
        private readonly WiredChip _wired;
        private readonly SimdKernels _kernels = new(Numerics.Reference, null, 1);

        public Core(string folder)
        {
            _wired = WiredChip.Open(folder);
            var description = _wired.Description;
            Timing = new AnalyticPassTiming(
                description.Plan(),
                TechnologyFile.Read(Shared.InRepo($"chips/technology/{description.Fabric.Technology}.yaml"))
            );
            Chip = new SimulatedCore(_wired, _kernels, Timing, 64);
        }

        public SimulatedCore Chip { get; }

        public AnalyticPassTiming Timing { get; }

        public void Dispose()
        {
            Chip.Dispose();
            _kernels.Dispose();
            _wired.Dispose();
        }
    }
}
