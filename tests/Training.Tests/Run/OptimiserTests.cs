using NUnit.Framework;
using TaalasSim.Training.Model;
using TaalasSim.Training.Optimise;

namespace TaalasSim.Training.Tests.Run;

[TestFixture]
[Category("Kernels")]
public class OptimiserTests
{
    [Test]
    public void First_step_moves_each_parameter_by_the_learning_rate_against_its_gradient()
    {
        // With both means corrected for their youth, step 1 is rate·g/|g|, after decay by 1 − rate·0.1.
        var layout = new ParameterLayout(
            new ModelShape
            {
                Vocabulary = 4,
                Width = 4,
                Layers = 1,
                Heads = 2,
                KeyHeads = 1,
                FeedForward = 4,
            }
        );
        var parameters = Enumerable.Repeat(2f, layout.Count).ToArray();
        var gradient = parameters.Select((_, i) => i % 2 == 0 ? 3f : -0.5f).ToArray();
        new AdamW(layout).Step(parameters, gradient, 1, 0.01f, 1);
        Assert.Multiple(() =>
        {
            var matrix = layout.Output.Of(parameters);
            Assert.That(matrix[0], Is.EqualTo((2 * (1 - 0.001f)) - 0.01f).Within(1e-6));
            Assert.That(matrix[1], Is.EqualTo((2 * (1 - 0.001f)) + 0.01f).Within(1e-6));
            Assert.That(layout.OutputNorm.Of(parameters)[0], Is.EqualTo(1.99f).Within(1e-6), "norm gains do not decay");
        });
    }

    [Test]
    public void Schedule_rises_to_the_peak_and_falls_to_a_fiftieth()
    {
        var schedule = new CosineSchedule(Peak: 1, WarmUp: 10, Steps: 110);
        Assert.Multiple(() =>
        {
            Assert.That(schedule.At(1), Is.EqualTo(0.1f));
            Assert.That(schedule.At(10), Is.EqualTo(1f));
            Assert.That(schedule.At(60), Is.EqualTo(0.51f).Within(1e-6), "halfway between 1 and 0.02");
            Assert.That(schedule.At(110), Is.EqualTo(0.02f).Within(1e-6));
        });
    }

    [Test]
    public void Clipping_brings_long_gradients_to_the_limit_and_leaves_short_ones() =>
        Assert.Multiple(() =>
        {
            Assert.That(GradientClip.Factor([3, 4], 1), Is.EqualTo(0.2f));
            Assert.That(GradientClip.Factor([0.3f, 0.4f], 1), Is.EqualTo(1f));
            Assert.That(GradientClip.Factor([0, 0], 1), Is.EqualTo(1f));
        });
}
