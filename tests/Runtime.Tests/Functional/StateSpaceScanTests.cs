using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.Compiler.Graph;
using TaalasSim.Runtime.Functional;

namespace TaalasSim.Runtime.Tests.Functional;

/// <summary>One step of Mamba-2 against its formula in binary64, where seeded models do not reach: long time steps, values that fill no
/// vector.</summary>
[Category("Kernels")]
public sealed class StateSpaceScanTests
{
    private const int Heads = 4,
        Width = 11,
        Size = 5,
        Groups = 2;

    [Test]
    public void A_step_follows_the_formula()
    {
        float[] rate = [-0.3f, -0.001f, -1, -0.02f],
            bias = [0.5f, 30, -3, 19],
            skip = [0.5f, -1, 2, 0];
        float[] states = SeededTensor.Signed(Heads * Width * Size, 1),
            mixed = SeededTensor.Signed((Heads * Width) + (2 * Groups * Size), 2),
            steps = SeededTensor.Signed(Heads, 3),
            y = new float[Heads * Width];
        var (expected, results) = ((float[])states.Clone(), new float[y.Length]);
        for (var h = 0; h < Heads; h++)
        {
            // S = e^(a δ) S + δ k ⊗ v; y = qᵀS + D v; δ = softplus of the time step.
            var step = Math.Log(1 + Math.Exp((double)steps[h] + bias[h]));
            var (key, query) = ((Heads * Width) + (h / 2 * Size), (Heads * Width) + ((Groups + (h / 2)) * Size));
            for (var j = 0; j < Width; j++)
            {
                double value = mixed[(h * Width) + j],
                    sum = skip[h] * value;
                for (var i = 0; i < Size; i++)
                {
                    var at = (((h * Size) + i) * Width) + j;
                    var next = (Math.Exp(step * rate[h]) * states[at]) + (step * mixed[key + i] * value);
                    expected[at] = (float)next;
                    sum += next * mixed[query + i];
                }

                results[(h * Width) + j] = (float)sum;
            }
        }

        new StateSpaceScan(Operator(), rate, bias, skip).Step(states, mixed, steps, y);
        Assert.Multiple(() =>
        {
            Assert.That(y, Is.EqualTo(results).Within(2e-5));
            Assert.That(states, Is.EqualTo(expected).Within(2e-5));
        });
    }

    private static StateSpaceOperator Operator() =>
        new()
        {
            Id = 2,
            Layer = 0,
            Width = Heads * Width,
            Input = 0,
            Step = 1,
            StepBias = "bias",
            DecayRate = "rate",
            Skip = "skip",
            Sizes = new RecurrenceShape
            {
                Kind = RecurrenceKind.Mamba2,
                Heads = Heads,
                HeadSize = Width,
                StateSize = Size,
                Groups = Groups,
            },
        };
}
