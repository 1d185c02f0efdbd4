using System.Runtime.InteropServices;
using NUnit.Framework;
using TaalasSim.ChipModel.Formats;
using TaalasSim.Runtime.Kernels.Contract;
using TaalasSim.Runtime.Kernels.Scalar;
using TaalasSim.Support;

namespace TaalasSim.Runtime.Tests.Kernels;

[TestFixture]
[Category("Kernels")]
public sealed unsafe class ScalarProductTests
{
    [TestCaseSource(typeof(DotVector), nameof(DotVector.All))]
    public void Scalar_dot_equals_the_reference_bit_for_bit(DotVector vector)
    {
        using var x = Quantise(vector);
        var sum = default(ScalarSum);
        fixed (byte* row = vector.Row)
            ScalarProduct.Add(vector.Format, row, vector.X.Length / vector.Format.BlockWeights, x, 0, 0, 0, &sum);
        Assert.That(ScalarProduct.Finish(vector.Format, &sum), Is.EqualTo(vector.Dot).Within(0));
    }

    [TestCaseSource(typeof(DotVector), nameof(DotVector.All))]
    public void Activations_are_quantised_to_the_reference_bytes(DotVector vector)
    {
        using var x = Quantise(vector);
        Assert.That(Convert.ToHexString(Serialise(x)), Is.EqualTo(Convert.ToHexString(vector.Quantised)));
    }

    [Test]
    public void Every_product_of_the_reference_has_a_vector()
    {
        Shared.Path("golden/dequant/index.json");
        var covered = DotVector.All().Select(v => v.Format.Name).ToHashSet(StringComparer.Ordinal);
        Assert.That(CodeFormats.All.Where(f => f.GgmlType >= 0 && f.Name != "f64").Select(f => f.Name), Is.SubsetOf(covered));
    }

    private static Activations Quantise(DotVector vector)
    {
        var x = new Activations();
        x.Shape(vector.Format.Activations, vector.X.Length, 1);
        fixed (float* values = vector.X)
            ScalarQuantizer.Quantize(values, x, 0);
        return x;
    }

    /// <summary>The bytes of a quantised vector as ggml lays them out.</summary>
    internal static byte[] Serialise(Activations x, int row = 0)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        for (var i = row * x.Inputs; i < (row + 1) * x.Inputs; i++)
        {
            switch (x.Kind)
            {
                case ActivationKind.F32:
                    writer.Write(x.Values[i]);
                    continue;
                case ActivationKind.F16:
                    writer.Write((Half)x.Values[i]);
                    continue;
                case ActivationKind.Bf16:
                    writer.Write((ushort)(BitConverter.SingleToUInt32Bits(x.Values[i]) >> 16));
                    continue;
                case ActivationKind.Q8_K when i % 256 == 0:
                    writer.Write(x.Scales[i / 256]);
                    break;
                case ActivationKind.Q8_1 or ActivationKind.Q8_0 when i % 32 == 0:
                    writer.Write((Half)x.Scales[i / 32]);
                    if (x.Kind == ActivationKind.Q8_1)
                        writer.Write((Half)x.Products[i / 32]);
                    break;
            }

            writer.Write(x.Codes[i]);
            if (x.Kind == ActivationKind.Q8_K && i % 256 == 255)
                writer.Write(MemoryMarshal.AsBytes(new ReadOnlySpan<short>(x.Sums16 + (i / 256 * 16), 16)));
        }

        return stream.ToArray();
    }
}
