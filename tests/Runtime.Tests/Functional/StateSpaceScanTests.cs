using NUnit.Framework;
using TaalasSim.ChipModel.Chip;
using TaalasSim.Compiler.Graph;
using TaalasSim.Compiler.Import;
using TaalasSim.Runtime.Functional;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Select;
using TaalasSim.Support;

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

    [TestCase(true)]
    [TestCase(false)]
    public void States_and_results_have_the_precision_of_the_lanes(bool half)
    {
        const int Rows = 3;
        var path = Path.Combine(TemporaryFolder.New(), "model.gguf");
        SeededModels.All["falcon-h1-f32"].Write(path);
        using var model = ImportedModel.Open(path);
        using var kernels = new SimdKernels(Numerics.Reference, null, 1);
        var op = model.Graph.Operators.OfType<StateSpaceOperator>().First();
        var (width, heads) = ((int)op.Sizes.ConvolutionWidth, op.Sizes.Heads);
        var scan = new StateSpaceScan(op, SeededTensor.Signed(heads, 5), SeededTensor.Signed(heads, 6), SeededTensor.Signed(heads, 7));
        float[] mixed = SeededTensor.Signed(Rows * width, 8),
            steps = SeededTensor.Signed(Rows * heads, 9),
            states = new float[op.Sizes.StateElements],
            expected = new float[Rows * op.Width];
        for (var row = 0; row < Rows; row++)
        {
            var y = expected.AsSpan(row * op.Width, op.Width);
            scan.Step(states, mixed.AsSpan(row * width, width), steps.AsSpan(row * heads, heads), y);
            Round(states);
            Round(y);
        }

        using var x = kernels.Allocate(mixed.Length);
        using var gate = kernels.Allocate(steps.Length);
        using var result = kernels.Allocate(expected.Length);
        x.Write(mixed);
        gate.Write(steps);
        new RecurrentState(model.Graph, half).Recur(op, scan, x, [gate], Rows, result);
        var found = new float[expected.Length];
        result.Read(0, found);
        Assert.That(found, Is.EqualTo(expected));

        void Round(Span<float> values)
        {
            for (var i = 0; half && i < values.Length; i++)
                values[i] = (float)(Half)values[i];
        }
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
