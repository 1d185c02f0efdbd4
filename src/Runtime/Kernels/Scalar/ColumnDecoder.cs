using TaalasSim.ChipModel.Formats;
using TaalasSim.ChipModel.MaskLayers;
using TaalasSim.Runtime.Kernels.Contract;

namespace TaalasSim.Runtime.Kernels.Scalar;

/// <summary>Dequantises single outputs of a matrix (rows of an embedding table) from its panels. Allocates nothing once its buffer has
/// grown.</summary>
internal sealed unsafe class ColumnDecoder
{
    private byte[] blocks = [];
    private byte[] panelBytes = [];
    private CodeFormat? known;
    private float[] last = [];
    private int[] units = [];

    /// <summary>Weights of output <paramref name="index"/>, one per input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The matrix has no such output.</exception>
    public void Decode(BankedMatrix matrix, int index, Span<float> values)
    {
        var format = matrix.Format;
        if ((uint)index >= (uint)matrix.Outputs)
            throw new ArgumentOutOfRangeException(nameof(index), index, $"the table has rows 0 to {matrix.Outputs - 1}");
        if (!ReferenceEquals(format, known))
        {
            known = format;
            units = [.. format.Units];
        }

        var panel = index / PanelLayout.Columns;
        for (var s = 0; s < matrix.Segments; s++)
        {
            var segment = matrix.Panels[(panel * matrix.Segments) + s];
            // The fabric's formats fill their last block up with zeros.
            var count = (segment.Rows + format.BlockWeights - 1) / format.BlockWeights;
            var bytes = count * format.BlockBytes;
            if (blocks.Length < bytes)
                blocks = new byte[bytes];
            if (matrix.Rows is not null)
                Read(matrix.Rows, segment.Address, checked((int)(count * PanelLayout.BlockRowBytes(format))));
            fixed (
                byte* target = blocks,
                    read = panelBytes
            )
            {
                var source = matrix.Rows is null ? (byte*)segment.Address : read;
                for (var b = 0; b < count; b++)
                    PanelBlocks.Gather(
                        units,
                        source + ((nint)b * PanelLayout.BlockRowBytes(format)),
                        index % PanelLayout.Columns,
                        target + (b * format.BlockBytes)
                    );
            }

            Decode(
                format,
                blocks.AsSpan(0, bytes),
                values.Slice(segment.InputStart, segment.Rows),
                matrix.ColumnScales == 0 ? 1 : ((float*)matrix.ColumnScales)[index]
            );
        }
    }

    private void Decode(CodeFormat format, ReadOnlySpan<byte> bytes, Span<float> to, float columnScale)
    {
        var rest = to.Length % format.BlockWeights;
        var whole = (to.Length - rest) / format.BlockWeights * format.BlockBytes;
        format.Decode(bytes[..whole], to[..^rest], columnScale);
        if (rest == 0)
            return;
        if (last.Length < format.BlockWeights)
            last = new float[format.BlockWeights];
        format.Decode(bytes[whole..], last.AsSpan(0, format.BlockWeights), columnScale);
        last.AsSpan(0, rest).CopyTo(to[^rest..]);
    }

    private void Read(MappedWeights rows, nint address, int bytes)
    {
        if (panelBytes.Length < bytes)
            panelBytes = new byte[bytes];
        rows.Read(address, panelBytes.AsSpan(0, bytes));
    }
}
