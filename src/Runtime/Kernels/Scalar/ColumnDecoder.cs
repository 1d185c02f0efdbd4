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
            var bytes = segment.Rows / format.BlockWeights * format.BlockBytes;
            if (blocks.Length < bytes)
                blocks = new byte[bytes];
            var count = bytes / format.BlockBytes;
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

            var to = values.Slice(segment.InputStart, segment.Rows);
            format.Decode(blocks.AsSpan(0, bytes), to, matrix.ColumnScales == 0 ? 1 : ((float*)matrix.ColumnScales)[index]);
        }
    }

    private void Read(MappedWeights rows, nint address, int bytes)
    {
        if (panelBytes.Length < bytes)
            panelBytes = new byte[bytes];
        rows.Read(address, panelBytes.AsSpan(0, bytes));
    }
}
