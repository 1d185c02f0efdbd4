namespace TaalasSim.Runtime.Kernels.Cpu;

/// <summary>Decodes the block rows of a format.</summary>
internal abstract unsafe class RowSpreader
{
    /// <summary>Decodes a block row; minima only of formats that have them (see
    /// <see cref="ChipModel.Formats.IntegerFormat.HasMinimum"/>).</summary>
    /// <param name="row">The block row.</param>
    /// <param name="columns">Columns in use, 1…16; the others may be left as they are.</param>
    /// <param name="to">Takes the row.</param>
    public abstract void Spread(byte* row, int columns, SpreadRow* to);
}
