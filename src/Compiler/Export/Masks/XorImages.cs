using System.Numerics;
using TaalasSim.ChipModel.Chip;

namespace TaalasSim.Compiler.Export.Masks;

/// <summary>Compares two chip images bit by bit: per tensor, wherever its banks are, and per position on the die.</summary>
public static class XorImages
{
    /// <summary>Differences from <paramref name="a"/> to <paramref name="b"/>.</summary>
    public static ImageDifference Compare(MaskImage a, MaskImage b, CancellationToken cancel = default)
    {
        var tensors = new List<TensorDifference>();
        var inB = b.Ports.ToDictionary(p => p.Name, StringComparer.Ordinal);
        foreach (var port in a.Ports)
        {
            cancel.ThrowIfCancellationRequested();
            tensors.Add(inB.Remove(port.Name, out var other) ? Port(a, port, b, other) : Absent(port.Name, "second"));
        }

        tensors.AddRange(inB.Values.OrderBy(p => p.Id).Select(p => Absent(p.Name, "first")));
        Vectors(a, b, tensors);
        var same = SameFabric(a, b);
        return new ImageDifference
        {
            Tensors = tensors,
            WeightsLayerPositions = same ? WeightsPositions(a, b, cancel) : null,
            DataflowLayerPositions = same
                ? Enumerable.Range(0, a.Straps.Count).Sum(site => Xor(a.StrapBits(site), b.StrapBits(site)).Changed)
                : null,
        };
    }

    private static TensorDifference Port(MaskImage a, MatrixPlan x, MaskImage b, MatrixPlan y)
    {
        if ((x.Inputs, x.Outputs, x.Format) != (y.Inputs, y.Outputs, y.Format))
            return Incomparable(x.Name, $"{x.Inputs}×{x.Outputs} {x.Format} against {y.Inputs}×{y.Outputs} {y.Format}");
        if ((x.BankRows, x.BankColumns) != (y.BankRows, y.BankColumns))
            return Incomparable(x.Name, $"banks of {x.BankRows}×{x.BankColumns} against {y.BankRows}×{y.BankColumns}");
        long bits = 0,
            added = 0,
            removed = 0;
        for (var output = 0; output < x.OutputSegments; output++)
        for (var input = 0; input < x.InputSegments; input++)
        {
            var bank = a.Bank(a.Site(x, input, output));
            var change = Xor(bank, b.Bank(b.Site(y, input, output)));
            bits += bank.Length * 8L;
            added += change.Added;
            removed += change.Removed;
        }

        return new TensorDifference
        {
            Tensor = x.Name,
            Bits = bits,
            ViasAdded = added,
            ViasRemoved = removed,
        };
    }

    private static void Vectors(MaskImage a, MaskImage b, List<TensorDifference> tensors)
    {
        var inB = new Dictionary<string, (long Offset, int Count)>(StringComparer.Ordinal);
        long offset = 0;
        foreach (var vector in b.Vectors)
        {
            inB.Add(vector.Name, (offset, vector.Count));
            offset += 4L * vector.Count;
        }

        offset = 0;
        foreach (var vector in a.Vectors)
        {
            if (!inB.Remove(vector.Name, out var other))
                tensors.Add(Absent(vector.Name, "second"));
            else if (other.Count != vector.Count)
                tensors.Add(Incomparable(vector.Name, $"{vector.Count} values against {other.Count}"));
            else
            {
                byte[] x = new byte[4 * vector.Count],
                    y = new byte[4 * vector.Count];
                a.ReadVectors(offset, x);
                b.ReadVectors(other.Offset, y);
                var change = Xor(x, y);
                tensors.Add(
                    new TensorDifference
                    {
                        Tensor = vector.Name,
                        Bits = x.Length * 8L,
                        ViasAdded = change.Added,
                        ViasRemoved = change.Removed,
                    }
                );
            }

            offset += 4L * vector.Count;
        }

        tensors.AddRange(b.Vectors.Where(v => inB.ContainsKey(v.Name)).Select(v => Absent(v.Name, "first")));
    }

    /// <summary>Whether every bit has the same place on both chips: it follows from bank capacity and site grid alone.</summary>
    public static bool SameFabric(MaskImage a, MaskImage b) =>
        a.Fabric.Bank.CapacityBits.Equals(b.Fabric.Bank.CapacityBits) && a.Fabric.Sites == b.Fabric.Sites && a.Fabric.Dies == b.Fabric.Dies;

    private static long WeightsPositions(MaskImage a, MaskImage b, CancellationToken cancel)
    {
        long changed = 0;
        for (var site = 0; site < a.Straps.Count; site++)
        {
            cancel.ThrowIfCancellationRequested();
            changed += Xor(a.Bank(site), b.Bank(site)).Changed;
        }

        const int part = 1 << 20;
        for (long from = 0; from < Math.Max(a.VectorBytes, b.VectorBytes); from += part)
            changed += Xor(VectorPart(a, from, part), VectorPart(b, from, part)).Changed;
        return changed;
    }

    private static byte[] VectorPart(MaskImage image, long from, int length)
    {
        var bytes = new byte[(int)Math.Clamp(image.VectorBytes - from, 0, length)];
        image.ReadVectors(Math.Min(from, image.VectorBytes), bytes);
        return bytes;
    }

    // Beyond the end of the shorter one there are no vias.
    private static (long Added, long Removed, long Changed) Xor(ReadOnlySpan<byte> a, ReadOnlySpan<byte> b)
    {
        long added = 0,
            removed = 0;
        for (var i = 0; i < Math.Max(a.Length, b.Length); i++)
        {
            int x = i < a.Length ? a[i] : 0,
                y = i < b.Length ? b[i] : 0;
            added += BitOperations.PopCount((uint)(y & ~x));
            removed += BitOperations.PopCount((uint)(x & ~y));
        }

        return (added, removed, added + removed);
    }

    private static TensorDifference Absent(string tensor, string where) => Incomparable(tensor, $"absent from the {where} image");

    private static TensorDifference Incomparable(string tensor, string why) =>
        new()
        {
            Tensor = tensor,
            Bits = 0,
            ViasAdded = 0,
            ViasRemoved = 0,
            Incomparable = why,
        };
}
