using NUnit.Framework;
using TaalasSim.Training.Corpus;
using TaalasSim.Training.Model;
using TaalasSim.Training.Optimise;
using TaalasSim.Training.Tests.Numerics;

namespace TaalasSim.Training.Tests.Model;

[TestFixture]
[Category("Kernels")]
public class TransformerTests
{
    private static readonly ModelShape s_tiny = new()
    {
        Vocabulary = 23,
        Width = 16,
        Layers = 2,
        Heads = 4,
        KeyHeads = 2,
        FeedForward = 24,
        Context = 12,
    };

    [Test]
    public void Whole_model_derivatives_match_differences()
    {
        var layout = new ParameterLayout(s_tiny);
        // Larger weights than at the start of training, so that every path carries signal.
        var parameters = layout.Initialise(new SeededRandom(5)).Select(p => p == 1 ? 1.1 : p * 8.0).ToArray();
        var model = new Transformer<double>(layout, 2, 12);
        var (inputs, targets) = Tokens(24);
        var gradient = new double[layout.Count];
        model.LossAndGradient(parameters, inputs, targets, gradient);
        Assert.That(
            layout.Blocks.Select(b => b.Of(gradient).ToArray().Max(Math.Abs)),
            Is.All.GreaterThan(1e-4),
            "every tensor has a derivative"
        );
        FiniteDifferences.Check(
            "parameters",
            () => model.LossAndGradient(parameters, inputs, targets, new double[layout.Count]),
            parameters,
            gradient,
            stride: 7
        );
    }

    [Test]
    public void A_tiny_model_learns_one_batch_by_heart()
    {
        var layout = new ParameterLayout(s_tiny);
        var parameters = layout.Initialise(new SeededRandom(5));
        var model = new Transformer<float>(layout, 2, 12);
        var optimiser = new AdamW(layout) { WeightDecay = 0 };
        var (inputs, targets) = Tokens(24);
        var (first, last) = (0.0, 0.0);
        for (var step = 1; step <= 150; step++)
        {
            var gradient = new float[layout.Count];
            last = model.LossAndGradient(parameters, inputs, targets, gradient);
            first = step == 1 ? last : first;
            optimiser.Step(parameters, gradient, GradientClip.Factor(gradient, 1), 0.01f, step);
        }
        Assert.Multiple(() =>
        {
            Assert.That(first, Is.EqualTo(Math.Log(23)).Within(0.2), "untrained, all 23 tokens are about equally likely");
            Assert.That(last, Is.LessThan(0.02));
        });
    }

    [Test]
    public void A_sequence_in_a_batch_is_computed_as_if_alone()
    {
        var layout = new ParameterLayout(s_tiny);
        var parameters = layout.Initialise(new SeededRandom(5));
        var (inputs, _) = Tokens(24);
        var alone = new Transformer<float>(layout, 1, 12).Forward(parameters, inputs.AsSpan(12)).ToArray();
        var together = new Transformer<float>(layout, 2, 12).Forward(parameters, inputs)[(12 * 23)..].ToArray();
        Assert.That(together, Is.EqualTo(alone));
    }

    private static (int[] Inputs, int[] Targets) Tokens(int count)
    {
        var random = new SeededRandom(9);
        var tokens = Enumerable.Range(0, count + 1).Select(_ => random.Below(23)).ToArray();
        return (tokens[..^1], tokens[1..]);
    }
}
